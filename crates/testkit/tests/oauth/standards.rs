//! Points of the standards that no other test here is about, and where the pool leaves them as Cognito does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pool::time::Span;
use reqwest::Method;

use super::{AUTHORIZATION, App, BYE, CALLBACK, POOL, form, text};
use crate::behaviour::claims;

/// `at_hash` of an access token: OpenID Connect Core 1.0, section 3.1.3.6.
fn at_hash(access_token: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16])
}

#[tokio::test]
async fn the_issuer_is_one_to_the_letter_in_the_address_the_document_and_the_tokens() {
    let app = App::new().await;
    let path = format!("/{POOL}/.well-known/openid-configuration");
    let answer = app.get(&path, &[], None).await;
    assert!(answer.header("content-type").starts_with("application/json"));
    let document = answer.json();
    let issuer = text(&document, "issuer");
    assert_eq!(
        format!("{issuer}/.well-known/openid-configuration"),
        app.at(&path)
    );
    let tokens = app.tokens(&[]).await;
    for kind in ["id_token", "access_token"] {
        assert_eq!(claims(text(&tokens, kind))["iss"], issuer, "{kind}");
    }
}

#[tokio::test]
async fn a_subject_is_the_same_for_every_app_client_and_at_user_info() {
    let app = App::new().await;
    let other = App {
        client: app.pool.app_client(super::settings()).await,
        secret: None,
        http: app.http.clone(),
        pool: app.pool,
    };
    let tokens = other.tokens(&[]).await;
    let subject = claims(text(&tokens, "id_token"))["sub"].clone();
    let known = other.user_info(text(&tokens, "access_token")).await.json();
    assert_eq!(known["sub"], subject);
    let ann = App {
        client: crate::behaviour::LEGACY.to_owned(),
        ..other
    };
    let by_api = ann.pool.signed_in(&ann.client, "ann").await;
    assert_eq!(claims(&by_api.access)["sub"], subject);
}

#[tokio::test]
async fn parameters_that_are_not_known_change_nothing() {
    let app = App::new().await;
    for unknown in [
        ("display", "popup"),
        ("ui_locales", "ja"),
        ("acr_values", "urn:x"),
        ("claims", "{\"userinfo\":{}}"),
        ("id_token_hint", "x"),
        ("request", "x.y.z"),
        ("request_uri", "https://evil.example/request"),
        ("response_mode", "form_post"),
        ("resource", "https://api.example"),
        ("whatever", "1"),
    ] {
        let code = app.code(&[unknown]).await;
        assert_eq!(app.redeem(&code, &[]).await.status, 200, "{unknown:?}");
    }
}

#[tokio::test]
async fn the_authorize_endpoint_takes_get_alone() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let pairs = [
        ("response_type", "code"),
        ("client_id", app.client.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    let request = app
        .http
        .post(app.at("/oauth2/authorize"))
        .header("cookie", &cookie);
    let answer = app.send(form(request, &pairs)).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn the_token_and_revocation_endpoints_take_post_alone() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", app.client.as_str()),
    ];
    for method in [Method::GET, Method::PUT] {
        for path in ["/oauth2/token", "/oauth2/revoke"] {
            let url = app.at(&format!("{path}?{}", super::encoded(&pairs)));
            let answer = app.send(app.http.request(method.clone(), url)).await;
            assert!(
                (400..500).contains(&answer.status),
                "{method} {path}: {}",
                answer.status
            );
        }
    }
    assert_eq!(app.redeem(&code, &[]).await.status, 200, "the code is still good");
}

#[tokio::test]
async fn an_answer_does_not_name_the_issuer_as_cognitos_does_not() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    for response_type in ["code", "token"] {
        let answer = app
            .authorize(&[("response_type", response_type)], Some(&cookie))
            .await;
        assert_eq!(answer.given("iss"), None);
    }
    let path = format!("/{POOL}/.well-known/openid-configuration");
    let document = app.get(&path, &[], None).await.json();
    let promise = "authorization_response_iss_parameter_supported";
    assert_eq!(document.get(promise), None, "and none is promised");
}

