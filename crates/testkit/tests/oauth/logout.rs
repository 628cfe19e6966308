//! `GET /logout`.

use super::{App, BYE, CALLBACK, SET_COOKIE};

#[tokio::test]
async fn the_session_ends_and_the_person_goes_to_the_app_s_page() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let query = [("client_id", app.client.as_str()), ("logout_uri", BYE)];
    let answer = app.get("/logout", &query, Some(&cookie)).await;
    assert_eq!(answer.location(), BYE);
    assert_eq!(
        answer.header(SET_COOKIE.as_str()),
        "cognito=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    );
}

#[tokio::test]
async fn nobody_is_sent_to_a_place_that_is_not_registered() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    for altered in [
        CALLBACK,
        "https://app.example/bye/",
        "https://app.example/bye?x=1",
        "https://app.example/BYE",
        "https://evil.example/",
        "//evil.example",
        "https://app.example@evil.example/bye",
        "javascript:alert(1)",
        "/login",
    ] {
        let query = [("client_id", app.client.as_str()), ("logout_uri", altered)];
        let answer = app.get("/logout", &query, Some(&cookie)).await;
        let place = format!("/error?error=redirect_mismatch&client_id={}", app.client);
        assert_eq!(answer.location(), place, "{altered}");
        assert!(answer.headers.get(SET_COOKIE).is_none(), "{altered}");
    }
}

#[tokio::test]
async fn an_app_client_is_named_and_known() {
    let app = App::new().await;
    let nobody = app.get("/logout", &[("logout_uri", BYE)], None).await;
    assert_eq!(nobody.location(), "/error?error=invalid_request&client_id=");
    let unknown = app
        .get("/logout", &[("client_id", "x"), ("logout_uri", BYE)], None)
        .await;
    assert_eq!(unknown.location(), "/error?error=unauthorized_client&client_id=x");
    let query = [
        ("client_id", app.client.as_str()),
        ("logout_uri", BYE),
        ("logout_uri", "https://evil.example"),
    ];
    let twice = app.get("/logout", &query, None).await;
    assert!(twice.location().starts_with("/error?error=invalid_request"));
}

#[tokio::test]
async fn with_the_parameters_of_a_sign_in_another_one_begins() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let query = [
        ("client_id", app.client.as_str()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("state", "s t"),
    ];
    let answer = app.get("/logout", &query, Some(&cookie)).await;
    assert_eq!(answer.location(), format!("/login?{}", super::encoded(&query)));
    assert!(answer.header(SET_COOKIE.as_str()).starts_with("cognito=;"));
    let query = [
        ("client_id", app.client.as_str()),
        ("redirect_uri", BYE),
        ("response_type", "code"),
    ];
    let answer = app.get("/logout", &query, Some(&cookie)).await;
    assert!(
        answer.location().starts_with("/error?error=redirect_mismatch"),
        "{}",
        answer.location()
    );
}
