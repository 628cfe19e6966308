//! Codes: what they give, once, to whom they were meant for.

use pool::time::Span;
use serde_json::json;

use super::{AUTHORIZATION, App, CALLBACK, STANDARD, form, text};
use crate::behaviour::{claims, refusal};
use base64::Engine as _;

const INVALID_GRANT: (u16, &str) = (400, "invalid_grant");

fn assert_error(answer: &super::Answer, expected: (u16, &str), what: &str) {
    assert_eq!(
        answer.error(),
        (expected.0, expected.1.to_owned()),
        "{what}: {}",
        answer.body
    );
}

#[tokio::test]
async fn a_code_gives_the_three_tokens_as_the_real_ones_are() {
    let app = App::new().await;
    let tokens = app
        .tokens(&[("scope", "openid email"), ("nonce", "n-0S6_WzA2Mj")])
        .await;
    let names: Vec<_> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "id_token",
            "access_token",
            "refresh_token",
            "expires_in",
            "token_type"
        ]
    );
    assert_eq!(
        (&tokens["expires_in"], &tokens["token_type"]),
        (&json!(3600), &json!("Bearer"))
    );
    let access = claims(text(&tokens, "access_token"));
    let names: Vec<_> = access.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "sub",
            "iss",
            "version",
            "client_id",
            "origin_jti",
            "event_id",
            "token_use",
            "scope",
            "auth_time",
            "exp",
            "iat",
            "jti",
            "username"
        ]
    );
    assert_eq!(
        (&access["scope"], &access["version"]),
        (&json!("openid email"), &json!(2))
    );
    let id = claims(text(&tokens, "id_token"));
    assert_eq!(id["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(id["aud"], app.client);
    assert_eq!(id["email"], "ann@example.com");
    assert_eq!(id["cognito:username"], "ann");
    assert_eq!(id["auth_time"], access["auth_time"]);
    // OpenID Connect Core 1.0, section 3.1.3.6.
    let digest = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        text(&tokens, "access_token").as_bytes(),
    );
    let half = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]);
    assert_eq!(id["at_hash"], half);
}

#[tokio::test]
async fn the_answer_is_for_nobody_to_keep_and_for_pages_of_any_origin() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let answer = app.redeem(&code, &[]).await;
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let preflight = app
        .http
        .request(reqwest::Method::OPTIONS, app.at("/oauth2/token"));
    let answer = app.send(preflight.header("origin", "https://app.example")).await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (200, "*")
    );
}

#[tokio::test]
async fn the_tokens_work_where_they_should() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let (status, _) = app.pool.get_user(text(&tokens, "access_token")).await;
    assert_eq!(status, 200);
    let narrow = app.tokens(&[("scope", "openid")]).await;
    assert_eq!(
        app.pool.get_user(text(&narrow, "access_token")).await,
        refusal(
            "NotAuthorizedException",
            "Access Token does not have required scopes"
        )
    );
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let app = App::new().await;
    let tokens = app.tokens(&[("scope", "aws.cognito.signin.user.admin")]).await;
    assert_eq!(tokens.get("id_token"), None);
    assert!(tokens.get("refresh_token").is_some());
}

#[tokio::test]
async fn a_code_that_comes_again_is_refused_and_ends_the_tokens_of_the_first_time() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let tokens = app.redeem(&code, &[]).await.json();
    let another = app.tokens(&[]).await;
    assert_error(&app.redeem(&code, &[]).await, INVALID_GRANT, "a second time");
    assert_error(
        &app.refresh(text(&tokens, "refresh_token")).await,
        INVALID_GRANT,
        "refresh",
    );
    assert_eq!(app.user_info(text(&tokens, "access_token")).await.status, 401);
    let (status, _) = app.pool.get_user(text(&tokens, "access_token")).await;
    assert_eq!(status, 400);
    // Other sign-ins of the same user go on.
    assert_eq!(app.user_info(text(&another, "access_token")).await.status, 200);
    assert_eq!(app.refresh(text(&another, "refresh_token")).await.status, 200);
    assert_error(&app.redeem(&code, &[]).await, INVALID_GRANT, "a third time");
}

#[tokio::test]
async fn of_many_who_come_with_one_code_at_once_at_most_one_gets_tokens() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let all = futures_of(&app, &code).await;
    let granted = all.iter().filter(|answer| answer.status == 200).count();
    assert!(granted <= 1, "{granted} got tokens");
    for answer in all.iter().filter(|answer| answer.status != 200) {
        assert_error(answer, INVALID_GRANT, "a loser");
    }
    // Who else came made the winner's tokens worthless.
    for winner in all.iter().filter(|answer| answer.status == 200) {
        let refreshed = app.refresh(text(&winner.json(), "refresh_token")).await;
        assert_error(&refreshed, INVALID_GRANT, "the winner");
    }
}

/// Twenty exchanges at once.
async fn futures_of(app: &App, code: &str) -> Vec<super::Answer> {
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("client_id", app.client.as_str()),
        ];
        let request = form(app.http.post(app.at("/oauth2/token")), &pairs);
        running.spawn(async move {
            let response = request.send().await.expect("an answer");
            super::Answer {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                body: response.text().await.expect("a body"),
            }
        });
    }
    running.join_all().await
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let app = App::new().await;
    let (first, second) = (app.code(&[]).await, app.code(&[]).await);
    app.pool.wait(Span::seconds(299));
    assert_eq!(app.redeem(&first, &[]).await.status, 200);
    app.pool.wait(Span::seconds(1));
    assert_error(&app.redeem(&second, &[]).await, INVALID_GRANT, "too late");
}