#[tokio::test]
async fn an_id_token_in_the_fragment_is_tied_to_its_access_token_and_needs_no_nonce() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let asked = [("response_type", "token"), ("scope", "openid")];
    let answer = app.authorize(&asked, Some(&cookie)).await;
    let given = |name| answer.given(name).expect("a token");
    let id = claims(&given("id_token"));
    assert_eq!(id["at_hash"], at_hash(&given("access_token")));
    assert_eq!(id.get("nonce"), None);
}

#[tokio::test]
async fn an_id_token_of_a_refresh_speaks_of_the_same_sign_in() {
    let app = App::new().await;
    let tokens = app.tokens(&[("nonce", "n"), ("scope", "openid")]).await;
    app.pool.wait(Span::minutes(5));
    let newer = app.refresh(text(&tokens, "refresh_token")).await.json();
    let (before, after) = (
        claims(text(&tokens, "id_token")),
        claims(text(&newer, "id_token")),
    );
    for same in ["iss", "sub", "aud", "auth_time"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_ne!(before["iat"], after["iat"]);
    assert_eq!(after["at_hash"], at_hash(text(&newer, "access_token")));
}

#[tokio::test]
async fn a_refresh_gives_the_scopes_of_the_sign_in_whatever_it_asks_for() {
    let app = App::new().await;
    let tokens = app.tokens(&[("scope", "openid email")]).await;
    let refresh_token = ("refresh_token", text(&tokens, "refresh_token"));
    for scope in ["openid", "openid email phone"] {
        let pairs = [("grant_type", "refresh_token"), refresh_token, ("scope", scope)];
        let newer = app.post("/oauth2/token", &pairs).await.json();
        assert_eq!(
            claims(text(&newer, "access_token"))["scope"],
            "openid email",
            "{scope}"
        );
    }
}

#[tokio::test]
async fn a_hint_of_the_kind_of_token_changes_nothing_at_revocation() {
    let app = App::new().await;
    for hint in ["refresh_token", "access_token", "whatever"] {
        let tokens = app.tokens(&[]).await;
        let refresh_token = text(&tokens, "refresh_token");
        let pairs = [("token", refresh_token), ("token_type_hint", hint)];
        assert_eq!(app.post("/oauth2/revoke", &pairs).await.status, 200, "{hint}");
        assert_eq!(app.refresh(refresh_token).await.status, 400, "{hint}");
    }
}

#[tokio::test]
async fn a_token_in_the_body_opens_nothing_at_user_info() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let pairs = [("access_token", text(&tokens, "access_token"))];
    let answer = app
        .send(form(app.http.post(app.at("/oauth2/userInfo")), &pairs))
        .await;
    assert_eq!(answer.error(), (400, "invalid_request".to_owned()));
    let get = app.http.get(app.at("/oauth2/userInfo"));
    let other_scheme = get.header(AUTHORIZATION, format!("Token {}", pairs[0].1));
    assert_eq!(
        app.send(other_scheme).await.error(),
        (400, "invalid_request".to_owned())
    );
}

#[tokio::test]
async fn the_standard_s_own_parameters_of_a_log_out_lead_nowhere() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    let tokens = app.tokens(&[]).await;
    let hint = ("id_token_hint", text(&tokens, "id_token"));
    let query = [hint, ("post_logout_redirect_uri", BYE), ("state", "s")];
    let answer = app.get("/logout", &query, Some(&cookie)).await;
    assert_eq!(answer.location(), "/error?error=invalid_request&client_id=");
    let client = ("client_id", app.client.as_str());
    let query = [client, hint, ("post_logout_redirect_uri", BYE)];
    let answer = app.get("/logout", &query, Some(&cookie)).await;
    assert!(answer.location().starts_with("/error?"), "{}", answer.location());
    // Cognito's words, with the standard's state beside them, which does not come back.
    let query = [client, ("logout_uri", BYE), ("state", "s")];
    assert_eq!(app.get("/logout", &query, Some(&cookie)).await.location(), BYE);
}
