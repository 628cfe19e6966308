//! `grant_type=refresh_token`.

use pool::time::Span;
use serde_json::json;

use super::{App, text};
use crate::behaviour::claims;

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn a_refresh_keeps_scopes_and_family_and_drops_the_nonce() {
    let app = App::new().await;
    let tokens = app.tokens(&[("scope", "openid phone"), ("nonce", "n")]).await;
    app.pool.wait(Span::minutes(5));
    let answer = app.refresh(text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let newer = answer.json();
    assert_eq!(newer.get("refresh_token"), None);
    let (before, after) = (
        claims(text(&tokens, "access_token")),
        claims(text(&newer, "access_token")),
    );
    for kept in ["scope", "origin_jti", "auth_time", "event_id", "version", "sub"] {
        assert_eq!(before[kept], after[kept], "{kept}");
    }
    assert_ne!((&before["jti"], &before["iat"]), (&after["jti"], &after["iat"]));
    let id = claims(text(&newer, "id_token"));
    assert_eq!(id.get("nonce"), None);
    assert!(id.contains_key("at_hash"));
    // The scopes draw the line still.
    assert_eq!(id.get("email"), None);
}

#[tokio::test]
async fn what_is_no_refresh_token_of_this_app_client_gives_nothing() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let refresh_token = text(&tokens, "refresh_token");
    for wrong in ["x", text(&tokens, "access_token")] {
        assert_eq!(app.refresh(wrong).await.error(), invalid_grant());
    }
    let other = app.pool.app_client(super::settings()).await;
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", other.as_str()),
    ];
    let request = super::form(app.http.post(app.at("/oauth2/token")), &pairs);
    assert_eq!(app.send(request).await.error(), invalid_grant());
    app.pool.admin("AdminUserGlobalSignOut", "ann", json!({})).await;
    assert_eq!(app.refresh(refresh_token).await.error(), invalid_grant());
}

#[tokio::test]
async fn tokens_rotate_where_the_app_client_says_so() {
    let rotation = json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 } });
    let app = App::with(rotation).await;
    let tokens = app.tokens(&[]).await;
    let first = text(&tokens, "refresh_token");
    let second = app.refresh(first).await.json();
    let second = text(&second, "refresh_token");
    assert_ne!(first, second);
    assert_eq!(app.refresh(first).await.error(), invalid_grant());
    // Far beyond the life of the code, whose record the family's has become.
    app.pool.wait(Span::hours(2));
    assert_eq!(app.refresh(first).await.error(), invalid_grant());
    assert_eq!(app.refresh(second).await.status, 200);
}

#[tokio::test]
async fn a_rotated_token_is_displaced_even_after_other_sign_ins_cleared_away_what_had_ended() {
    let rotation = json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 } });
    let app = App::with(rotation).await;
    let tokens = app.tokens(&[]).await;
    let first = text(&tokens, "refresh_token");
    assert_eq!(app.refresh(first).await.status, 200);
    app.pool.wait(Span::minutes(10));
    app.tokens(&[]).await;
    assert_eq!(app.refresh(first).await.error(), invalid_grant());
}

#[tokio::test]
async fn api_and_endpoints_take_each_other_s_refresh_tokens() {
    let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    let app = App::with(flows).await;
    let tokens = app.tokens(&[("scope", "openid email")]).await;
    let (status, answer) = app
        .pool
        .refresh(&app.client, text(&tokens, "refresh_token"))
        .await;
    assert_eq!(status, 200, "{answer}");
    let access = answer["AuthenticationResult"]["AccessToken"]
        .as_str()
        .expect("a token");
    assert_eq!(claims(access)["scope"], "openid email");
    let by_api = app.pool.signed_in(&app.client, "ann").await;
    let answer = app.refresh(by_api.refresh()).await.json();
    let access = claims(text(&answer, "access_token"));
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    assert_eq!(access.get("version"), None);
}
