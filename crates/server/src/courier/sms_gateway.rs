//! Text messages through a gateway over HTTP: Twilio, Amazon SNS and what speaks like it, or one's own.
//!
//! The settings are a template: every value may hold `{to}`, `{body}` and `{code}`, which are put in as the body's form asks,
//! so that no text of a message can change the request around it.

use std::time::Duration;

use async_trait::async_trait;
use pool::ports::Message;
use pool::secret::ConfirmationCode;
use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret as _, SecretString};

use super::carrier::{Carrier, CarrierFailed};

/// How long a gateway may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where text messages go.
#[derive(Debug)]
pub struct SmsGatewaySettings {
    /// The gateway's URL, for a `POST`.
    pub url: Url,
    /// What the body looks like.
    pub body: GatewayBody,
    /// Who we are.
    pub authorization: Authorization,
    /// Headers beside.
    pub headers: Vec<(String, String)>,
}

/// The form of a gateway's requests.
#[derive(Clone, Debug)]
pub enum GatewayBody {
    /// `application/x-www-form-urlencoded`: names and templates.
    Form(Vec<(String, String)>),
    /// `application/json`: any value, whose texts are templates.
    Json(serde_json::Value),
}

/// How a gateway knows us.
#[derive(Debug)]
pub enum Authorization {
    /// Not at all, or by a header.
    None,
    /// `Basic`: name and password (Twilio: account and token).
    Basic(String, SecretString),
    /// `Bearer`.
    Bearer(SecretString),
}

/// Hands text messages to a gateway.
pub struct SmsGateway {
    http: Client,
    settings: SmsGatewaySettings,
}

impl SmsGateway {
    /// Makes the carrier over `http`; connects to nothing yet.
    #[must_use]
    pub fn new(http: Client, settings: SmsGatewaySettings) -> Self {
        Self { http, settings }
    }

    fn request(&self, message: &Message) -> RequestBuilder {
        let settings = &self.settings;
        let mut request = self.http.post(settings.url.clone()).timeout(TIMEOUT);
        for (name, value) in &settings.headers {
            request = request.header(name, value);
        }
        request = match &settings.authorization {
            Authorization::None => request,
            Authorization::Basic(name, password) => request.basic_auth(name, Some(password.expose_secret())),
            Authorization::Bearer(token) => request.bearer_auth(token.expose_secret()),
        };
        match &settings.body {
            GatewayBody::Form(members) => {
                let filled = members
                    .iter()
                    .map(|(name, template)| (name.as_str(), fill(template, message)));
                let mut form = Url::parse("form:").ok();
                let body = form.as_mut().map(|form| {
                    form.query_pairs_mut().extend_pairs(filled);
                    form.query().unwrap_or_default().to_owned()
                });
                request
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(body.unwrap_or_default())
            }
            GatewayBody::Json(template) => request.json(&fill_json(template, message)),
        }
    }
}

#[async_trait]
impl Carrier for SmsGateway {
    async fn carry(&self, message: &Message) -> Result<(), CarrierFailed> {
        let response = self.request(message).send().await.map_err(|error| {
            let told = if error.is_timeout() {
                "the gateway does not answer in time"
            } else {
                "the gateway cannot be reached"
            };
            CarrierFailed::ForNow(told.to_owned())
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let told = format!("the gateway answers {}", status.as_u16());
        // Who is throttled, or has a wrong token for now, may be let in later; a refused number will not be.
        let for_now = status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 408 | 425 | 429);
        Err(if for_now {
            CarrierFailed::ForNow(told)
        } else {
            CarrierFailed::ForGood(told)
        })
    }
}

/// Puts the message into a template, in one pass: what is put in is not looked at again.
fn fill(template: &str, message: &Message) -> String {
    let mut filled = String::with_capacity(template.len() + 160);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let code = message.code.as_ref().map_or("", ConfirmationCode::expose);
        let values = [
            ("{to}", message.destination.as_str()),
            ("{body}", message.body.expose()),
            ("{code}", code),
        ];
        let (skip, value) = values
            .into_iter()
            .find(|(name, _)| rest.starts_with(name))
            .map_or((1, "{"), |(name, value)| (name.len(), value));
        filled.push_str(value);
        rest = &rest[skip..];
    }
    filled.push_str(rest);
    filled
}

fn fill_json(template: &serde_json::Value, message: &Message) -> serde_json::Value {
    use serde_json::Value;
    match template {
        Value::String(text) => fill(text, message).into(),
        Value::Array(items) => items.iter().map(|item| fill_json(item, message)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), fill_json(value, message)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use pool::id::{UserPoolId, Username};
    use pool::ports::{Medium, MessageBody};

    use super::*;

    fn message(body: &str) -> Message {
        Message {
            user_pool_id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
            username: Username::parse("ann").unwrap(),
            medium: Medium::Sms,
            destination: "+14325551212".to_owned(),
            subject: None,
            body: MessageBody::new(body.to_owned()),
            code: Some(ConfirmationCode::new("123456".to_owned())),
        }
    }

    #[test]
    fn a_template_takes_number_text_and_code() {
        let filled = fill("{to}: {body} ({code}) {other} {", &message("Your code"));
        assert_eq!(filled, "+14325551212: Your code (123456) {other} {");
    }

    #[test]
    fn what_a_message_says_is_no_template_and_no_json() {
        let body = r#"{code} "},{"x":1"#;
        let filled = fill_json(&serde_json::json!({"text": ["{body}"], "n": 1}), &message(body));
        assert_eq!(filled, serde_json::json!({"text": [body], "n": 1}));
    }
}
