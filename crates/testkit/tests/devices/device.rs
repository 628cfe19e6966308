//! A device as a client keeps it, and the pool that tracks it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::ports::SystemEntropy;
use pool::srp::client::{Client, PasswordVerifier};
use pool::srp::{Identity, SALT_LENGTH, Verifier};
use serde_json::{Value, json};

use crate::behaviour::{
    Challenge, LEGACY, PASSWORD, POOL, Pool, Seen, TIMESTAMP, challenge, merge, refusal, tokens, user,
};

/// Has a code by SMS as the second factor; `ann` has none.
pub(crate) const EVE: &str = "eve";
pub(crate) const PHONE: &str = "+12065550105";
pub(crate) const ANNS_PHONE: &str = "+12065550100";
/// What the device has drawn for itself.
pub(crate) const DEVICE_PASSWORD: &str = "Zm9ydHkgcmFuZG9tIGJ5dGVzIG9mIHRoZSBkZXZpY2UsIGluIEJhc2U2NCE=";

/// `ann` and `eve` in the words of the pools file.
pub(crate) fn people() -> String {
    let phone = |rest: &str, number: &str| format!("{rest}, attributes = {{ phone_number = \"{number}\" }}");
    user(EVE, &phone(", sms_mfa = true", PHONE)) + &user("ann", &phone("", ANNS_PHONE))
}

/// Makes a pool offer codes by SMS and track devices so.
pub(crate) async fn track(pool: &Pool, configuration: Value) {
    let update = json!({
        "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL", "DeviceConfiguration": configuration,
    });
    pool.done("UpdateUserPool", update).await;
}

/// A pool of [`people`] that tracks devices so.
pub(crate) async fn tracking(configuration: Value) -> Pool {
    let pool = Pool::with("", &people()).await;
    track(&pool, configuration).await;
    pool
}

/// A pool whose remembered devices spare their users the second factor.
pub(crate) async fn sparing() -> Pool {
    tracking(json!({ "ChallengeRequiredOnNewDevice": true })).await
}

/// What a client keeps, beside [`DEVICE_PASSWORD`].
pub(crate) struct Device {
    pub(crate) key: String,
    pub(crate) group_key: String,
}

impl Device {
    /// The device of `NewDeviceMetadata`.
    pub(crate) fn of(seen: &Seen) -> Self {
        let metadata = &seen.1["AuthenticationResult"]["NewDeviceMetadata"];
        let text = |name: &str| metadata[name].as_str().expect("new device metadata").to_owned();
        Self {
            key: text("DeviceKey"),
            group_key: text("DeviceGroupKey"),
        }
    }

