//! The OAuth settings of an app client.

use serde_json::{Value, json};

use super::{App, CALLBACK, POOL};
use crate::behaviour::{merge, refusal};

async fn create(app: &App, more: Value) -> (u16, Value) {
    let mut body = super::settings();
    merge(&mut body, more);
    merge(&mut body, json!({ "UserPoolId": POOL, "ClientName": "another" }));
    app.pool.call("CreateUserPoolClient", body).await
}

#[tokio::test]
async fn what_was_given_is_shown_and_an_update_resets_the_rest() {
    let app = App::with(json!({ "DefaultRedirectURI": CALLBACK })).await;
    let named = json!({ "UserPoolId": POOL, "ClientId": app.client });
    let shown = app.pool.done("DescribeUserPoolClient", named.clone()).await;
    let mut expected = super::settings();
    merge(&mut expected, json!({ "DefaultRedirectURI": CALLBACK }));
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(shown["UserPoolClient"][name], *value, "{name}");
    }
    let updated = app.pool.done("UpdateUserPoolClient", named).await;
    assert_eq!(
        updated["UserPoolClient"]["AllowedOAuthFlowsUserPoolClient"],
        false
    );
    for name in [
        "AllowedOAuthFlows",
        "AllowedOAuthScopes",
        "CallbackURLs",
        "LogoutURLs",
        "DefaultRedirectURI",
    ] {
        assert_eq!(updated["UserPoolClient"].get(name), None, "{name}");
    }
}

#[tokio::test]
async fn settings_that_do_not_go_together_are_refused() {
    let app = App::new().await;
    let invalid = |message: &str| refusal("InvalidParameterException", message);
    let flow = |message: &str| refusal("InvalidOAuthFlowException", message);
    let both = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    for (change, expected) in [
        (json!({ "AllowedOAuthScopes": [] }), invalid(both)),
        (json!({ "AllowedOAuthFlows": [] }), invalid(both)),
        (
            json!({ "AllowedOAuthFlows": ["code", "client_credentials"], "GenerateSecret": true }),
            flow("client_credentials flow can not be selected along with code flow or implicit flow."),
        ),
        (
            json!({ "AllowedOAuthFlows": ["client_credentials"] }),
            flow("client_credentials flow can not be selected if client does not have a client secret."),
        ),
        (
            json!({ "CallbackURLs": null }),
            flow("CallbackUrls can not be empty when code flow or implicit flow is selected"),
        ),
        (
            json!({ "AllowedOAuthScopes": ["openid", "api/read"] }),
            refusal("ScopeDoesNotExistException", "Invalid scope requested: api/read"),
        ),
        (
            json!({ "CallbackURLs": ["http://app.example/callback"] }),
            invalid("http://app.example/callback cannot use the HTTP protocol."),
        ),
        (
            json!({ "LogoutURLs": ["https://app.example/#bye"] }),
            invalid("https://app.example/#bye cannot contain a fragment."),
        ),
        (
            json!({ "DefaultRedirectURI": "https://app.example/elsewhere" }),
            invalid("DefaultRedirectURI must be one of CallbackURLs."),
        ),
        (
            json!({ "SupportedIdentityProviders": ["COGNITO", "Google"] }),
            invalid(&format!(
                "The provider Google does not exist for User Pool {POOL}."
            )),
        ),
    ] {
        assert_eq!(create(&app, change.clone()).await, expected, "{change}");
        let mut update = super::settings();
        merge(&mut update, change.clone());
        merge(&mut update, json!({ "UserPoolId": POOL, "ClientId": app.client }));
        update.as_object_mut().unwrap().remove("GenerateSecret");
        assert_eq!(
            app.pool.call("UpdateUserPoolClient", update).await,
            expected,
            "{change}"
        );
    }
}
