//! `response_type=token`: tokens in the fragment.

use std::num::NonZeroUsize;
use std::sync::Arc;

use serde_json::json;
use testkit::{Options, ThriftyEntropy};
use tokio::task::JoinSet;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn while_the_cores_have_more_to_do_than_they_can_the_app_may_come_again() {
    let options = Options {
        cores: NonZeroUsize::MIN,
        entropy: Arc::new(ThriftyEntropy::default()),
        ..Options::default()
    };
    let app = Arc::new(App::over(options, "", json!({})).await);
    let cookie = app.signed_in("ann").await;
    let mut browsers = JoinSet::new();
    // More than can wait for one core.
    for _ in 0..1_000 {
        let (app, cookie) = (Arc::clone(&app), cookie.clone());
        browsers.spawn(async move {
            let answer = app.authorize(&[TOKEN, ("state", "s")], Some(&cookie)).await;
            assert_eq!(answer.given("state").as_deref(), Some("s"));
            match answer.given("error") {
                None => answer.given("access_token").is_some(),
                Some(error) => {
                    assert_eq!(error, "temporarily_unavailable");
                    false
                }
            }
        });
    }
    let answers = browsers.join_all().await;
    let served = answers.iter().filter(|is_served| **is_served).count();
    assert!((256..1_000).contains(&served), "{served} were served");
    // A code costs no signature: nobody waits for a core, or is turned away.
    assert!(app.authorize(&[], Some(&cookie)).await.given("code").is_some());
}
