//! What people and administrators do in the story, over HTTP as any client does it.

use anyhow::Context as _;
use pool::ports::{Clock as _, SystemClock, SystemEntropy};
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use serde_json::{Value, json};

use super::cast::{NEW_CLIENT, NEW_POOL, Person};
use super::stage::Stage;
use crate::api_client::Answer;
use crate::clock_text;

impl Stage {
    /// `InitiateAuth` with `USER_PASSWORD_AUTH` at the new pool.
    pub(super) async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<Answer> {
        let parameters = json!({ "USERNAME": email, "PASSWORD": password });
        self.initiate("USER_PASSWORD_AUTH", parameters).await
    }

    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH` at the new pool.
    pub(super) async fn refresh(&self, refresh_token: &str) -> anyhow::Result<Answer> {
        self.initiate("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": refresh_token }))
            .await
    }

    /// Signs in with SRP as Amplify does it: the password stays here.
    pub(super) async fn sign_in_with_srp(&self, person: &Person) -> anyhow::Result<Answer> {
        let client = Client::begin(&SystemEntropy);
        let parameters = json!({ "USERNAME": person.email, "SRP_A": client.srp_a() });
        let challenge = self.initiate("USER_SRP_AUTH", parameters).await?;
        if challenge.exception().is_some() {
            return Ok(challenge);
        }
        let parameter = |name: &str| challenge.text(&format!("/ChallengeParameters/{name}")).to_owned();
        let user = parameter("USER_ID_FOR_SRP");
        let (salt, srp_b, secret_block) = (parameter("SALT"), parameter("SRP_B"), parameter("SECRET_BLOCK"));
        let verifier = PasswordVerifier {
            salt: &salt,
            srp_b: &srp_b,
            secret_block: &secret_block,
        };
        let timestamp = clock_text::srp_timestamp(SystemClock.now());
        let identity = Identity::new(NEW_POOL, &user);
        let signature = client
            .sign(&identity, person.password, &verifier, &timestamp)
            .context("the server's SRP challenge cannot be answered")?;
        let responses = json!({
            "USERNAME": user,
            "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature,
            "TIMESTAMP": timestamp,
        });
        self.respond("PASSWORD_VERIFIER", None, responses).await
    }

    /// Answers the challenge of a code by SMS.
    pub(super) async fn answer_sms(
        &self,
        challenge: &Answer,
        email: &str,
        code: &str,
    ) -> anyhow::Result<Answer> {
        let responses = json!({ "USERNAME": email, "SMS_MFA_CODE": code });
        self.respond("SMS_MFA", Some(challenge.text("/Session")), responses)
            .await
    }

    /// `ForgotPassword` at the new pool.
    pub(super) async fn forgot_password(&self, email: &str) -> anyhow::Result<Answer> {
        self.api
            .call(
                "ForgotPassword",
                &json!({ "ClientId": NEW_CLIENT, "Username": email }),
            )
            .await
    }

    /// `ConfirmForgotPassword` with the code that the outbox has for this address.
    pub(super) async fn reset_password(&self, email: &str, password: &str) -> anyhow::Result<Answer> {
        let code = self.api.newest_code(NEW_POOL, email).await?;
        let body = json!({ "ClientId": NEW_CLIENT, "Username": email, "ConfirmationCode": code, "Password": password });
        self.api.call("ConfirmForgotPassword", &body).await
    }

    /// `AdminGetUser` at a pool.
    pub(super) async fn admin_get_user(&self, user_pool_id: &str, email: &str) -> anyhow::Result<Answer> {
        self.api
            .call(
                "AdminGetUser",
                &json!({ "UserPoolId": user_pool_id, "Username": email }),
            )
            .await
    }

    async fn initiate(&self, flow: &str, parameters: Value) -> anyhow::Result<Answer> {
        let body = json!({ "AuthFlow": flow, "ClientId": NEW_CLIENT, "AuthParameters": parameters });
        self.api.call("InitiateAuth", &body).await
    }

    async fn respond(&self, name: &str, session: Option<&str>, responses: Value) -> anyhow::Result<Answer> {
        let mut body =
            json!({ "ChallengeName": name, "ClientId": NEW_CLIENT, "ChallengeResponses": responses });
        if let Some(session) = session {
            body["Session"] = session.into();
        }
        self.api.call("RespondToAuthChallenge", &body).await
    }
}
