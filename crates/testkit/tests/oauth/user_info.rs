//! `/oauth2/userInfo`.

use serde_json::json;

use super::{AUTHORIZATION, App, text};

#[tokio::test]
async fn it_shows_what_the_scopes_show_as_texts() {
    let app = App::new().await;
    let tokens = app.tokens(&[("scope", "openid")]).await;
    let answer = app.user_info(text(&tokens, "access_token")).await;
    assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let known = answer.json();
    let sub = known["sub"].clone();
    assert_eq!(
        known,
        json!({ "sub": sub, "email": "ann@example.com", "email_verified": "true", "username": "ann" })
    );
    let post = app.http.post(app.at("/oauth2/userInfo"));
    let post = post.header(AUTHORIZATION, format!("bearer {}", text(&tokens, "access_token")));
    assert_eq!(app.send(post).await.json(), known);
    let tokens = app.tokens(&[("scope", "openid phone")]).await;
    let narrow = app.user_info(text(&tokens, "access_token")).await.json();
    assert_eq!(narrow, json!({ "sub": sub, "username": "ann" }));
}

#[tokio::test]
async fn what_the_app_client_may_not_read_is_not_shown() {
    let app = App::with(json!({ "ReadAttributes": ["name"] })).await;
    let tokens = app.tokens(&[("scope", "openid")]).await;
    let known = app.user_info(text(&tokens, "access_token")).await.json();
    assert_eq!(known.get("email"), None);
}

#[tokio::test]
async fn a_token_without_openid_or_of_the_api_opens_nothing() {
    let app = App::with(json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] })).await;
    let narrow = app.tokens(&[("scope", "aws.cognito.signin.user.admin")]).await;
    let by_api = app.pool.signed_in(&app.client, "ann").await;
    let id_token = app.tokens(&[]).await;
    for token in [
        text(&narrow, "access_token"),
        &by_api.access,
        text(&id_token, "id_token"),
        "x",
    ] {
        let answer = app.user_info(token).await;
        assert_eq!(answer.error(), (401, "invalid_token".to_owned()));
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer error=\"invalid_token\", error_description=\"Access token is expired, disabled, or deleted, or \
             the user has globally signed out.\""
        );
    }
}

#[tokio::test]
async fn no_token_is_a_bad_request_and_one_in_the_query_is_none() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let access = text(&tokens, "access_token");
    let answer = app
        .get("/oauth2/userInfo", &[("access_token", access)], None)
        .await;
    assert_eq!(answer.error(), (400, "invalid_request".to_owned()));
    assert!(
        answer
            .header("www-authenticate")
            .contains("Bad OAuth2 request at UserInfo Endpoint")
    );
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    app.pool.admin("AdminUserGlobalSignOut", "ann", json!({})).await;
    assert_eq!(app.user_info(text(&tokens, "access_token")).await.status, 401);
}
