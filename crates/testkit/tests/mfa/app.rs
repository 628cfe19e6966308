//! An authenticator app, and what people do with it.

use std::sync::Arc;

use aws_lc_rs::hmac;
use pool::ports::Clock as _;
use serde_json::{Value, json};
use testkit::ManualClock;

use crate::behaviour::{Challenge, LEGACY, PASSWORD, POOL, Pool, Seen, challenge};

/// The app of somebody who has typed the secret into it; written apart from the pool's own rules.
pub(crate) struct App {
    secret: Vec<u8>,
    clock: Arc<ManualClock>,
}

impl App {
    pub(crate) fn new(pool: &Pool, secret_code: &str) -> Self {
        Self {
            secret: decoded(secret_code),
            clock: Arc::clone(&pool.clock),
        }
    }

    /// The code that it shows.
    pub(crate) fn code(&self) -> String {
        self.code_of_step(0)
    }

    /// The code of a step before or after the present one.
    pub(crate) fn code_of_step(&self, offset: i64) -> String {
        let step = self.clock.now().seconds() / 30 + offset;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        let offset = usize::from(digest[19] & 15);
        let bytes = digest[offset..offset + 4].try_into().expect("four bytes");
        format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
    }

    /// A code of no step that counts.
    pub(crate) fn wrong_code(&self) -> String {
        let right: Vec<String> = (-2..=2).map(|offset| self.code_of_step(offset)).collect();
        (0..1_000_000)
            .map(|n| format!("{n:06}"))
            .find(|code| !right.contains(code))
            .expect("a code")
    }
}

/// Base32 without padding.
fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u64, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("no Base32: {other}"),
        };
        bits = (bits << 5) | u64::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 255).expect("a byte"));
        }
    }
    bytes
}

/// The members of `SetUserPoolMfaConfig` that offer every factor.
pub(crate) fn every_factor(mfa: &str) -> Value {
    json!({
        "UserPoolId": POOL, "MfaConfiguration": mfa, "SmsMfaConfiguration": {},
        "SoftwareTokenMfaConfiguration": { "Enabled": true }, "EmailMfaConfiguration": {},
    })
}

/// Those that offer authenticator apps alone.
pub(crate) fn apps_alone(mfa: &str) -> Value {
    json!({
        "UserPoolId": POOL, "MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": { "Enabled": true },
    })
}

/// A pool with these users that offers factors so.
pub(crate) async fn pool(config: Value, users: &str) -> Pool {
    let pool = Pool::with("", users).await;
    pool.done("SetUserPoolMfaConfig", config).await;
    pool
}

/// Sets an app up for somebody who is signed in, and turns it on. Its next code is of the step after.
pub(crate) async fn registered(pool: &Pool, access_token: &str) -> App {
    let app = verified(pool, access_token).await;
    let on = json!({ "AccessToken": access_token, "SoftwareTokenMfaSettings": { "Enabled": true } });
    assert_eq!(pool.done("SetUserMFAPreference", on).await, json!({}));
    app
}

/// The same without turning it on.
pub(crate) async fn verified(pool: &Pool, access_token: &str) -> App {
    let given = pool
        .done("AssociateSoftwareToken", json!({ "AccessToken": access_token }))
        .await;
    let app = App::new(pool, given["SecretCode"].as_str().expect("a secret"));
    let verify = json!({
        "AccessToken": access_token, "UserCode": app.code(), "FriendlyDeviceName": "my phone",
    });
    assert_eq!(
        pool.done("VerifySoftwareToken", verify).await,
        json!({ "Status": "SUCCESS" })
    );
    pool.wait(pool::time::Span::seconds(30));
    app
}

/// The challenge of a sign-in with the right password.
pub(crate) async fn asked(pool: &Pool, username: &str, name: &str) -> Challenge {
    challenge(pool.sign_in(LEGACY, username, PASSWORD).await, name)
}

/// Answers `SOFTWARE_TOKEN_MFA`.
pub(crate) async fn totp(pool: &Pool, session: &str, username: &str, code: &str) -> Seen {
    let answers = json!({ "USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": code });
    pool.respond(LEGACY, "SOFTWARE_TOKEN_MFA", session, answers).await
}
