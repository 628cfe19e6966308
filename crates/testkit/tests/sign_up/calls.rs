//! The calls of a sign-up, and its refusals to the letter.

use serde_json::{Value, json};

use crate::behaviour::{LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, Seen, merge, refusal};

/// A pool that sends codes to e-mail addresses.
pub(crate) const BY_EMAIL: &str = "auto_verified_attributes = [\"email\"]";

/// `email` as the only attribute.
pub(crate) fn email(address: &str) -> Value {
    json!([{ "Name": "email", "Value": address }])
}

impl Pool {
    /// `SignUp` at [`LEGACY`], with further members.
    pub(crate) async fn sign_up(&self, username: &str, attributes: Value, rest: Value) -> Seen {
        let mut body = json!({
            "ClientId": LEGACY, "Username": username, "Password": PASSWORD, "UserAttributes": attributes,
        });
        merge(&mut body, rest);
        self.call("SignUp", body).await
    }

    /// A sign-up with an e-mail address that must be taken; gives the code, if one came.
    pub(crate) async fn signed_up(&self, username: &str, address: &str) -> String {
        let seen = self.sign_up(username, email(address), json!({})).await;
        assert_eq!(seen.0, 200, "{}", seen.1);
        self.code(address).await
    }

    pub(crate) async fn confirm(&self, client: &str, username: &str, code: &str, rest: Value) -> Seen {
        let mut body = json!({ "ClientId": client, "Username": username, "ConfirmationCode": code });
        merge(&mut body, rest);
        self.call("ConfirmSignUp", body).await
    }

    pub(crate) async fn resend(&self, client: &str, username: &str) -> Seen {
        let body = json!({ "ClientId": client, "Username": username });
        self.call("ResendConfirmationCode", body).await
    }
}

pub(crate) fn done() -> Seen {
    (200, json!({}))
}

pub(crate) fn delivered(medium: &str, attribute: &str, destination: &str) -> Value {
    json!({ "AttributeName": attribute, "DeliveryMedium": medium, "Destination": destination })
}

pub(crate) fn wrong_code() -> Seen {
    refusal(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
}

pub(crate) fn expired_code() -> Seen {
    refusal(
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
    )
}

pub(crate) fn too_many() -> Seen {
    refusal(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

pub(crate) fn unknown() -> Seen {
    refusal(
        "UserNotFoundException",
        "Username/client id combination not found.",
    )
}

pub(crate) fn not_to_be_confirmed(status: &str) -> Seen {
    refusal(
        NOT_AUTHORIZED,
        &format!("User cannot be confirmed. Current status is {status}"),
    )
}

/// A code that is not the right one.
pub(crate) fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}
