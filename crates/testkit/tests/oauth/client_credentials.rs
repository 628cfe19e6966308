//! `grant_type=client_credentials`: an app client acts for itself.

use std::sync::Arc;

use serde_json::{Value, json};
use server::RateLimits;
use server::quota::Category;
use testkit::{Answering, Options};

use super::{App, POOL, text};
use crate::behaviour::{Pool, claims, refusal};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:Tokens";
const SERVERS: &str = r#"
resource_servers = [
  { identifier = "https://api.example", scopes = [{ name = "read" }, { name = "write" }] },
  { identifier = "other", scopes = [{ name = "all" }] },
]
"#;

fn machine() -> Value {
    json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "CallbackURLs": null,
        "AllowedOAuthScopes": ["https://api.example/read", "other/all"],
    })
}

async fn app() -> App {
    App::over(Options::default(), SERVERS, machine()).await
}

#[tokio::test]
async fn a_secret_gives_an_access_token_and_nothing_else() {
    let app = app().await;
    let answer = app.post("/oauth2/token", &[GRANT]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    let names: Vec<_> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "expires_in", "token_type"]);
    let access = claims(text(&tokens, "access_token"));
    assert_eq!(access["sub"], app.client);
    assert_eq!(access["client_id"], app.client);
    assert_eq!(access["token_use"], "access");
    assert_eq!(access["scope"], "https://api.example/read other/all");
    assert_eq!(access.get("username"), None);
    assert_eq!(access.get("origin_jti"), None);
}

#[tokio::test]
async fn scopes_are_those_of_resource_servers_that_the_app_client_has() {
    let app = app().await;
    let answer = app
        .post("/oauth2/token", &[GRANT, ("scope", "other/all")])
        .await
        .json();
    assert_eq!(claims(text(&answer, "access_token"))["scope"], "other/all");
    for scope in ["https://api.example/write", "openid", "other/all x/y", "nothing"] {
        let answer = app.post("/oauth2/token", &[GRANT, ("scope", scope)]).await;
        assert_eq!(answer.error(), (400, "invalid_scope".to_owned()), "{scope}");
    }
    let gone = json!({ "UserPoolId": POOL, "Identifier": "other" });
    app.pool.done("DeleteResourceServer", gone).await;
    let answer = app.post("/oauth2/token", &[GRANT, ("scope", "other/all")]).await;
    assert_eq!(answer.error(), (400, "invalid_scope".to_owned()));
}

#[tokio::test]
async fn nobody_without_flow_secret_or_scopes_gets_a_token() {
    let app = app().await;
    let wrong = [
        GRANT,
        ("client_id", app.client.as_str()),
        ("client_secret", "wrong"),
    ];
    let request = super::form(app.http.post(app.at("/oauth2/token")), &wrong);
    assert_eq!(
        app.send(request).await.error(),
        (400, "invalid_client".to_owned())
    );
    let person = App::with(json!({ "GenerateSecret": true })).await;
    let answer = person.post("/oauth2/token", &[GRANT]).await;
    assert_eq!(answer.error(), (400, "unauthorized_client".to_owned()));
    for identifier in ["https://api.example", "other"] {
        let gone = json!({ "UserPoolId": POOL, "Identifier": identifier });
        app.pool.done("DeleteResourceServer", gone).await;
    }
    let answer = app.post("/oauth2/token", &[GRANT]).await;
    assert_eq!(answer.error(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn a_token_without_a_user_opens_nothing_of_a_user_s() {
    let app = app().await;
    let tokens = app.post("/oauth2/token", &[GRANT]).await.json();
    let access = text(&tokens, "access_token");
    assert_eq!(app.user_info(access).await.status, 401);
    assert_eq!(
        app.pool.get_user(access).await,
        refusal("NotAuthorizedException", "Invalid Access Token")
    );
}

#[tokio::test]
async fn a_function_of_version_3_has_its_say() {
    let seen: Arc<std::sync::Mutex<Option<Value>>> = Arc::default();
    let asked = Arc::clone(&seen);
    let function = Arc::new(Answering(move |mut event: Value| {
        *asked.lock().unwrap() = Some(event.clone());
        event["response"] = json!({ "claimsAndScopeOverrideDetails": { "accessTokenGeneration": {
            "claimsToAddOrOverride": { "tenant": "t1", "sub": "another" },
            "scopesToAdd": ["extra/scope"], "scopesToSuppress": ["other/all"],
        } } });
        Ok(event)
    }));
    let options = Options {
        builtins: vec![(FUNCTION, function)],
        ..Options::default()
    };
    let settings = format!(
        "{SERVERS}\nlambda_config = {{ PreTokenGenerationConfig = {{ LambdaVersion = \"V3_0\", LambdaArn = \"{FUNCTION}\" }} }}"
    );
    let app = App::of(Pool::over(options, &settings, "").await, machine()).await;
    let metadata = r#"{"tenant":"one"}"#;
    let answer = app
        .post("/oauth2/token", &[GRANT, ("aws_client_metadata", metadata)])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let access = claims(text(&answer.json(), "access_token"));
    assert_eq!(
        (&access["tenant"], &access["sub"]),
        (&json!("t1"), &json!(app.client))
    );
    assert_eq!(access["scope"], "https://api.example/read extra/scope");
    let event = seen.lock().unwrap().take().expect("an event");
    assert_eq!(event["triggerSource"], "TokenGeneration_ClientCredentials");
    assert_eq!(event["version"], "3");
    assert_eq!(event["callerContext"]["clientId"], app.client);
    assert_eq!(
        event["request"]["scopes"],
        json!(["https://api.example/read", "other/all"])
    );
    assert_eq!(event["request"]["clientMetadata"], json!({ "tenant": "one" }));
    let broken = app
        .post("/oauth2/token", &[GRANT, ("aws_client_metadata", "x")])
        .await;
    assert_eq!(broken.error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn beyond_the_rate_of_programs_there_are_no_tokens() {
    let options = Options {
        rate_limits: RateLimits::off().with(Category::ClientAuthentication, Some(2)),
        ..Options::default()
    };
    let app = App::over(options, SERVERS, machine()).await;
    for _ in 0..2 {
        assert_eq!(app.post("/oauth2/token", &[GRANT]).await.status, 200);
    }
    let answer = app.post("/oauth2/token", &[GRANT]).await;
    assert_eq!(answer.error(), (429, "too_many_requests".to_owned()));
}
