//! What scopes show of a user, in the ID token.

use serde_json::json;
use testkit::Options;

use super::{App, text};
use crate::behaviour::{Pool, claims, user};

const ATTRIBUTES: &str = r#", attributes = { email = "ann@example.com", email_verified = true, phone_number = "+12065550100", name = "Ann", "custom:plan" = "gold" }"#;

#[tokio::test]
async fn each_scope_shows_its_own() {
    let pool = Pool::over(
        Options::default(),
        "custom_attributes = [\"plan\"]",
        &user("ann", ATTRIBUTES),
    )
    .await;
    let app = App::of(pool, json!({})).await;
    for (scope, shown) in [
        (
            "openid",
            vec!["email", "email_verified", "phone_number", "name", "custom:plan"],
        ),
        ("openid email", vec!["email", "email_verified"]),
        ("openid phone", vec!["phone_number"]),
        (
            "openid email phone",
            vec!["email", "email_verified", "phone_number"],
        ),
        (
            "openid profile",
            vec!["email", "email_verified", "phone_number", "name", "custom:plan"],
        ),
    ] {
        let tokens = app.tokens(&[("scope", scope)]).await;
        let id = claims(text(&tokens, "id_token"));
        let known = app.user_info(text(&tokens, "access_token")).await.json();
        for attribute in ["email", "email_verified", "phone_number", "name", "custom:plan"] {
            let expected = shown.contains(&attribute);
            assert_eq!(
                id.contains_key(attribute),
                expected,
                "{attribute} in the ID token of {scope}"
            );
            assert_eq!(known.get(attribute).is_some(), expected, "{attribute} of {scope}");
        }
    }
}

#[tokio::test]
async fn without_scope_all_of_the_app_client_s_are_granted() {
    let app = App::with(json!({ "AllowedOAuthScopes": ["phone", "openid"] })).await;
    let tokens = app.tokens(&[]).await;
    assert_eq!(claims(text(&tokens, "access_token"))["scope"], "phone openid");
}

#[tokio::test]
async fn a_scope_is_granted_only_to_who_may_read_all_of_it() {
    let app = App::with(json!({ "ReadAttributes": ["email"] })).await;
    let code = app.code(&[("scope", "openid email")]).await;
    assert_eq!(
        app.redeem(&code, &[]).await.error(),
        (400, "invalid_grant".to_owned())
    );
    assert!(app.tokens(&[("scope", "openid")]).await.get("id_token").is_some());
}

#[tokio::test]
async fn scopes_of_resource_servers_are_granted_to_users_too() {
    let servers = r#"resource_servers = [{ identifier = "api", scopes = [{ name = "read" }] }]"#;
    let scopes = json!({ "AllowedOAuthScopes": ["openid", "api/read"] });
    let app = App::over(Options::default(), servers, scopes).await;
    let tokens = app.tokens(&[("scope", "openid api/read")]).await;
    assert_eq!(claims(text(&tokens, "access_token"))["scope"], "openid api/read");
}
