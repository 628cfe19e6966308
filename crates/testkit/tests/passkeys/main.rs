//! Passkeys: made, listed, deleted, and used in place of a password.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod authenticator;
mod registration;
mod sign_in;

use serde_json::{Value, json};

use authenticator::Authenticator;
use behaviour::{ANNS, Challenge, LEGACY, Pool, Seen, challenge, merge, refusal, user};

/// A pool whose users may have passkeys for `example.com`.
struct Passkeys {
    pool: Pool,
    /// An app client with `USER_AUTH`.
    client: String,
}

impl Passkeys {
    async fn begin() -> Self {
        Self::with(r#"web_authn = { relying_party_id = "example.com" }"#).await
    }

    /// `ann` has nothing beside the password, `eve` a second factor.
    async fn with(settings: &str) -> Self {
        let settings = format!("allowed_first_auth_factors = [\"PASSWORD\", \"WEB_AUTHN\"]\n{settings}");
        let eves = r#", sms_mfa = true, attributes = { phone_number = "+12065550105" }"#;
        let pool = Pool::with(&settings, &(user("ann", ANNS) + &user("eve", eves))).await;
        let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"] });
        let client = pool.app_client(flows).await;
        Self { pool, client }
    }

    /// An access token of `ann`.
    async fn ann(&self) -> String {
        self.pool.signed_in(LEGACY, "ann").await.access
    }

    /// An access token of `eve`, whose second factor counts once the pool has one.
    async fn eve(&self) -> String {
        self.pool.signed_in(LEGACY, "eve").await.access
    }

    /// `CredentialCreationOptions` for the bearer of a token.
    async fn options(&self, access_token: &str) -> Value {
        let begun = json!({ "AccessToken": access_token });
        let mut begun = self.pool.done("StartWebAuthnRegistration", begun).await;
        begun["CredentialCreationOptions"].take()
    }

    async fn complete(&self, access_token: &str, credential: Value) -> Seen {
        let complete = json!({ "AccessToken": access_token, "Credential": credential });
        self.pool.call("CompleteWebAuthnRegistration", complete).await
    }

    /// Makes a passkey for the bearer of a token.
    async fn register(&self, access_token: &str, authenticator: &mut Authenticator) -> Seen {
        let options = self.options(access_token).await;
        self.complete(access_token, authenticator.create(&options)).await
    }

    /// `ann` with a passkey.
    async fn ann_with(&self, authenticator: &mut Authenticator) {
        let token = self.ann().await;
        assert_eq!(self.register(&token, authenticator).await, (200, json!({})));
    }

    async fn list(&self, access_token: &str, more: Value) -> Value {
        let mut list = json!({ "AccessToken": access_token });
        merge(&mut list, more);
        self.pool.done("ListWebAuthnCredentials", list).await
    }

    async fn prefer(&self, username: &str) -> Seen {
        let parameters = json!({ "USERNAME": username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
        self.pool.initiate(&self.client, "USER_AUTH", parameters).await
    }

    async fn asked(&self) -> Challenge {
        challenge(self.prefer("ann").await, "WEB_AUTHN")
    }

    async fn answer(&self, asked: &Challenge, username: &str, credential: &Value) -> Seen {
        let answers = json!({ "USERNAME": username, "CREDENTIAL": credential.to_string() });
        self.pool
            .respond(&self.client, "WEB_AUTHN", asked.session(), answers)
            .await
    }

    /// `ann` signs in with a passkey.
    async fn sign_in(&self, authenticator: &mut Authenticator) -> Seen {
        let asked = self.asked().await;
        let credential = authenticator.get(&request_options(&asked));
        self.answer(&asked, "ann", &credential).await
    }
}

/// `CREDENTIAL_REQUEST_OPTIONS`, read.
fn request_options(asked: &Challenge) -> Value {
    serde_json::from_str(asked.parameter("CREDENTIAL_REQUEST_OPTIONS")).expect("JSON")
}

/// The text of a 400 with this exception.
fn refused(seen: &Seen, exception: &str) {
    assert_eq!(
        (seen.0, seen.1["__type"].as_str()),
        (400, Some(exception)),
        "{}",
        seen.1
    );
}

fn invalid_credential() -> Seen {
    refusal("InvalidParameterException", "Invalid passkey credential.")
}
