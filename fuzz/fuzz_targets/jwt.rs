//! A token as outsiders send it: no text but a signed one is accepted, and none makes a panic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pool::jwt::{SigningKey, VerifyingKeys, peek_claims};

static KEYS: LazyLock<VerifyingKeys> = LazyLock::new(|| {
    let key = SigningKey::generate().expect("a key");
    VerifyingKeys::new([&key]).expect("its public side")
});

fuzz_target!(|token: &str| {
    let _ = peek_claims(token);
    assert!(KEYS.verify(token).is_err(), "nobody signs by chance");
});
