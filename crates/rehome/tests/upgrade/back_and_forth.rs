//! This release takes over what the last one has left, and gives it back.

use rehome::api_client::{Answer, ApiClient};
use serde_json::{Value, json};
use testkit::postgres::Cluster;

use crate::home::{Home, Release, stop};

const POOL: &str = "us-east-1_Back00001";
const CLIENT: &str = "backclient";
const PASSWORD: &str = "Right-Password-1";
const ANOTHER: &str = "Another-Password-2";

fn pools() -> String {
    format!(
        "[[user_pools]]\nid = \"{POOL}\"\nauto_verified_attributes = [\"email\"]\n\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = \
         [\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"] }}]\n"
    )
}

/// Somebody who has come in the time of one release and is to be known in that of the next.
struct Person {
    name: String,
    access: String,
    refresh: String,
    /// Sent and not used yet: of the sign-up, then of a forgotten password.
    code: String,
}

async fn ok(api: &ApiClient, operation: &str, body: Value) -> Answer {
    let answer = api.call(operation, &body).await.unwrap();
    assert_eq!(answer.status, 200, "{operation}: {answer:?}");
    answer
}

async fn sign_in(api: &ApiClient, name: &str, password: &str) -> Answer {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": name, "PASSWORD": password },
    });
    api.call("InitiateAuth", &body).await.unwrap()
}

impl Person {
    /// Signs up and signs in, and has forgotten the password by the end; beside them somebody who has only signed up.
    async fn comes(api: &ApiClient, name: &str) -> Self {
        for name in [name.to_owned(), beside(name)] {
            let sign_up = json!({
                "ClientId": CLIENT, "Username": name, "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": format!("{name}@example.com") }],
            });
            ok(api, "SignUp", sign_up).await;
        }
        let confirm = json!({
            "ClientId": CLIENT, "Username": name,
            "ConfirmationCode": code(api, name).await,
        });
        ok(api, "ConfirmSignUp", confirm).await;
        let tokens = sign_in(api, name, PASSWORD).await;
        let token = |kind: &str| tokens.text(&format!("/AuthenticationResult/{kind}")).to_owned();
        ok(
            api,
            "ForgotPassword",
            json!({ "ClientId": CLIENT, "Username": name }),
        )
        .await;
        Self {
            name: name.to_owned(),
            access: token("AccessToken"),
            refresh: token("RefreshToken"),
            code: code(api, name).await,
        }
    }

    /// What they have counts still.
    async fn is_known(&self, api: &ApiClient) {
        let user = ok(api, "GetUser", json!({ "AccessToken": self.access })).await;
        assert_eq!(user.text("/Username"), self.name);
        let refresh = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": CLIENT,
            "AuthParameters": { "REFRESH_TOKEN": self.refresh },
        });
        assert!(ok(api, "InitiateAuth", refresh).await.has_tokens());
    }

    /// The code that another release has sent sets another password.
    async fn remembers(&self, api: &ApiClient) {
        let confirm = json!({
            "ClientId": CLIENT, "Username": self.name, "ConfirmationCode": self.code, "Password": ANOTHER,
        });
        ok(api, "ConfirmForgotPassword", confirm).await;
    }
}

fn beside(name: &str) -> String {
    format!("{name}-beside")
}

async fn code(api: &ApiClient, name: &str) -> String {
    let address = format!("{name}@example.com");
    api.newest_code(POOL, &address).await.unwrap()
}

/// The last release, this one, and both once more, one after the other on what the one before has left.
async fn goes_back_and_forth(home: Home) {
    let mut people = Vec::<Person>::new();
    let releases = [Release::Last, Release::This, Release::Last, Release::This];
    for (n, release) in releases.into_iter().enumerate() {
        let node = home.start(release);
        let api = &node.api;
        if let Some((newest, former)) = people.split_last() {
            newest.is_known(api).await;
            assert!(
                sign_in(api, &newest.name, PASSWORD).await.has_tokens(),
                "{release:?}"
            );
            newest.remembers(api).await;
            for person in former {
                person.is_known(api).await;
                assert!(
                    sign_in(api, &person.name, ANOTHER).await.has_tokens(),
                    "{release:?}"
                );
                let before = sign_in(api, &person.name, PASSWORD).await;
                assert_eq!(before.exception(), Some("NotAuthorizedException"));
            }
            let unconfirmed = sign_in(api, &beside(&newest.name), PASSWORD).await;
            assert_eq!(unconfirmed.exception(), Some("UserNotConfirmedException"));
        }
        people.push(Person::comes(api, &format!("person{n}")).await);
        let users = ok(api, "ListUsers", json!({ "UserPoolId": POOL })).await;
        assert_eq!(users.body["Users"].as_array().unwrap().len(), 2 * (n + 1));
        stop(node).await;
    }
    assert_eq!(home.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_goes_to_this_release_and_back() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let Some(mut home) = Home::new(&pools()) else {
        return;
    };
    home.set("--database-url", &database.url());
    home.set("--issuer", "aws");
    goes_back_and_forth(home).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_goes_to_this_release_and_back() {
    let Some(mut home) = Home::new(&pools()) else {
        return;
    };
    home.set("--issuer", "aws");
    goes_back_and_forth(home).await;
}
