//! `POST /oauth2/revoke`.

use serde_json::json;

use super::{App, form, text};

#[tokio::test]
async fn a_revoked_sign_in_is_over_and_saying_so_again_is_fine() {
    let app = App::new().await;
    let (tokens, another) = (app.tokens(&[]).await, app.tokens(&[]).await);
    let refresh_token = text(&tokens, "refresh_token");
    for _ in 0..2 {
        let answer = app.post("/oauth2/revoke", &[("token", refresh_token)]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    }
    assert_eq!(
        app.refresh(refresh_token).await.error(),
        (400, "invalid_grant".to_owned())
    );
    assert_eq!(app.user_info(text(&tokens, "access_token")).await.status, 401);
    assert_eq!(app.user_info(text(&another, "access_token")).await.status, 200);
    let unknown = app.post("/oauth2/revoke", &[("token", "x")]).await;
    assert_eq!(unknown.status, 200);
}

#[tokio::test]
async fn a_revocation_outlives_what_is_cleared_away() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let refresh_token = text(&tokens, "refresh_token");
    // The record of the code has ended by now, and still counts as the family's.
    app.pool.wait(pool::time::Span::minutes(30));
    assert_eq!(
        app.post("/oauth2/revoke", &[("token", refresh_token)])
            .await
            .status,
        200
    );
    app.tokens(&[]).await;
    assert_eq!(
        app.refresh(refresh_token).await.error(),
        (400, "invalid_grant".to_owned())
    );
}

#[tokio::test]
async fn a_confidential_app_client_shows_its_secret() {
    let app = App::with(json!({ "GenerateSecret": true })).await;
    let tokens = app.tokens(&[]).await;
    let token = ("token", text(&tokens, "refresh_token"));
    let without = [token, ("client_id", app.client.as_str())];
    let request = form(app.http.post(app.at("/oauth2/revoke")), &without);
    assert_eq!(
        app.send(request).await.error(),
        (401, "invalid_client".to_owned())
    );
    assert_eq!(app.refresh(token.1).await.status, 200);
    assert_eq!(app.post("/oauth2/revoke", &[token]).await.status, 200);
    assert_eq!(
        app.refresh(token.1).await.error(),
        (400, "invalid_grant".to_owned())
    );
}

#[tokio::test]
async fn what_cannot_be_revoked_is_refused() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    for kind in ["access_token", "id_token"] {
        let answer = app
            .post("/oauth2/revoke", &[("token", text(&tokens, kind))])
            .await;
        assert_eq!(
            answer.error(),
            (400, "unsupported_token_type".to_owned()),
            "{kind}"
        );
    }
    let nothing = app.post("/oauth2/revoke", &[]).await;
    assert_eq!(nothing.error(), (400, "invalid_request".to_owned()));
    let off = App::with(json!({ "EnableTokenRevocation": false })).await;
    let tokens = off.tokens(&[]).await;
    let answer = off
        .post("/oauth2/revoke", &[("token", text(&tokens, "refresh_token"))])
        .await;
    assert_eq!(answer.error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn nobody_ends_the_sign_in_of_another_app() {
    let app = App::new().await;
    let tokens = app.tokens(&[]).await;
    let other = app.pool.app_client(super::settings()).await;
    let pairs = [
        ("token", text(&tokens, "refresh_token")),
        ("client_id", other.as_str()),
    ];
    let answer = app
        .send(form(app.http.post(app.at("/oauth2/revoke")), &pairs))
        .await;
    assert_eq!(answer.error(), (401, "invalid_client".to_owned()));
    assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.status, 200);
}
