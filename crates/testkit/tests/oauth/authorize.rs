//! `GET /oauth2/authorize`: who is sent where.

use serde_json::json;

use super::{App, CALLBACK};
use crate::behaviour::OTHER_CLIENT;

/// The query of a place on the server itself.
fn at_login(location: &str) -> &str {
    location
        .strip_prefix("/login?")
        .unwrap_or_else(|| panic!("not the sign-in page: {location}"))
}

#[tokio::test]
async fn a_stranger_goes_to_the_sign_in_page_with_the_query_as_it_came() {
    let app = App::new().await;
    let state = "a b&c=d/é\"{}";
    let answer = app
        .authorize(&[("state", state), ("login_hint", "ann@example.com")], None)
        .await;
    let query = at_login(answer.location());
    assert!(query.contains("state=a%20b%26c%3Dd%2F%C3%A9%22%7B%7D"), "{query}");
    assert!(query.contains("login_hint=ann%40example.com"), "{query}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn whoever_is_signed_in_goes_back_with_a_code_at_once() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let answer = app
        .authorize(&[("state", "a b&\"é"), ("nonce", "n")], Some(&cookie))
        .await;
    assert!(
        answer.location().starts_with(&format!("{CALLBACK}?code=")),
        "{}",
        answer.location()
    );
    assert_eq!(answer.given("state").as_deref(), Some("a b&\"é"));
    assert!(answer.location().is_ascii());
}

#[tokio::test]
async fn an_answer_follows_the_query_that_a_callback_has() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let callback = "https://app.example/other?tenant=1";
    let answer = app.authorize(&[("redirect_uri", callback)], Some(&cookie)).await;
    assert!(
        answer.location().starts_with(&format!("{callback}&code=")),
        "{}",
        answer.location()
    );
    let answer = app
        .authorize(&[("redirect_uri", "myapp://callback")], Some(&cookie))
        .await;
    assert!(answer.location().starts_with("myapp://callback?code="));
}

#[tokio::test]
async fn nobody_is_sent_to_a_place_that_is_not_registered_to_the_letter() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    for altered in [
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/Callback",
        "https://APP.example/callback",
        "HTTPS://app.example/callback",
        "http://app.example/callback",
        "https://app.example:443/callback",
        "https://app.example/./callback",
        "https://app.example/other",
        "https://app.example@evil.example/callback",
        "https://user@app.example/callback",
        "https://app.example.evil.example/callback",
        "https://app.example/callback\u{0}",
        "https://app.example/callback ",
        "//app.example/callback",
        "http://localhost:3001/",
        "javascript:alert(1)",
    ] {
        let answer = app
            .authorize(&[("redirect_uri", altered), ("state", "s")], Some(&cookie))
            .await;
        let place = format!("/error?error=redirect_mismatch&client_id={}", app.client);
        assert_eq!(answer.location(), place, "{altered}");
    }
}

#[tokio::test]
async fn without_an_app_client_or_a_callback_there_is_an_error_page() {
    let app = App::new().await;
    let unknown = app.authorize(&[("client_id", "nobody")], None).await;
    assert_eq!(
        unknown.location(),
        "/error?error=unauthorized_client&client_id=nobody"
    );
    let injected = app
        .authorize(&[("client_id", "x\r\nSet-Cookie: a=b&error=c")], None)
        .await;
    assert_eq!(
        injected.location(),
        "/error?error=unauthorized_client&client_id=x%0D%0ASet-Cookie%3A%20a%3Db%26error%3Dc"
    );
    let without = app.authorize(&[("client_id", "")], None).await;
    assert_eq!(without.location(), "/error?error=invalid_request&client_id=");
    let no_callback = app.authorize(&[("redirect_uri", "")], None).await;
    assert!(
        no_callback
            .location()
            .starts_with("/error?error=redirect_mismatch")
    );
    let not_utf8 = app.http.get(app.at("/oauth2/authorize?client_id=%FF"));
    let answer = app.send(not_utf8).await;
    assert_eq!(answer.location(), "/error?error=invalid_request&client_id=");
}

