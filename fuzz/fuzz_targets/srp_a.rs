//! `SRP_A` as outsiders send it: it is read or refused, and whatever is read can be answered without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pool::ports::SystemEntropy;
use pool::srp::{Exchange, Identity, Proof, SrpA, Verifier};

fuzz_target!(|text: &str| {
    let Ok(srp_a) = SrpA::parse(text) else { return };
    let identity = Identity::new("us-east-1_8LxAFhQ8D", "user");
    let verifier = Verifier::new(&identity, "password", [7; 16]);
    let exchange = Exchange::begin(&verifier, srp_a, &SystemEntropy);
    let carried = exchange.to_text();
    let exchange = Exchange::from_text(&carried).expect("an exchange reads what it wrote");
    let proof = Proof { identity, secret_block: text.as_bytes(), timestamp: text, signature: text };
    assert!(!exchange.is_proven(&verifier, &proof), "nobody proves a password by chance");
});
