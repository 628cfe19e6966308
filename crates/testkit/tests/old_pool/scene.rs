//! An old pool of ours, and the function in front of it.

use std::sync::Arc;
use std::time::Duration;

use function::{Environment, Function, Settings};
use serde_json::{Value, json};
use testkit::pair::{ANN, OLD_CLIENT, OLD_POOL, PASSWORD};
use testkit::{ManualClock, Options, TestServer, pair};
use trigger::Payload;

/// What the function said, and what it wrote down.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    /// The response, or the text of the refusal.
    pub(crate) answer: Result<Value, String>,
    /// How the old directory answered, or why it could not be asked.
    pub(crate) because: &'static str,
}

/// A refusal of somebody of that standing, or for that cause.
pub(crate) fn refused(because: &'static str, text: &str) -> Seen {
    Seen {
        answer: Err(text.to_owned()),
        because,
    }
}

/// Nothing is known to whoever asks.
pub(crate) fn incorrect(because: &'static str) -> Seen {
    refused(because, "Incorrect username or password")
}

/// Nobody moves, and nobody is told that the password is wrong.
pub(crate) fn later(because: &'static str) -> Seen {
    refused(because, "Try again later")
}

/// At forgot password: the event as it came.
pub(crate) fn unchanged(because: &'static str) -> Seen {
    Seen {
        answer: Ok(json!({})),
        because,
    }
}

/// The old pool.
pub(crate) struct OldPool {
    pub(crate) server: TestServer,
    pub(crate) clock: Arc<ManualClock>,
}

impl OldPool {
    /// With the people of [`pair`].
    pub(crate) async fn start() -> Self {
        Self::over(Options::default(), pair::old_pools_file()).await
    }

    pub(crate) async fn over(options: Options, pools: String) -> Self {
        let clock = Arc::new(ManualClock::now_and_standing());
        let options = Options {
            pools,
            clock: Arc::clone(&clock) as _,
            ..options
        };
        Self {
            server: TestServer::start(options).await.unwrap(),
            clock,
        }
    }

    /// An operation on the pool; it has to succeed.
    pub(crate) async fn call(&self, operation: &str, mut body: Value) -> Value {
        body["UserPoolId"] = OLD_POOL.into();
        let (status, answer) = self.server.api(operation, &body).await.unwrap();
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// An operation of an app client or a signed-in user; it has to succeed.
    pub(crate) async fn call_openly(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.server.api(operation, &body).await.unwrap();
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// The function in front of this pool.
    pub(crate) fn function(&self) -> Asked {
        Asked::at(self.server.url(), &[])
    }

    /// The function's answer to ann's sign-in and to her forgotten password.
    pub(crate) async fn both(&self, login: &str) -> (Seen, Seen) {
        let function = self.function();
        (
            function.sign_in(login, PASSWORD).await,
            function.forgot_password(login).await,
        )
    }

    /// Ann's access token.
    pub(crate) async fn access_token(&self) -> Value {
        let body = json!({
            "ClientId": OLD_CLIENT, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": ANN, "PASSWORD": PASSWORD },
        });
        self.call("AdminInitiateAuth", body).await["AuthenticationResult"]["AccessToken"].clone()
    }
}

/// The function, asked by a test.
pub(crate) struct Asked(Function);

impl Asked {
    /// With the old pool at an endpoint, and further variables.
    pub(crate) fn at(endpoint: &str, more: &[(&str, &str)]) -> Self {
        let mut variables = vec![
            ("OLD_USER_POOL_ID", OLD_POOL),
            ("OLD_CLIENT_ID", OLD_CLIENT),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", endpoint),
        ];
        variables.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
        variables.extend(more);
        let variables: Vec<(String, String)> = variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let look_up = move |name: &str| {
            let found = variables.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        };
        let settings = Settings::read(&Environment::new(look_up)).unwrap();
        Self(Function::new(settings).unwrap())
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Seen {
        let request = json!({ "password": password, "validationData": null, "userAttributes": null });
        self.answer("UserMigration_Authentication", login, request).await
    }

    /// The same with so much time left.
    pub(crate) async fn sign_in_within(&self, left: Duration, login: &str, password: &str) -> Seen {
        let request = json!({ "password": password, "validationData": null, "userAttributes": null });
        self.answer_within(left, "UserMigration_Authentication", login, request)
            .await
    }

    pub(crate) async fn forgot_password(&self, login: &str) -> Seen {
        let request = json!({ "validationData": null, "userAttributes": null });
        self.answer("UserMigration_ForgotPassword", login, request).await
    }

    async fn answer(&self, source: &str, login: &str, request: Value) -> Seen {
        self.answer_within(Duration::MAX, source, login, request).await
    }

    async fn answer_within(&self, left: Duration, source: &str, login: &str, request: Value) -> Seen {
        let event = json!({
            "version": "1", "triggerSource": source, "region": "us-east-1", "userPoolId": "us-east-1_NewPool01",
            "userName": login, "callerContext": { "awsSdkVersion": "x", "clientId": "1new" },
            "request": request,
            "response": {
                "userAttributes": null, "forceAliasCreation": null, "enableSMSMFA": null, "finalUserStatus": null,
                "messageAction": null, "desiredDeliveryMediums": null,
            },
        });
        let payload = Payload::from_bytes(event.to_string().into_bytes());
        let (answer, record) = self.0.answer(&payload, left).await;
        let answer = answer.map_err(|error| error.error_message).map(|answer| {
            let answer: Value = serde_json::from_slice(answer.as_bytes()).unwrap();
            for member in ["request", "userName", "triggerSource", "callerContext"] {
                assert_eq!(answer[member], event[member], "{member} went back as it came");
            }
            let Value::Object(response) = &answer["response"] else {
                panic!("no response: {answer}");
            };
            let said = response.iter().filter(|(_, value)| !value.is_null());
            said.map(|(name, value)| (name.clone(), value.clone())).collect()
        });
        let because = record.cause.or(record.standing).unwrap_or("not asked");
        Seen { answer, because }
    }
}

/// Moved, with this status and these attributes beside the e-mail address; `null` for forgot password.
pub(crate) fn moved(because: &'static str, status: Value, attributes: &Value) -> Seen {
    let mut response = json!({
        "userAttributes": attributes, "forceAliasCreation": false, "messageAction": "SUPPRESS",
    });
    if !status.is_null() {
        response["finalUserStatus"] = status;
    }
    Seen {
        answer: Ok(response),
        because,
    }
}

/// What goes over of ann.
pub(crate) fn anns() -> Value {
    json!({ "custom:plan": "gold", "email": ANN, "email_verified": "true" })
}
