//! What a stranger tries under somebody's name, step by step.

use std::time::{Duration, Instant};

use pool::ports::SystemEntropy;
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use serde_json::{Value, json};

use crate::scene::{CLIENT, POOL, Person, Scene};

const WRONG: &str = "Wrong-Password-1";
const TIMESTAMP: &str = "Sat Nov 21 04:05:06 UTC 2026";

/// One step as the client saw it.
pub(crate) struct Seen {
    pub(crate) step: &'static str,
    pub(crate) took: Duration,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// A way to try.
#[derive(Clone, Copy)]
pub(crate) enum Flow {
    Password,
    Srp,
    ChosenPassword,
    ChosenSrp,
    Choice,
    EmailCode,
    Custom,
    ForgotPassword,
    ConfirmForgotPassword,
}

impl Flow {
    pub(crate) const ALL: &[Self] = &[
        Self::Password,
        Self::Srp,
        Self::Choice,
        Self::ChosenPassword,
        Self::ChosenSrp,
        Self::EmailCode,
        Self::Custom,
        Self::ForgotPassword,
        Self::ConfirmForgotPassword,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "USER_PASSWORD_AUTH",
            Self::Srp => "USER_SRP_AUTH",
            Self::Choice | Self::ChosenPassword | Self::ChosenSrp | Self::EmailCode => "USER_AUTH",
            Self::Custom => "CUSTOM_AUTH",
            Self::ForgotPassword => "ForgotPassword",
            Self::ConfirmForgotPassword => "ConfirmForgotPassword",
        }
    }

    /// What has to be there before the round, for everybody alike.
    pub(crate) async fn prepare(self, scene: &Scene, people: &[Person]) {
        if let Self::ConfirmForgotPassword = self {
            for person in people {
                scene.call("ForgotPassword", forgot(&person.name)).await;
            }
        }
    }

    /// Tries it under a name, wrongly.
    pub(crate) async fn play(self, scene: &Scene, name: &str) -> Vec<Seen> {
        let mut tries = Tries {
            scene,
            name,
            seen: Vec::new(),
        };
        match self {
            Self::Password => {
                let parameters = json!({ "USERNAME": name, "PASSWORD": WRONG });
                tries
                    .initiate("a wrong password", "USER_PASSWORD_AUTH", parameters)
                    .await;
            }
            Self::Srp => tries.srp("USER_SRP_AUTH", json!({})).await,
            Self::ChosenPassword => {
                let parameters = json!({
                    "USERNAME": name, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": WRONG,
                });
                tries.initiate("a wrong password", "USER_AUTH", parameters).await;
            }
            Self::ChosenSrp => {
                tries
                    .srp("USER_AUTH", json!({ "PREFERRED_CHALLENGE": "PASSWORD_SRP" }))
                    .await;
            }
            Self::Choice => tries.choice().await,
            Self::EmailCode => tries.email_code().await,
            Self::Custom => tries.custom().await,
            Self::ForgotPassword => {
                tries
                    .call("a code is asked for", "ForgotPassword", forgot(name))
                    .await;
            }
            Self::ConfirmForgotPassword => {
                let body = json!({
                    "ClientId": CLIENT, "Username": name, "ConfirmationCode": "not-it", "Password": "New-Password-1",
                });
                tries.call("a wrong code", "ConfirmForgotPassword", body).await;
            }
        }
        tries.seen
    }
}

fn forgot(name: &str) -> Value {
    json!({ "ClientId": CLIENT, "Username": name })
}

/// The steps of one try.
struct Tries<'s> {
    scene: &'s Scene,
    name: &'s str,
    seen: Vec<Seen>,
}

impl Tries<'_> {
    async fn call(&mut self, step: &'static str, operation: &str, body: Value) -> Value {
        let began = Instant::now();
        let (status, body) = self.scene.server.api(operation, &body).await.expect("an answer");
        self.seen.push(Seen {
            step,
            took: began.elapsed(),
            status,
            body: body.clone(),
        });
        body
    }

    async fn initiate(&mut self, step: &'static str, flow: &str, parameters: Value) -> Value {
        let body = json!({ "ClientId": CLIENT, "AuthFlow": flow, "AuthParameters": parameters });
        self.call(step, "InitiateAuth", body).await
    }

    async fn respond(&mut self, step: &'static str, asked: &Value, name: &str, mut answers: Value) -> Value {
        answers["USERNAME"] = self.name.into();
        let mut body = json!({ "ClientId": CLIENT, "ChallengeName": name, "ChallengeResponses": answers });
        if asked["Session"].is_string() {
            body["Session"] = asked["Session"].clone();
        }
        self.call(step, "RespondToAuthChallenge", body).await
    }

    /// SRP with a wrong password.
    async fn srp(&mut self, flow: &str, more: Value) {
        let client = Client::begin(&SystemEntropy);
        let mut parameters = json!({ "USERNAME": self.name, "SRP_A": client.srp_a() });
        if let (Value::Object(parameters), Value::Object(more)) = (&mut parameters, more) {
            parameters.extend(more);
        }
        let asked = self.initiate("SRP_A", flow, parameters).await;
        let given = |name: &str| asked["ChallengeParameters"][name].as_str().unwrap_or_default();
        let verifier = PasswordVerifier {
            salt: given("SALT"),
            srp_b: given("SRP_B"),
            secret_block: given("SECRET_BLOCK"),
        };
        let identity = Identity::new(POOL, given("USER_ID_FOR_SRP"));
        let signature = client
            .sign(&identity, WRONG, &verifier, TIMESTAMP)
            .expect("a challenge");
        let body = json!({
            "ClientId": CLIENT, "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": {
                "USERNAME": given("USER_ID_FOR_SRP"), "PASSWORD_CLAIM_SECRET_BLOCK": verifier.secret_block,
                "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIMESTAMP,
            },
        });
        self.call("a wrong proof", "RespondToAuthChallenge", body).await;
    }

    /// The choice is shown, and a wrong password chosen.
    async fn choice(&mut self) {
        let asked = self
            .initiate(
                "what there is to choose from",
                "USER_AUTH",
                json!({ "USERNAME": self.name }),
            )
            .await;
        let answers = json!({ "ANSWER": "PASSWORD", "PASSWORD": WRONG });
        self.respond("a chosen password", &asked, "SELECT_CHALLENGE", answers)
            .await;
    }

    async fn email_code(&mut self) {
        let parameters = json!({ "USERNAME": self.name, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
        let asked = self.initiate("a code by e-mail", "USER_AUTH", parameters).await;
        let answers = json!({ "EMAIL_OTP_CODE": "00000000" });
        self.respond("a wrong code", &asked, "EMAIL_OTP", answers).await;
    }

    async fn custom(&mut self) {
        let asked = self
            .initiate("a question", "CUSTOM_AUTH", json!({ "USERNAME": self.name }))
            .await;
        let answers = json!({ "ANSWER": "?" });
        self.respond("a wrong answer", &asked, "CUSTOM_CHALLENGE", answers)
            .await;
    }
}
