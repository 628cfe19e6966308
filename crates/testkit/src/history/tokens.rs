//! Clients with refresh tokens that rotate, and clients who sign out everywhere.

use futures_util::future::join_all;
use rehome::api_client::ApiClient;
use serde_json::json;
use tokio::join;

use super::Asked;
use super::caller::{Call, Caller, Told, nothing};
use super::clients::{CLIENT, PASSWORD};

/// How those are called who refresh.
pub(super) const REFRESHES: &str = "refreshes";
/// How those are called who sign out.
pub(super) const SIGNS_OUT: &str = "leaves";

/// Redeems each refresh token twice at once, on two nodes; goes on with the one that came of it.
pub(super) async fn rotate(caller: Caller, n: usize, client: String) {
    let user = format!("{REFRESHES}{n}");
    let mut held = None;
    let mut number = 0;
    while caller.goes_on() {
        let Some(token) = held.take() else {
            held = signed_in(&caller, caller.any(), &user, &client)
                .await
                .map(|tokens| tokens.1);
            continue;
        };
        number += 1;
        let redeem = || Call {
            operation: "GetTokensFromRefreshToken",
            body: json!({ "ClientId": client, "RefreshToken": token }),
            refusals: &["RefreshTokenReuseException", "NotAuthorizedException"],
        };
        let asked = || Asked::Use(format!("refresh token {number} of {user}"));
        let [one, other] = caller.two();
        let (first, second) = join!(
            caller.note(one, asked(), redeem(), nothing),
            caller.note(other, asked(), redeem(), nothing)
        );
        held = [first, second].into_iter().find_map(|told| match told {
            Told::Done(answer) => {
                let next = answer.text("/AuthenticationResult/RefreshToken");
                (!next.is_empty()).then(|| next.to_owned())
            }
            _ => None,
        });
    }
}

/// Signs in, shows the tokens everywhere, signs out in the midst of it, and shows them again.
pub(super) async fn sign_out(caller: Caller, n: usize) {
    let user = format!("{SIGNS_OUT}{n}");
    let mut number = 0;
    while caller.goes_on() {
        let Some(tokens) = signed_in(&caller, caller.any(), &user, CLIENT).await else {
            continue;
        };
        number += 1;
        let bearer = format!("{user}'s sign-in {number}");
        let out = Call {
            operation: "GlobalSignOut",
            body: json!({ "AccessToken": tokens.0 }),
            refusals: &["NotAuthorizedException"],
        };
        let everywhere = || {
            join_all(
                caller
                    .nodes
                    .iter()
                    .map(|node| shows(&caller, node, &bearer, &tokens)),
            )
        };
        join!(
            caller.note(caller.any(), Asked::SignOut(bearer.clone()), out, nothing),
            everywhere()
        );
        everywhere().await;
    }
}

/// Shows both tokens to a node.
async fn shows(caller: &Caller, node: &ApiClient, bearer: &str, tokens: &(String, String)) {
    let refusals = &["NotAuthorizedException"];
    let access = Call {
        operation: "GetUser",
        body: json!({ "AccessToken": tokens.0 }),
        refusals,
    };
    let refresh = Call {
        operation: "InitiateAuth",
        body: json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": CLIENT, "AuthParameters": { "REFRESH_TOKEN": tokens.1 },
        }),
        refusals,
    };
    let asked = || Asked::Bear(bearer.to_owned());
    caller.note(node, asked(), access, nothing).await;
    caller.note(node, asked(), refresh, nothing).await;
}

/// An access token and a refresh token.
async fn signed_in(caller: &Caller, node: &ApiClient, user: &str, client: &str) -> Option<(String, String)> {
    let call = Call {
        operation: "InitiateAuth",
        body: json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
            "AuthParameters": { "USERNAME": user, "PASSWORD": PASSWORD },
        }),
        refusals: &[],
    };
    let Told::Done(answer) = caller.ask(node, call).await else {
        return None;
    };
    let token = |kind| answer.text(&format!("/AuthenticationResult/{kind}")).to_owned();
    Some((token("AccessToken"), token("RefreshToken")))
}
