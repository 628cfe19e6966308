//! The real peers of these tests: moto's server as the old pool, and a small Runtime API for the `bootstrap`.

#![allow(dead_code, reason = "each test binary takes what it needs")]

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::{Child, Command};

pub(crate) mod runtime_api;

/// moto's server on a free port; it ends with this value.
pub(crate) struct OldPool {
    pub(crate) endpoint: String,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    http: reqwest::Client,
    _server: Child,
}

pub(crate) const PASSWORD: &str = "Canary-Pass-1";

impl OldPool {
    /// A pool with custom attributes and one app client, and nobody in it.
    pub(crate) async fn start() -> Self {
        let port = free_port();
        let server = Command::new(python())
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let http = directory::http::client().unwrap();
        let endpoint = format!("http://127.0.0.1:{port}");
        until_ready(&http, &endpoint).await;
        let mut pool = Self {
            endpoint,
            user_pool_id: String::new(),
            client_id: String::new(),
            http,
            _server: server,
        };
        let schema = json!([{ "Name": "plan", "AttributeDataType": "String", "Mutable": true }]);
        let made = pool
            .call("CreateUserPool", json!({ "PoolName": "old", "Schema": schema }))
            .await;
        pool.user_pool_id = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        let client = json!({ "UserPoolId": pool.user_pool_id, "ClientName": "app", "GenerateSecret": true });
        let made = pool.call("CreateUserPoolClient", client).await;
        pool.client_id = made["UserPoolClient"]["ClientId"].as_str().unwrap().into();
        pool
    }

    /// An operation with the pool's id added.
    pub(crate) async fn call(&self, operation: &str, mut input: Value) -> Value {
        if !self.user_pool_id.is_empty() {
            input["UserPoolId"] = self.user_pool_id.clone().into();
        }
        self.aws(
            "cognito-idp",
            "AWSCognitoIdentityProviderService",
            operation,
            input,
        )
        .await
    }

    /// Writes a parameter of SSM Parameter Store, encrypted.
    pub(crate) async fn put_parameter(&self, name: &str, value: &str) {
        let input = json!({ "Name": name, "Value": value, "Type": "SecureString", "Overwrite": true });
        self.aws("ssm", "AmazonSSM", "PutParameter", input).await;
    }

    /// Writes a secret of Secrets Manager; its ARN.
    pub(crate) async fn put_secret(&self, name: &str, value: &str) -> String {
        let input = json!({ "Name": name, "SecretString": value });
        let made = self
            .aws("secretsmanager", "secretsmanager", "CreateSecret", input)
            .await;
        made["ARN"].as_str().unwrap().to_owned()
    }

    /// An operation of any service.
    pub(crate) async fn aws(&self, service: &str, target: &str, operation: &str, input: Value) -> Value {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let response = self
            .http
            .post(&self.endpoint)
            .header("authorization", authorization)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("{target}.{operation}"))
            .json(&input)
            .send()
            .await
            .unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{operation}: {status} {text}");
        if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        }
    }

    /// A user with a temporary password and these attributes.
    pub(crate) async fn invite(&self, username: &str, attributes: &[(&str, &str)]) {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        let input =
            json!({ "Username": username, "TemporaryPassword": PASSWORD, "UserAttributes": attributes });
        self.call("AdminCreateUser", input).await;
    }

    /// A confirmed user.
    pub(crate) async fn add(&self, username: &str, attributes: &[(&str, &str)]) {
        self.invite(username, attributes).await;
        let input = json!({ "Username": username, "Password": PASSWORD, "Permanent": true });
        self.call("AdminSetUserPassword", input).await;
    }

    /// The variables of a Lambda that migrates from here.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("OLD_USER_POOL_ID", self.user_pool_id.clone()),
            ("OLD_CLIENT_ID", self.client_id.clone()),
            (
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
                self.endpoint.clone(),
            ),
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
        ]
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the harness names the interpreter in the environment"
)]
fn python() -> String {
    let missing = "REHOME_TEST_PYTHON names no Python with moto: run `cargo xtask test`, which installs one";
    std::env::var("REHOME_TEST_PYTHON").expect(missing)
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

async fn until_ready(http: &reqwest::Client, endpoint: &str) {
    for _ in 0..600 {
        if http.get(format!("{endpoint}/moto-api/")).send().await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("moto did not come up in a minute");
}

/// An event as Cognito sends it.
pub(crate) fn event(source: &str, user_name: &str, password: Option<&str>) -> Value {
    let mut request = json!({ "validationData": null, "userAttributes": null });
    if let Some(password) = password {
        request["password"] = password.into();
    }
    json!({
        "version": "1",
        "triggerSource": source,
        "region": "us-east-1",
        "userPoolId": "us-east-1_NEW000000",
        "userName": user_name,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "1new" },
        "request": request,
        "response": {
            "userAttributes": null,
            "forceAliasCreation": null,
            "enableSMSMFA": null,
            "finalUserStatus": null,
            "messageAction": null,
            "desiredDeliveryMediums": null,
        },
    })
}
