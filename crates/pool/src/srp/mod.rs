//! SRP-6a as Cognito runs it: `USER_SRP_AUTH` and the challenge `PASSWORD_VERIFIER`.
//!
//! A server keeps a [`Verifier`] instead of a password. At InitiateAuth it begins an [`Exchange`] with the
//! client's `SRP_A` and answers `SALT` and `SRP_B`; at RespondToAuthChallenge the client's [`Proof`] shows that it knows the
//! password. The same verifier judges passwords that come in the clear. The client's side is in [`client`].
//!
//! The formulas are SRP-6a's with SHA-256 and the group of RFC 3526 (15) with g = 2; the key and the signature
//! are Cognito's own, known from Amplify's clients. Arithmetic on secrets takes the same steps whatever they are.

pub mod client;
mod exchange;
mod generator_powers;
mod group;
pub(crate) mod hex;
mod modulus;
mod montgomery;
mod pad;
mod verifier;

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use group::Element;
use pad::pad;

pub use exchange::{BrokenExchange, Exchange, InvalidSrpA, MAX_SRP_A_LENGTH, Proof, SrpA};
pub use generator_powers::prepare;
pub use verifier::{BrokenVerifier, SALT_LENGTH, VERIFIER_LENGTH, Verifier};

/// Whose password it is. A verifier fits this identity alone.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The part of the pool's id after the underscore: `8LxAFhQ8D` of `us-east-1_8LxAFhQ8D`.
    pub pool_name: &'a str,
    /// `USER_ID_FOR_SRP`: the real user name, never an alias.
    pub user_id: &'a str,
}

impl<'a> Identity<'a> {
    /// The identity of a user in the pool of this id.
    #[must_use]
    pub fn new(user_pool_id: &'a str, user_id: &'a str) -> Self {
        let pool_name = user_pool_id
            .split_once('_')
            .map_or(user_pool_id, |(_, name)| name);
        Self { pool_name, user_id }
    }

    /// x = SHA-256(pad(salt) ‖ SHA-256(pool name ‖ user id ‖ ":" ‖ password)).
    fn private_key(&self, password: &str, salt: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut inner = Context::new(&SHA256);
        for part in [self.pool_name, self.user_id, ":", password] {
            inner.update(part.as_bytes());
        }
        let mut outer = Context::new(&SHA256);
        outer.update(&pad(salt));
        outer.update(inner.finish().as_ref());
        let mut x = Zeroizing::new([0; 32]);
        x.copy_from_slice(outer.finish().as_ref());
        x
    }
}

/// u = SHA-256(pad(A) ‖ pad(B)).
fn scrambler(a: &[u8], b: &[u8]) -> [u8; 32] {
    let mut hash = Context::new(&SHA256);
    hash.update(&pad(a));
    hash.update(&pad(b));
    let mut u = [0; 32];
    u.copy_from_slice(hash.finish().as_ref());
    u
}

/// What a signature is about, besides the key.
struct Signed<'a> {
    identity: &'a Identity<'a>,
    /// The bytes behind the Base64 of `SECRET_BLOCK`.
    secret_block: &'a [u8],
    timestamp: &'a str,
}

/// `PASSWORD_CLAIM_SIGNATURE` of those who share the secret S: HKDF-SHA256 with u as salt gives 16 bytes of key.
fn signature(secret: &Element, u: &[u8; 32], signed: &Signed<'_>) -> String {
    let secret = Zeroizing::new(secret.to_bytes());
    let extract = hmac::Key::new(hmac::HMAC_SHA256, &pad(u));
    let padded = Zeroizing::new(pad(secret.as_slice()).into_owned());
    let expand = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&extract, &padded).as_ref());
    let key = hmac::sign(&expand, b"Caldera Derived Key\x01");
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key.as_ref()[..16]));
    context.update(signed.identity.pool_name.as_bytes());
    context.update(signed.identity.user_id.as_bytes());
    context.update(signed.secret_block);
    context.update(signed.timestamp.as_bytes());
    STANDARD.encode(context.sign())
}

#[cfg(test)]
mod tests;
