//! `response_type=token`: tokens in the fragment.

use serde_json::json;

use super::{App, CALLBACK};
use crate::behaviour::claims;

const TOKEN: (&str, &str) = ("response_type", "token");

#[tokio::test]
async fn tokens_come_in_the_fragment_without_a_refresh_token() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let asked = [TOKEN, ("nonce", "n"), ("state", "s t"), ("scope", "openid email")];
    let answer = app.authorize(&asked, Some(&cookie)).await;
    assert!(
        answer.location().starts_with(&format!("{CALLBACK}#")),
        "{}",
        answer.location()
    );
    let given = |name| answer.given(name);
    assert_eq!(given("state").as_deref(), Some("s t"));
    assert_eq!(
        (given("token_type").as_deref(), given("expires_in").as_deref()),
        (Some("Bearer"), Some("3600"))
    );
    assert_eq!(given("refresh_token"), None);
    assert_eq!(given("code"), None);
    let id = claims(&given("id_token").expect("an ID token"));
    assert_eq!(
        (&id["nonce"], &id["email"]),
        (&json!("n"), &json!("ann@example.com"))
    );
    let access = given("access_token").expect("an access token");
    assert_eq!(claims(&access)["scope"], "openid email");
    assert_eq!(app.user_info(&access).await.status, 200);
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let asked = [TOKEN, ("scope", "aws.cognito.signin.user.admin")];
    let answer = app.authorize(&asked, Some(&cookie)).await;
    assert!(answer.given("access_token").is_some());
    assert_eq!(answer.given("id_token"), None);
}

#[tokio::test]
async fn an_error_comes_in_the_fragment_too() {
    let app = App::with(json!({ "ReadAttributes": ["email"] })).await;
    let nobody = app.authorize(&[TOKEN, ("prompt", "none")], None).await;
    assert!(
        nobody
            .location()
            .starts_with(&format!("{CALLBACK}#error=login_required")),
        "{}",
        nobody.location()
    );
    let cookie = app.signed_in("ann").await;
    let unreadable = app
        .authorize(&[TOKEN, ("scope", "openid email")], Some(&cookie))
        .await;
    assert_eq!(unreadable.given("error").as_deref(), Some("invalid_scope"));
    assert_eq!(unreadable.given("access_token"), None);
}
