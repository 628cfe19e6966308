//! Clients who want the same name, the same address or to be the same person, at once on two nodes.

use rehome::api_client::{Answer, ApiClient};
use serde_json::{Value, json};
use tokio::join;

use super::Asked;
use super::caller::{Call, Caller, Told, nothing, sub};
use super::clients::{CLIENT, PASSWORD, POOL};

/// Each name is wanted by two, who ask different nodes. In the end all that were given are looked for.
pub(super) async fn contest(caller: Caller, n: usize) {
    let mut given = Vec::new();
    let mut round = 0;
    while caller.goes_on() {
        let name = format!("{n}-{round}");
        let claimed = match round % 3 {
            0 => by_sign_up(&caller, &name).await,
            1 => by_address(&caller, &name).await,
            _ => by_preference(&caller, &name).await,
        };
        let node = caller.any();
        find(&caller, node, &claimed).await;
        given.push(claimed);
        round += 1;
    }
    sure_of(&caller, &given).await;
}

/// People of the old pool sign in for the first time, each on two nodes at once.
pub(super) async fn move_in(caller: Caller, old_users: usize) {
    let mut moved = Vec::new();
    for n in 0..old_users {
        if !caller.goes_on() {
            break;
        }
        let name = format!("old{n}");
        let [one, other] = caller.two();
        join!(
            first_sign_in(&caller, one, &name),
            first_sign_in(&caller, other, &name)
        );
        moved.push(name);
    }
    sure_of(&caller, &moved).await;
}

/// Who signed up confirms it twice at once with one code.
pub(super) async fn confirm(caller: Caller) {
    let mut round = 0;
    while caller.goes_on() {
        let name = format!("code-{round}");
        round += 1;
        let [one, other] = caller.two();
        let call = sign_up(&name, &format!("{name}@example.com"));
        let Told::Done(_) = caller
            .note(one, Asked::Claim(name.clone()), call, |answer| {
                answer.text("/UserSub").to_owned()
            })
            .await
        else {
            continue;
        };
        let Ok(code) = one.newest_code(POOL, &format!("{name}@example.com")).await else {
            caller
                .history
                .surprise(format!("no code for {name}, whose sign-up was acknowledged"));
            continue;
        };
        let confirm = || Call {
            operation: "ConfirmSignUp",
            body: json!({ "ClientId": CLIENT, "Username": name, "ConfirmationCode": code }),
            refusals: &[
                "NotAuthorizedException",
                "ExpiredCodeException",
                "CodeMismatchException",
            ],
        };
        let asked = || Asked::Use(format!("the code of {name}"));
        join!(
            caller.note(one, asked(), confirm(), nothing),
            caller.note(other, asked(), confirm(), nothing)
        );
    }
}

async fn by_sign_up(caller: &Caller, name: &str) -> String {
    let username = format!("name-{name}");
    let [one, other] = caller.two();
    let claim = async |node, address: &str| {
        let asked = Asked::Claim(username.clone());
        let who = |answer: &Answer| answer.text("/UserSub").to_owned();
        caller.note(node, asked, sign_up(&username, address), who).await
    };
    let addresses = ["a", "b"].map(|which| format!("{which}-{name}@example.com"));
    join!(claim(one, &addresses[0]), claim(other, &addresses[1]));
    username
}

fn sign_up<'c>(username: &str, address: &str) -> Call<'c> {
    Call {
        operation: "SignUp",
        body: json!({
            "ClientId": CLIENT, "Username": username, "Password": PASSWORD,
            "UserAttributes": [{ "Name": "email", "Value": address }],
        }),
        refusals: &["UsernameExistsException"],
    }
}

async fn by_address(caller: &Caller, name: &str) -> String {
    let address = format!("both-{name}@example.com");
    let [one, other] = caller.two();
    let attributes = json!([
        { "Name": "email", "Value": address }, { "Name": "email_verified", "Value": "true" },
    ]);
    let claim = async |node, which: &str| {
        let call = create(&format!("{which}-{name}"), &attributes);
        caller.note(node, Asked::Claim(address.clone()), call, sub).await
    };
    join!(claim(one, "c"), claim(other, "d"));
    address
}

fn create<'c>(username: &str, attributes: &Value) -> Call<'c> {
    Call {
        operation: "AdminCreateUser",
        body: json!({
            "UserPoolId": POOL, "Username": username, "MessageAction": "SUPPRESS", "TemporaryPassword": PASSWORD,
            "UserAttributes": attributes,
        }),
        refusals: &["UsernameExistsException", "AliasExistsException"],
    }
}

async fn by_preference(caller: &Caller, name: &str) -> String {
    let preferred = format!("preferred-{name}");
    let claim = async |node: &ApiClient, which: &str| {
        let username = format!("{which}-{name}");
        let made = caller
            .note(
                node,
                Asked::Claim(username.clone()),
                create(&username, &json!([])),
                sub,
            )
            .await;
        let Told::Done(made) = made else { return };
        let call = Call {
            operation: "AdminUpdateUserAttributes",
            body: json!({
                "UserPoolId": POOL, "Username": username,
                "UserAttributes": [{ "Name": "preferred_username", "Value": preferred }],
            }),
            refusals: &["AliasExistsException"],
        };
        let asked = Asked::Claim(preferred.clone());
        caller.note(node, asked, call, |_| sub(&made)).await;
    };
    let [one, other] = caller.two();
    join!(claim(one, "e"), claim(other, "f"));
    preferred
}

async fn first_sign_in(caller: &Caller, node: &ApiClient, name: &str) {
    let begun = caller.history.now();
    let call = Call {
        operation: "InitiateAuth",
        body: json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
            "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
        }),
        refusals: &[],
    };
    if let Told::Done(answer) = caller.ask(node, call).await {
        // Who that was says the bearer's own record.
        let who = Call {
            operation: "GetUser",
            body: json!({ "AccessToken": answer.text("/AuthenticationResult/AccessToken") }),
            refusals: &[],
        };
        if let Told::Done(answer) = caller.ask(node, who).await {
            let outcome = super::Outcome::Done(sub(&answer));
            caller.history.note(Asked::Claim(name.to_owned()), begun, outcome);
        }
    }
}

async fn find(caller: &Caller, node: &ApiClient, name: &str) -> Told {
    let call = Call {
        operation: "AdminGetUser",
        body: json!({ "UserPoolId": POOL, "Username": name }),
        refusals: &["UserNotFoundException"],
    };
    caller.note(node, Asked::Find(name.to_owned()), call, sub).await
}

/// Looks for all names on every node until each has said whose they are.
async fn sure_of(caller: &Caller, names: &[String]) {
    for name in names {
        for node in caller.nodes.iter() {
            while matches!(find(caller, node, name).await, Told::Unknown) {}
        }
    }
}
