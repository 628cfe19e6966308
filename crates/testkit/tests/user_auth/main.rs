//! `USER_AUTH`: the user chooses with what the sign-in begins.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so"
)]

mod attack;
#[path = "../behaviour/mod.rs"]
mod behaviour;
mod choice;
mod code;
mod unknown;

use serde_json::{Value, json};

use behaviour::{ANNS, Challenge, POOL, Pool, Seen, challenge, merge, refusal, user};

const EMAIL: &str = "ann@example.com";
const PHONE: &str = "+12065550105";
const EVES: &str = "+12065550106";

/// A pool in which the sign-in may begin with a code, and its two app clients.
struct Choosing {
    pool: Pool,
    /// Tells that a user does not exist.
    legacy: String,
    /// Does not.
    hiding: String,
}

impl Choosing {
    /// `ann` has a verified address; `bob` has one that is not; `cal` has a verified number; `eve` has a second
    /// factor; `fay` a temporary password.
    async fn begin() -> Self {
        Self::with(json!({})).await
    }

    async fn with(settings: Value) -> Self {
        let bobs = r#", attributes = { email = "bob@example.com" }"#;
        let cals = format!(r#", attributes = {{ phone_number = "{PHONE}", phone_number_verified = true }}"#);
        let fays = r#", status = "FORCE_CHANGE_PASSWORD", attributes = { email = "fay@example.com", email_verified = true }"#;
        let eves = format!(
            r#", sms_mfa = true, attributes = {{ email = "eve@example.com", email_verified = true, phone_number = "{EVES}" }}"#
        );
        let users = [
            user("ann", ANNS),
            user("bob", bobs),
            user("cal", &cals),
            user("eve", &eves),
            user("fay", fays),
        ];
        let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &users.concat()).await;
        let factors = json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP"]);
        let mut update = json!({ "UserPoolId": POOL, "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": factors } } });
        merge(&mut update, settings);
        pool.done("UpdateUserPool", update).await;
        let client = |errors: &str| {
            json!({
                "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "PreventUserExistenceErrors": errors,
            })
        };
        let legacy = pool.app_client(client("LEGACY")).await;
        let hiding = pool.app_client(client("ENABLED")).await;
        Self { pool, legacy, hiding }
    }

    /// `InitiateAuth` with these parameters beside the name.
    async fn initiate(&self, client: &str, username: &str, more: Value) -> Seen {
        let mut parameters = json!({ "USERNAME": username });
        merge(&mut parameters, more);
        self.pool.initiate(client, "USER_AUTH", parameters).await
    }

    /// Asks for this challenge.
    async fn prefer(&self, username: &str, preferred: &str) -> Seen {
        self.initiate(
            &self.legacy,
            username,
            json!({ "PREFERRED_CHALLENGE": preferred }),
        )
        .await
    }

    async fn asked_by_email(&self) -> Challenge {
        challenge(self.prefer("ann", "EMAIL_OTP").await, "EMAIL_OTP")
    }

    async fn choices(&self, username: &str) -> Challenge {
        challenge(
            self.initiate(&self.legacy, username, json!({})).await,
            "SELECT_CHALLENGE",
        )
    }

    /// Answers a challenge with these parameters beside the name.
    async fn respond(&self, name: &str, session: &str, username: &str, more: Value) -> Seen {
        let mut answers = json!({ "USERNAME": username });
        merge(&mut answers, more);
        self.pool.respond(&self.legacy, name, session, answers).await
    }

    async fn code(&self, session: &str, code: &str) -> Seen {
        self.respond("EMAIL_OTP", session, "ann", json!({ "EMAIL_OTP_CODE": code }))
            .await
    }
}

fn available(challenge: &Challenge) -> &Value {
    &challenge.0["AvailableChallenges"]
}

fn wrong_code() -> Seen {
    refusal(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    )
}

fn not_available() -> Seen {
    refusal(
        "InvalidParameterException",
        "Selected challenge is not available.",
    )
}

/// A code that is not the right one.
fn other_than(code: &str) -> &'static str {
    if code == "00000000" {
        "00000001"
    } else {
        "00000000"
    }
}