#[tokio::test]
async fn a_code_is_for_its_app_client_and_callback_alone() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let other = app.pool.app_client(super::settings()).await;
    let stolen = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", other.as_str()),
    ];
    let answer = app
        .send(form(app.http.post(app.at("/oauth2/token")), &stolen))
        .await;
    assert_error(&answer, INVALID_GRANT, "another app client");
    for callback in [
        "",
        "https://app.example/other?tenant=1",
        "https://app.example/Callback",
        "x",
    ] {
        let answer = app.redeem(&code, &[("redirect_uri", callback)]).await;
        assert_error(&answer, INVALID_GRANT, callback);
    }
    let altered = format!("{}A", &code[..code.len() - 1]);
    for wrong in ["x", "c7595456-7083-4219-99c1-cb22c403fa6d", altered.as_str()] {
        if wrong != code {
            assert_error(&app.redeem(wrong, &[]).await, INVALID_GRANT, wrong);
        }
    }
    assert_eq!(
        app.redeem(&code, &[]).await.status,
        200,
        "no failed try has used it up"
    );
}

#[tokio::test]
async fn what_became_of_the_user_meanwhile_counts() {
    for operation in ["AdminDisableUser", "AdminDeleteUser", "AdminUserGlobalSignOut"] {
        let app = App::new().await;
        let code = app.code(&[]).await;
        app.pool.wait(Span::seconds(1));
        app.pool.admin(operation, "ann", json!({})).await;
        assert_error(&app.redeem(&code, &[]).await, INVALID_GRANT, operation);
    }
}

#[tokio::test]
async fn a_confidential_app_client_shows_its_secret_one_way_or_the_other() {
    let app = App::with(json!({ "GenerateSecret": true })).await;
    assert_eq!(app.redeem(&app.code(&[]).await, &[]).await.status, 200);
    let secret = app.secret.clone().expect("a secret");
    let in_form = |secret: &'static str| {
        [
            ("client_id", app.client.clone()),
            ("client_secret", secret.to_owned()),
        ]
    };
    let send = async |code: &str, more: &[(&str, &str)], basic: Option<&str>| {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        let pairs: Vec<_> = usual.iter().chain(more).copied().collect();
        let request = app.http.post(app.at("/oauth2/token"));
        let request = match basic {
            Some(text) => request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(text))),
            None => request,
        };
        app.send(form(request, &pairs)).await
    };
    let code = app.code(&[]).await;
    let named = ("client_id", app.client.as_str());
    let invalid_client = (400, "invalid_client");
    assert_error(&send(&code, &[named], None).await, invalid_client, "no secret");
    let wrong = in_form("wrong");
    let wrong: Vec<_> = wrong
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_error(&send(&code, &wrong, None).await, invalid_client, "a wrong one");
    let both = format!("{}:wrong", app.client);
    assert_error(
        &send(&code, &[], Some(&both)).await,
        invalid_client,
        "a wrong one in the header",
    );
    assert_error(
        &send(&code, &[], Some("nobody:x")).await,
        invalid_client,
        "nobody",
    );
    assert_error(
        &send(&code, &[], Some("garbage")).await,
        invalid_client,
        "no credentials",
    );
    let right = format!("{}:{secret}", app.client);
    let twice = [("client_secret", secret.as_str())];
    assert_error(
        &send(&code, &twice, Some(&right)).await,
        (400, "invalid_request"),
        "both ways",
    );
    let shown = [named, ("client_secret", secret.as_str())];
    assert_eq!(send(&code, &shown, None).await.status, 200);
}

#[tokio::test]
async fn a_request_that_cannot_be_understood_is_refused() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let token = "/oauth2/token";
    let client = ("client_id", app.client.as_str());
    for (pairs, error) in [
        (vec![client], "invalid_request"),
        (vec![client, ("grant_type", "password")], "unsupported_grant_type"),
        (
            vec![client, ("grant_type", "authorization_code")],
            "invalid_request",
        ),
        (vec![client, ("grant_type", "refresh_token")], "invalid_request"),
        (
            vec![("grant_type", "authorization_code"), ("code", &code)],
            "invalid_request",
        ),
        (
            vec![
                client,
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("code", &code),
            ],
            "invalid_request",
        ),
        (
            vec![client, client, ("grant_type", "authorization_code")],
            "invalid_request",
        ),
    ] {
        let answer = app.send(form(app.http.post(app.at(token)), &pairs)).await;
        assert_error(&answer, (400, error), &format!("{pairs:?}"));
    }
    let query = format!("{token}?client_id={}&client_secret=x", app.client);
    let in_query = app
        .send(form(
            app.http.post(app.at(&query)),
            &[("grant_type", "refresh_token")],
        ))
        .await;
    assert_error(&in_query, (400, "invalid_request"), "in the query");
    let json = app
        .http
        .post(app.at(token))
        .header("content-type", "application/json");
    assert_error(&app.send(json.body("{}")).await, (400, "invalid_request"), "JSON");
    let get = app.get(token, &[client], None).await;
    assert_ne!(get.status, 200);
}

#[tokio::test]
async fn an_app_client_loses_its_codes_with_the_flow() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let mut settings = super::settings();
    let pool = super::POOL;
    super::merge(
        &mut settings,
        json!({ "UserPoolId": pool, "ClientId": app.client, "AllowedOAuthFlows": ["implicit"] }),
    );
    app.pool.done("UpdateUserPoolClient", settings).await;
    assert_error(
        &app.redeem(&code, &[]).await,
        (400, "unauthorized_client"),
        "no flow",
    );
}