    fn identity(&self) -> Identity<'_> {
        Identity {
            pool_name: &self.group_key,
            user_id: &self.key,
        }
    }

    /// `ConfirmDevice`, salt and verifier as clients pad them.
    pub(crate) async fn confirm(&self, pool: &Pool, access_token: &str) -> Seen {
        let bytes = Verifier::new(&self.identity(), DEVICE_PASSWORD, [0x81; SALT_LENGTH]).to_bytes();
        let (salt, v) = bytes.split_at(SALT_LENGTH);
        let padded = |number: &[u8]| STANDARD.encode([&[0], number].concat());
        let body = json!({
            "AccessToken": access_token, "DeviceKey": self.key, "DeviceName": "laptop",
            "DeviceSecretVerifierConfig": { "Salt": padded(salt), "PasswordVerifier": padded(v) },
        });
        pool.call("ConfirmDevice", body).await
    }

    /// `USER_PASSWORD_AUTH` from the device.
    pub(crate) async fn sign_in(&self, pool: &Pool, username: &str, password: &str) -> Seen {
        let parameters = json!({ "USERNAME": username, "PASSWORD": password, "DEVICE_KEY": self.key });
        pool.initiate(LEGACY, "USER_PASSWORD_AUTH", parameters).await
    }

    /// The answer to `DEVICE_SRP_AUTH` for `eve`.
    pub(crate) async fn srp_a(&self, pool: &Pool, client: &Client, session: Option<&str>) -> Seen {
        self.srp_a_of(EVE, pool, client, session).await
    }

    /// The same for somebody else.
    pub(crate) async fn srp_a_of(
        &self,
        username: &str,
        pool: &Pool,
        client: &Client,
        session: Option<&str>,
    ) -> Seen {
        let mut body = json!({
            "ClientId": LEGACY, "ChallengeName": "DEVICE_SRP_AUTH",
            "ChallengeResponses": { "USERNAME": username, "DEVICE_KEY": self.key, "SRP_A": client.srp_a() },
        });
        if let Some(session) = session {
            merge(&mut body, json!({ "Session": session }));
        }
        pool.call("RespondToAuthChallenge", body).await
    }

    /// The members of an answer to `DEVICE_PASSWORD_VERIFIER`.
    pub(crate) fn proof(&self, client: &Client, asked: &Challenge, password: &str) -> Value {
        let verifier = PasswordVerifier {
            salt: asked.parameter("SALT"),
            srp_b: asked.parameter("SRP_B"),
            secret_block: asked.parameter("SECRET_BLOCK"),
        };
        let signature = client
            .sign(&self.identity(), password, &verifier, TIMESTAMP)
            .expect("a challenge");
        json!({
            "USERNAME": asked.parameter("USERNAME"), "DEVICE_KEY": self.key,
            "PASSWORD_CLAIM_SECRET_BLOCK": verifier.secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIMESTAMP,
        })
    }

    /// Answers both challenges of a device, from `DEVICE_SRP_AUTH` on.
    pub(crate) async fn prove(&self, pool: &Pool, asked: &Challenge, password: &str) -> Seen {
        self.prove_by(pool, asked, asked.session(), password).await
    }

    /// The same with a session of the test's own.
    pub(crate) async fn prove_by(
        &self,
        pool: &Pool,
        asked: &Challenge,
        session: &str,
        password: &str,
    ) -> Seen {
        let client = Client::begin(&SystemEntropy);
        let username = asked.parameter("USERNAME");
        let seen = self.srp_a_of(username, pool, &client, Some(session)).await;
        let asked = challenge(seen, "DEVICE_PASSWORD_VERIFIER");
        answer_proof(pool, LEGACY, self.proof(&client, &asked, password)).await
    }
}

/// `RespondToAuthChallenge` with these members of an answer to `DEVICE_PASSWORD_VERIFIER`.
pub(crate) async fn answer_proof(pool: &Pool, client: &str, answers: Value) -> Seen {
    let body = json!({
        "ClientId": client, "ChallengeName": "DEVICE_PASSWORD_VERIFIER", "ChallengeResponses": answers,
    });
    pool.call("RespondToAuthChallenge", body).await
}

/// Gives the code that `eve` is asked for.
pub(crate) async fn by_code(pool: &Pool, seen: Seen) -> Seen {
    let asked = challenge(seen, "SMS_MFA");
    let code = pool.code(PHONE).await;
    pool.sms_code(asked.session(), EVE, &code).await
}

/// A confirmed device of `eve`, and the access token of the sign-in that made it known.
pub(crate) async fn confirmed(pool: &Pool) -> (Device, String) {
    let seen = by_code(pool, pool.sign_in(LEGACY, EVE, PASSWORD).await).await;
    confirmed_of(pool, seen).await
}

/// The same of `ann`, who has no second factor.
pub(crate) async fn anns(pool: &Pool) -> (Device, String) {
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    confirmed_of(pool, seen).await
}

/// Confirms the new device of a sign-in.
pub(crate) async fn confirmed_of(pool: &Pool, seen: Seen) -> (Device, String) {
    let device = Device::of(&seen);
    let token = tokens(seen).access;
    assert_eq!(device.confirm(pool, &token).await.0, 200);
    (device, token)
}

/// Whether an answer tells of a new device.
pub(crate) fn has_new_device(seen: &Seen) -> bool {
    seen.1["AuthenticationResult"].get("NewDeviceMetadata").is_some()
}

/// There is no such device.
pub(crate) fn unknown() -> Seen {
    refusal("ResourceNotFoundException", "Device does not exist.")
}
