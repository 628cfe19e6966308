//! The end of sign-ins before their time, and refresh tokens that rotate.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod global_sign_out;
mod revoke_token;
mod rotation;
mod rotation_at_once;

use serde_json::{Value, json};

use behaviour::{NOT_AUTHORIZED, POOL, Pool, Seen, merge, refusal};

fn revoked_access() -> Seen {
    refusal(NOT_AUTHORIZED, "Access Token has been revoked")
}

fn revoked_refresh() -> Seen {
    refusal(NOT_AUTHORIZED, "Refresh Token has been revoked")
}

/// What the operations here answer when they have done it.
fn done() -> Seen {
    (200, json!({}))
}

/// `RevokeToken`, with further members.
async fn revoke_with(pool: &Pool, client: &str, token: &str, rest: Value) -> Seen {
    let mut body = json!({ "ClientId": client, "Token": token });
    merge(&mut body, rest);
    pool.call("RevokeToken", body).await
}

async fn revoke(pool: &Pool, client: &str, token: &str) -> Seen {
    revoke_with(pool, client, token, json!({})).await
}

/// `GetTokensFromRefreshToken`, with further members.
async fn get_tokens_with(pool: &Pool, client: &str, token: &str, rest: Value) -> Seen {
    let mut body = json!({ "ClientId": client, "RefreshToken": token });
    merge(&mut body, rest);
    pool.call("GetTokensFromRefreshToken", body).await
}

async fn get_tokens(pool: &Pool, client: &str, token: &str) -> Seen {
    get_tokens_with(pool, client, token, json!({})).await
}

/// Changes an app client's settings.
async fn update(pool: &Pool, client: &str, settings: Value) {
    let mut body = json!({ "UserPoolId": POOL, "ClientId": client });
    merge(&mut body, settings);
    pool.done("UpdateUserPoolClient", body).await;
}
