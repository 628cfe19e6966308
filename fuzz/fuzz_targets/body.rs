//! A request body as outsiders send it: whatever the constraints accept, the typed request reads; nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Operation;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether the typed request reads the body.
type Reads = fn(Value) -> bool;

fn reads<T: DeserializeOwned>(body: Value) -> bool {
    serde_json::from_value::<T>(body).is_ok()
}

/// The operations that anybody may call unsigned, and the ones with the deepest shapes.
const OPERATIONS: [(Operation, Reads); 8] = [
    (Operation::InitiateAuth, reads::<model::InitiateAuthRequest>),
    (Operation::RespondToAuthChallenge, reads::<model::RespondToAuthChallengeRequest>),
    (Operation::ForgotPassword, reads::<model::ForgotPasswordRequest>),
    (Operation::ConfirmForgotPassword, reads::<model::ConfirmForgotPasswordRequest>),
    (Operation::ChangePassword, reads::<model::ChangePasswordRequest>),
    (Operation::AdminCreateUser, reads::<model::AdminCreateUserRequest>),
    (Operation::CreateUserPool, reads::<model::CreateUserPoolRequest>),
    (Operation::CreateUserPoolClient, reads::<model::CreateUserPoolClientRequest>),
];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, body) = input;
    let (operation, reads) = OPERATIONS[usize::from(choice) % OPERATIONS.len()];
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return };
    if model::validate(operation, &body).is_ok() {
        assert!(reads(body), "{} accepts what it cannot read", operation.as_str());
    }
});
