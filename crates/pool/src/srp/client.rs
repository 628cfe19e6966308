//! The client's side of SRP, as Amplify and its like run it: for trying a pool out, measuring and tests.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_bigint::{U256, U512, Uint};
use zeroize::Zeroizing;

use super::generator_powers::generator_power;
use super::group::{Element, LENGTH, k};
use super::{Identity, Signed, hex, scrambler, signature};
use crate::ports::Entropy;

/// A client that has begun to sign in.
pub struct Client {
    /// a, random.
    secret: Zeroizing<[u8; 32]>,
    /// A = g^a.
    public: [u8; LENGTH],
}

/// `ChallengeParameters` of `PASSWORD_VERIFIER`, as received.
#[derive(Clone, Copy, Debug)]
pub struct PasswordVerifier<'a> {
    /// `SALT`.
    pub salt: &'a str,
    /// `SRP_B`.
    pub srp_b: &'a str,
    /// `SECRET_BLOCK`.
    pub secret_block: &'a str,
}

impl Client {
    /// Draws a and computes A.
    #[must_use]
    pub fn begin(entropy: &dyn Entropy) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        entropy.fill(secret.as_mut_slice());
        Self::with_secret(secret)
    }

    pub(super) fn with_secret(secret: Zeroizing<[u8; 32]>) -> Self {
        let public = generator_power(&secret).to_bytes();
        Self { secret, public }
    }

    /// `SRP_A`.
    #[must_use]
    pub fn srp_a(&self) -> String {
        hex::encode_number(&self.public)
    }

    /// `PASSWORD_CLAIM_SIGNATURE`. `timestamp` reads `Sat Oct 3 04:05:06 UTC 2026` and is sent along as `TIMESTAMP`.
    ///
    /// # Errors
    /// [`InvalidChallenge`] when the challenge cannot be read or would give the secret away.
    pub fn sign(
        &self,
        identity: &Identity<'_>,
        password: &str,
        challenge: &PasswordVerifier<'_>,
        timestamp: &str,
    ) -> Result<String, InvalidChallenge> {
        let salt = hex::decode_number(challenge.salt).ok_or(InvalidChallenge)?;
        let b = hex::decode_number(challenge.srp_b).ok_or(InvalidChallenge)?;
        let secret_block = STANDARD
            .decode(challenge.secret_block)
            .map_err(|_| InvalidChallenge)?;
        let u = scrambler(&self.public, &b);
        let b = Element::from_bytes(&b);
        if b.is_zero() || u == [0; 32] {
            return Err(InvalidChallenge);
        }
        let x = identity.private_key(password, &salt);
        let base = b.minus(k().times(generator_power(&x)));
        let secret = base.power(self.exponent(&u, &x).as_slice());
        Ok(signature(
            &secret,
            &u,
            &Signed {
                identity,
                secret_block: &secret_block,
                timestamp,
            },
        ))
    }

    /// a + u·x.
    fn exponent(&self, u: &[u8; 32], x: &[u8; 32]) -> Zeroizing<[u8; 72]> {
        let [a, u, x] = [&self.secret, u, x].map(|number| U256::from_be_slice(number));
        let product: U512 = u.concatenating_mul(&x);
        let sum = product.resize::<9>().wrapping_add(&a.resize());
        let mut bytes = Zeroizing::new([0; 72]);
        for (bytes, limb) in bytes.rchunks_mut(8).zip(Uint::to_words(sum)) {
            bytes.copy_from_slice(&limb.to_be_bytes());
        }
        bytes
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client(…)")
    }
}

/// The challenge is none that a client may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the challenge is not a valid PASSWORD_VERIFIER")]
pub struct InvalidChallenge;
