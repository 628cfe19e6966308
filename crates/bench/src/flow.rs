//! What a client does, again and again.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::ValueEnum;
use pool::ports::{Entropy as _, SystemEntropy};
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use rehome::api_client::Answer;
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::target::{PASSWORD, Target};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Flow {
    /// A sign-in by `USER_PASSWORD_AUTH`
    Password,
    /// A sign-in by `USER_SRP_AUTH`: two requests
    Srp,
    /// New tokens for a refresh token
    Refresh,
    /// The first sign-in of somebody who is in the old pool: the function asks it, the user is made
    FirstSignIn,
    /// `ForgotPassword`: a code is made and sent
    ForgotPassword,
    /// `AdminCreateUser` with a temporary password
    CreateUser,
    /// A page of `ListUsers`, sixty users
    ListUsers,
}

impl Flow {
    /// Its name on the command line and in tables.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// How one time went.
#[derive(Debug)]
pub(crate) struct Once {
    /// From request to answer, both of them for SRP; what the client computes is not in it.
    pub(crate) took: Duration,
    /// `__type` of a refusal, or what went wrong.
    pub(crate) refused: Option<String>,
}

/// One client of many.
pub(crate) struct Person<'a> {
    target: &'a Target,
    flow: Flow,
    refresh_token: String,
    last_created: String,
    waited: Duration,
}

impl<'a> Person<'a> {
    /// A client that is about to begin; one that will refresh tokens signs in.
    ///
    /// # Errors
    /// When it cannot sign in.
    pub(crate) async fn new(target: &'a Target, flow: Flow) -> anyhow::Result<Self> {
        let mut person = Self {
            target,
            flow,
            refresh_token: String::new(),
            last_created: String::new(),
            waited: Duration::ZERO,
        };
        if flow == Flow::Refresh {
            let request = person.password_request(&person.somebody());
            let answer = person.call("InitiateAuth", &request).await;
            let token = answer
                .as_ref()
                .ok()
                .and_then(|answer| answer.body["AuthenticationResult"]["RefreshToken"].as_str());
            let Some(token) = token else {
                anyhow::bail!("no refresh token: {answer:?}");
            };
            token.clone_into(&mut person.refresh_token);
        }
        Ok(person)
    }

    /// Does it once; none when there is nobody left to do it for.
    pub(crate) async fn once(&mut self) -> Option<Once> {
        self.waited = Duration::ZERO;
        let answer = match self.flow {
            Flow::Password => {
                let request = self.password_request(&self.somebody());
                self.call("InitiateAuth", &request).await
            }
            Flow::Srp => self.srp().await,
            Flow::Refresh => {
                let parameters = json!({"REFRESH_TOKEN": self.refresh_token});
                let request = self.initiate("REFRESH_TOKEN_AUTH", &parameters);
                self.call("InitiateAuth", &request).await
            }
            Flow::FirstSignIn => {
                let request = self.password_request(&self.target.people.next_waiting()?);
                self.call("InitiateAuth", &request).await
            }
            Flow::ForgotPassword => {
                let name = self.target.people.next_asking()?;
                let request = json!({"ClientId": self.target.pool.client, "Username": name});
                self.call("ForgotPassword", &request).await
            }
            Flow::CreateUser => {
                let name = self.target.people.next_new();
                self.last_created.clone_from(&name);
                let request = json!({
                    "UserPoolId": self.target.pool.user_pool, "Username": name,
                    "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS",
                    "UserAttributes": [{"Name": "email", "Value": name}],
                });
                self.call("AdminCreateUser", &request).await
            }
            Flow::ListUsers => {
                let request = json!({"UserPoolId": self.target.pool.user_pool, "Limit": 60});
                self.call("ListUsers", &request).await
            }
        };
        Some(Once {
            took: self.waited,
            refused: self.served(answer).err(),
        })
    }

    /// Whom it has created last.
    pub(crate) fn last_created(&self) -> &str {
        &self.last_created
    }

    /// An answer that is what was asked for, or why it is not.
    fn served(&self, answer: anyhow::Result<Answer>) -> Result<(), String> {
        let answer = answer.map_err(|error| format!("{error:#}"))?;
        if answer.status != 200 {
            let kind = answer.body["__type"].as_str().unwrap_or("no type");
            return Err(format!("{} {kind}", answer.status));
        }
        let is_sign_in = matches!(
            self.flow,
            Flow::Password | Flow::Srp | Flow::Refresh | Flow::FirstSignIn
        );
        if is_sign_in && !answer.body["AuthenticationResult"]["AccessToken"].is_string() {
            return Err("200 without tokens".to_owned());
        }
        Ok(())
    }

    fn somebody(&self) -> String {
        let mut number = [0; 8];
        SystemEntropy.fill(&mut number);
        self.target.people.settled(u64::from_le_bytes(number))
    }

    async fn call(&mut self, operation: &str, body: &Value) -> anyhow::Result<Answer> {
        let began = Instant::now();
        let api = self.target.api().context("no endpoint")?;
        let answer = api.call(operation, body).await;
        self.waited += began.elapsed();
        answer
    }

    fn initiate(&self, flow: &str, parameters: &Value) -> Value {
        json!({"AuthFlow": flow, "ClientId": self.target.pool.client, "AuthParameters": parameters})
    }

    fn password_request(&self, name: &str) -> Value {
        self.initiate(
            "USER_PASSWORD_AUTH",
            &json!({"USERNAME": name, "PASSWORD": PASSWORD}),
        )
    }

    async fn srp(&mut self) -> anyhow::Result<Answer> {
        let client = Client::begin(&SystemEntropy);
        let parameters = json!({"USERNAME": self.somebody(), "SRP_A": client.srp_a()});
        let request = self.initiate("USER_SRP_AUTH", &parameters);
        let posed = self.call("InitiateAuth", &request).await?;
        if posed.status != 200 {
            return Ok(posed);
        }
        let given = |name: &str| {
            let value = &posed.body["ChallengeParameters"][name];
            value.as_str().unwrap_or_default().to_owned()
        };
        let (salt, srp_b, secret_block) = (given("SALT"), given("SRP_B"), given("SECRET_BLOCK"));
        let verifier = PasswordVerifier {
            salt: &salt,
            srp_b: &srp_b,
            secret_block: &secret_block,
        };
        let user_id = given("USER_ID_FOR_SRP");
        let timestamp = timestamp()?;
        let identity = Identity::new(&self.target.pool.user_pool, &user_id);
        let signature = client
            .sign(&identity, PASSWORD, &verifier, &timestamp)
            .map_err(|_| anyhow::anyhow!("a challenge that cannot be answered: {}", posed.body))?;
        let request = json!({
            "ChallengeName": "PASSWORD_VERIFIER", "ClientId": self.target.pool.client,
            "ChallengeResponses": {
                "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
                "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
            },
        });
        self.call("RespondToAuthChallenge", &request).await
    }
}

/// The moment as `TIMESTAMP` of an SRP sign-in has it.
fn timestamp() -> anyhow::Result<String> {
    let format = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
    );
    Ok(OffsetDateTime::now_utc().format(&format)?)
}
