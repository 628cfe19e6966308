//! The session of a browser: who is known without being asked again.

use pool::time::Span;
use serde_json::json;

use super::{App, POOL, SET_COOKIE};
use crate::behaviour::{NEXT, OTHER_POOL, Pool};

/// Whether a browser with this cookie is sent back with a code at once.
async fn is_known(app: &App, cookie: &str, changed: &[(&str, &str)]) -> bool {
    let answer = app.authorize(changed, Some(cookie)).await;
    let has_code = answer.given("code").is_some();
    assert_eq!(
        has_code,
        !answer.location().starts_with("/login?"),
        "{}",
        answer.location()
    );
    has_code
}

#[tokio::test]
async fn a_session_lasts_an_hour_and_use_does_not_extend_it() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    assert!(is_known(&app, &cookie, &[]).await);
    app.pool.wait(Span::minutes(59));
    assert!(is_known(&app, &cookie, &[]).await);
    app.pool.wait(Span::minutes(1));
    assert!(!is_known(&app, &cookie, &[]).await);
}

#[tokio::test]
async fn one_sign_in_serves_all_app_clients_of_the_pool() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let other = app.pool.app_client(super::settings()).await;
    assert!(is_known(&app, &cookie, &[("client_id", &other)]).await);
}

#[tokio::test]
async fn a_session_of_one_pool_is_none_of_another() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let mut there = super::settings();
    super::merge(
        &mut there,
        json!({ "UserPoolId": OTHER_POOL, "ClientName": "there" }),
    );
    let made = app.pool.done("CreateUserPoolClient", there).await;
    let other = super::text(&made["UserPoolClient"], "ClientId").to_owned();
    assert!(!is_known(&app, &cookie, &[("client_id", &other)]).await);
}

#[tokio::test]
async fn prompt_none_asks_nobody() {
    let app = App::new().await;
    let answer = app.authorize(&[("prompt", "none"), ("state", "s")], None).await;
    assert_eq!(answer.given("error").as_deref(), Some("login_required"));
    assert_eq!(answer.given("state").as_deref(), Some("s"));
    let cookie = app.signed_in("ann").await;
    assert!(is_known(&app, &cookie, &[("prompt", "none")]).await);
}

#[tokio::test]
async fn prompt_login_and_a_low_age_ask_who_is_known() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    assert!(!is_known(&app, &cookie, &[("prompt", "login")]).await);
    assert!(!is_known(&app, &cookie, &[("prompt", "select_account")]).await);
    assert!(is_known(&app, &cookie, &[("prompt", "consent")]).await);
    app.pool.wait(Span::seconds(60));
    assert!(is_known(&app, &cookie, &[("max_age", "60")]).await);
    assert!(!is_known(&app, &cookie, &[("max_age", "59")]).await);
    let silent = app
        .authorize(&[("max_age", "59"), ("prompt", "none")], Some(&cookie))
        .await;
    assert_eq!(silent.given("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn the_time_of_the_sign_in_is_the_session_s() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    app.pool.wait(Span::minutes(10));
    let code = app
        .authorize(&[], Some(&cookie))
        .await
        .given("code")
        .expect("a code");
    let tokens = app.redeem(&code, &[]).await.json();
    let claims = crate::behaviour::claims(super::text(&tokens, "id_token"));
    let age = claims["iat"].as_i64().unwrap() - claims["auth_time"].as_i64().unwrap();
    assert_eq!(age, 600);
}

/// What happens to ann ends the session that she has.
async fn ends(what: impl AsyncFnOnce(&Pool)) {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    assert!(is_known(&app, &cookie, &[]).await);
    app.pool.wait(Span::seconds(1));
    what(&app.pool).await;
    assert!(!is_known(&app, &cookie, &[]).await);
}

#[tokio::test]
async fn a_sign_out_everywhere_ends_a_session_and_the_next_sign_in_is_good() {
    ends(async |pool| {
        pool.admin("AdminUserGlobalSignOut", "ann", json!({})).await;
    })
    .await;
    let app = App::new().await;
    app.pool.admin("AdminUserGlobalSignOut", "ann", json!({})).await;
    let at_once = app.signed_in("ann").await;
    assert!(is_known(&app, &at_once, &[]).await);
}

#[tokio::test]
async fn disabled_deleted_and_reset_users_are_not_known() {
    ends(async |pool| {
        pool.admin("AdminDisableUser", "ann", json!({})).await;
    })
    .await;
    ends(async |pool| {
        pool.admin("AdminDeleteUser", "ann", json!({})).await;
    })
    .await;
    ends(async |pool| {
        pool.admin("AdminResetUserPassword", "ann", json!({})).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_sessions_of_the_old_one() {
    ends(async |pool| pool.set_password("ann", NEXT).await).await;
}

#[tokio::test]
async fn what_is_no_session_is_nobody_s() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let half = &cookie[..cookie.len() / 2];
    for wrong in ["cognito=", "cognito=x", "cognito", half, "other=x"] {
        assert!(!is_known(&app, wrong, &[]).await, "{wrong}");
    }
    // A code, sealed by the same server, is no session either.
    let code = app.code(&[]).await;
    assert!(!is_known(&app, &format!("cognito={code}"), &[]).await);
}

#[tokio::test]
async fn a_user_who_comes_again_under_the_name_is_another() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    app.pool.admin("AdminDeleteUser", "ann", json!({})).await;
    app.pool
        .done(
            "AdminCreateUser",
            json!({ "UserPoolId": POOL, "Username": "ann", "MessageAction": "SUPPRESS" }),
        )
        .await;
    app.pool.set_password("ann", NEXT).await;
    assert!(!is_known(&app, &cookie, &[]).await);
}

#[tokio::test]
async fn authorize_sets_no_cookie_of_its_own() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    assert!(
        app.authorize(&[], Some(&cookie))
            .await
            .headers
            .get(SET_COOKIE)
            .is_none()
    );
    assert!(app.authorize(&[], None).await.headers.get(SET_COOKIE).is_none());
}
