//! A new passkey as a browser sends it: JSON, CBOR and keys inside are read or refused; nothing panics. The CBOR is fuzzed by
//! itself too, in the frame of an otherwise right credential.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pool::web_authn::is_registration;
use serde_json::json;

fuzz_target!(|input: (&str, &[u8])| {
    let (text, attestation) = input;
    if let Ok(credential) = serde_json::from_str(text) {
        let _whether = is_registration(&credential, "example.com");
    }
    let client_data = r#"{"type":"webauthn.create","challenge":"AAAA","origin":"https://example.com"}"#;
    let credential = json!({
        "id": "AAAA", "type": "public-key",
        "response": { "clientDataJSON": base64url(client_data.as_bytes()), "attestationObject": base64url(attestation) },
    });
    let _whether = is_registration(&credential, "example.com");
});

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for n in 0..=chunk.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * n) & 63) as usize]));
        }
    }
    text
}