#[tokio::test]
async fn a_callback_of_another_app_is_none_of_this_one() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let answer = app.authorize(&[("client_id", OTHER_CLIENT)], Some(&cookie)).await;
    let place = format!("/error?error=redirect_mismatch&client_id={OTHER_CLIENT}");
    assert_eq!(answer.location(), place);
}

#[tokio::test]
async fn a_default_callback_stands_in_for_none() {
    let app = App::with(json!({ "DefaultRedirectURI": CALLBACK })).await;
    let code = app.code(&[("redirect_uri", "")]).await;
    let answer = app.redeem(&code, &[("redirect_uri", "")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // A request that named it has to name it again.
    let code = app.code(&[]).await;
    let answer = app.redeem(&code, &[("redirect_uri", "")]).await;
    assert_eq!(answer.error(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn what_is_wrong_with_the_rest_is_told_to_the_app() {
    let app =
        App::with(json!({ "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "email"] })).await;
    let cookie = app.signed_in("ann").await;
    for (changed, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "id_token"), "invalid_request"),
        (("scope", "openid profile"), "invalid_scope"),
        (("scope", "openid api/read"), "invalid_scope"),
        (("scope", "email"), "invalid_scope"),
        (("prompt", "none login"), "invalid_request"),
        (("prompt", "create"), "invalid_request"),
        (("max_age", "soon"), "invalid_request"),
        (("identity_provider", "Google"), "invalid_request"),
        (("idp_identifier", "corp"), "invalid_request"),
        (("code_challenge_method", "S256"), "invalid_request"),
    ] {
        let answer = app
            .authorize(&[changed, ("state", "s\r\nX: y")], Some(&cookie))
            .await;
        assert!(
            answer.location().starts_with(&format!("{CALLBACK}?")),
            "{changed:?}"
        );
        assert_eq!(answer.given("error").as_deref(), Some(error), "{changed:?}");
        assert_eq!(answer.given("state").as_deref(), Some("s\r\nX: y"), "{changed:?}");
        assert_eq!(answer.given("code"), None, "{changed:?}");
    }
    let implicit = app
        .authorize(&[("response_type", "token"), ("state", "s")], Some(&cookie))
        .await;
    assert!(
        implicit.location().starts_with(&format!("{CALLBACK}#")),
        "{}",
        implicit.location()
    );
    assert_eq!(implicit.given("error").as_deref(), Some("unauthorized_client"));
}

#[tokio::test]
async fn a_parameter_stands_once() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    for (twice, place) in [
        (("client_id", "x"), "/error?error=invalid_request"),
        (("redirect_uri", CALLBACK), "/error?error=invalid_request"),
        (("state", "2"), CALLBACK),
        (("scope", "openid"), CALLBACK),
        (("response_type", "token"), CALLBACK),
    ] {
        let pairs = [
            ("response_type", "code"),
            ("client_id", app.client.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("state", "1"),
            twice,
        ];
        let answer = app.get("/oauth2/authorize", &pairs, Some(&cookie)).await;
        assert!(
            answer.location().starts_with(place),
            "{twice:?}: {}",
            answer.location()
        );
        assert_eq!(
            answer.given("error").as_deref(),
            Some("invalid_request"),
            "{twice:?}"
        );
    }
}

#[tokio::test]
async fn an_app_client_that_is_not_for_these_endpoints_gets_nothing() {
    let app = App::with(json!({ "AllowedOAuthFlowsUserPoolClient": false })).await;
    let cookie = app.signed_in("ann").await;
    let answer = app.authorize(&[], Some(&cookie)).await;
    assert_eq!(answer.given("error").as_deref(), Some("unauthorized_client"));
}

#[tokio::test]
async fn a_stranger_s_host_name_changes_nothing_that_is_handed_out() {
    let app = App::new().await;
    let query = super::encoded(&[
        ("response_type", "code"),
        ("client_id", &app.client),
        ("redirect_uri", CALLBACK),
    ]);
    for host in [
        "evil.example",
        "evil.example:80",
        "x.auth.us-east-1.amazoncognito.com",
    ] {
        let request = app.http.get(app.at(&format!("/oauth2/authorize?{query}")));
        let answer = app
            .send(request.header(super::HOST, host).header("x-forwarded-host", host))
            .await;
        assert_eq!(answer.location(), format!("/login?{query}"), "{host}");
    }
}
