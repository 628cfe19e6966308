//! The server's side of one SRP sign-in, from `SRP_A` to the client's proof.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::generator_powers::generator_power;
use super::group::{Element, LENGTH, k};
use super::{Identity, Signed, Verifier, hex, scrambler, signature};
use crate::ports::Entropy;
use crate::secret::same_text;
use crate::telemetry::TRACES;

/// The most digits of `SRP_A` that are read; a client of the right group sends at most 768.
pub const MAX_SRP_A_LENGTH: usize = 1536;

const B_LENGTH: usize = 32;

/// The client's ephemeral number A as it was sent: public, of any size up to the bound, not reduced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrpA(Vec<u8>);

impl SrpA {
    /// Reads hexadecimal digits: either case, an odd number of them, leading zeros.
    ///
    /// # Errors
    /// [`InvalidSrpA`] when it is something else or longer than [`MAX_SRP_A_LENGTH`].
    pub fn parse(text: &str) -> Result<Self, InvalidSrpA> {
        if text.len() > MAX_SRP_A_LENGTH {
            return Err(InvalidSrpA);
        }
        hex::decode_number(text).map(Self).ok_or(InvalidSrpA)
    }

    /// The number in lower-case hexadecimal without leading zeros.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode_number(&self.0)
    }
}

/// `SRP_A` is not a hexadecimal number of a sensible length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SRP_A is not a hexadecimal number")]
pub struct InvalidSrpA;

/// What the server has to remember between the challenge and the proof. It travels inside `SECRET_BLOCK`, sealed.
pub struct Exchange {
    /// b, random.
    secret: Zeroizing<[u8; B_LENGTH]>,
    /// B = k·v + g^b.
    public: [u8; LENGTH],
    a: SrpA,
}

impl Exchange {
    /// Answers `SRP_A`. A multiple of N is answered like any other number, but no proof will ever hold.
    #[must_use]
    pub fn begin(verifier: &Verifier, a: SrpA, entropy: &dyn Entropy) -> Self {
        let _span = tracing::info_span!(target: TRACES, "begin SRP").entered();
        let mut secret = Zeroizing::new([0; B_LENGTH]);
        entropy.fill(secret.as_mut_slice());
        Self::with_secret(verifier, a, secret)
    }

    pub(super) fn with_secret(verifier: &Verifier, a: SrpA, secret: Zeroizing<[u8; B_LENGTH]>) -> Self {
        let public = k()
            .times(verifier.element())
            .plus(generator_power(&secret))
            .to_bytes();
        Self { secret, public, a }
    }

    /// The `SRP_A` that it answers.
    #[must_use]
    pub fn srp_a(&self) -> &SrpA {
        &self.a
    }

    /// `SRP_B`: lower-case hexadecimal without leading zeros.
    #[must_use]
    pub fn srp_b(&self) -> String {
        hex::encode_number(&self.public)
    }

    /// Whether the client knows the password behind `verifier`; the signatures are compared in constant time.
    #[must_use]
    pub fn is_proven(&self, verifier: &Verifier, proof: &Proof<'_>) -> bool {
        let _span = tracing::info_span!(target: TRACES, "check SRP proof").entered();
        let a = Element::from_bytes(&self.a.0);
        let u = scrambler(&self.a.0, &self.public);
        if a.is_zero() || u == [0; 32] {
            // Anybody would know S: 0 whatever the password, or A^b without it.
            return false;
        }
        // S = (A · v^u)^b; v is secret, u is not.
        let secret = a
            .times(verifier.element().power_of_public(&u))
            .power(self.secret.as_slice());
        let signed = Signed {
            identity: &proof.identity,
            secret_block: proof.secret_block,
            timestamp: proof.timestamp,
        };
        same_text(&signature(&secret, &u, &signed), proof.signature)
    }

    /// A text form, to be sealed at once: b, B and A in Base64.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new([self.secret.as_slice(), &self.public, &self.a.0].concat());
        Zeroizing::new(STANDARD_NO_PAD.encode(&*bytes))
    }

    /// Reads what [`Exchange::to_text`] wrote.
    ///
    /// # Errors
    /// [`BrokenExchange`] when the text is something else.
    pub fn from_text(text: &str) -> Result<Self, BrokenExchange> {
        let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(text).map_err(|_| BrokenExchange)?);
        let (secret, rest) = bytes.split_first_chunk().ok_or(BrokenExchange)?;
        let (public, a) = rest.split_first_chunk().ok_or(BrokenExchange)?;
        if a.len() * 2 > MAX_SRP_A_LENGTH {
            return Err(BrokenExchange);
        }
        Ok(Self {
            secret: Zeroizing::new(*secret),
            public: *public,
            a: SrpA(a.to_vec()),
        })
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange(…)")
    }
}

/// The text is no exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an SRP exchange")]
pub struct BrokenExchange;

/// What the client answers to `PASSWORD_VERIFIER`, and who it says it is.
#[derive(Clone, Copy)]
pub struct Proof<'a> {
    /// The user whom the challenge was for.
    pub identity: Identity<'a>,
    /// The bytes behind the Base64 of `PASSWORD_CLAIM_SECRET_BLOCK`.
    pub secret_block: &'a [u8],
    /// `TIMESTAMP`, as received.
    pub timestamp: &'a str,
    /// `PASSWORD_CLAIM_SIGNATURE`, as received.
    pub signature: &'a str,
}
