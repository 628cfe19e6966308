//! The public key of a passkey: COSE_Key (RFC 9052, section 7; algorithms of RFC 9053 and RFC 8230).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use ciborium::Value;

use super::Flaw;

/// The algorithms in the order in which authenticators are asked for them, by their COSE numbers: ES256, RS256, EdDSA.
pub(super) const ALGORITHMS: [i64; 3] = [ES256, RS256, EDDSA];

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// The longest key that is kept, in bytes of its CBOR: RSA of 8192 bits has a little more than 1024.
const LONGEST: usize = 2048;

/// A public key that can verify.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// ECDSA on P-256 with SHA-256: the uncompressed point.
    Es256([u8; 65]),
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256 {
        /// Modulus, big-endian.
        n: Vec<u8>,
        /// Exponent, big-endian.
        e: Vec<u8>,
    },
    /// Ed25519.
    EdDsa([u8; 32]),
}

impl PublicKey {
    /// Reads a key from its CBOR.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] for what is no key, [`Flaw::NotSupported`] for one of another kind.
    pub(super) fn from_cbor(bytes: &[u8]) -> Result<Self, Flaw> {
        if bytes.len() > LONGEST {
            return Err(Flaw::NotSupported);
        }
        let mut rest = bytes;
        let value: Value = ciborium::from_reader(&mut rest).map_err(|_| Flaw::Malformed)?;
        let Value::Map(members) = value else {
            return Err(Flaw::Malformed);
        };
        if !rest.is_empty() {
            return Err(Flaw::Malformed);
        }
        let key = CoseKey(members);
        let (kind, algorithm) = (key.number(1)?, key.number(3)?);
        match (kind, algorithm) {
            (2, ES256) if key.number(-1)? == 1 => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(&key.coordinate(-2)?);
                point[33..].copy_from_slice(&key.coordinate(-3)?);
                Ok(Self::Es256(point))
            }
            (3, RS256) => Ok(Self::Rs256 {
                n: key.bytes(-1)?.to_vec(),
                e: key.bytes(-2)?.to_vec(),
            }),
            (1, EDDSA) if key.number(-1)? == 6 => Ok(Self::EdDsa(key.coordinate(-2)?)),
            _ => Err(Flaw::NotSupported),
        }
    }

    /// Its algorithm's COSE number.
    pub(super) fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => ES256,
            Self::Rs256 { .. } => RS256,
            Self::EdDsa(_) => EDDSA,
        }
    }

    /// Whether `signature` is this key's over `message`.
    ///
    /// # Errors
    /// [`Flaw::Signature`] when it is not.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Flaw> {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Rs256 { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        verified.map_err(|_| Flaw::Signature)
    }
}

/// The members of a key, by their numbers.
struct CoseKey(Vec<(Value, Value)>);

impl CoseKey {
    /// The member of this number, which must be there once.
    fn member(&self, label: i64) -> Result<&Value, Flaw> {
        let label = Value::Integer(label.into());
        let mut found = self.0.iter().filter(|(name, _)| *name == label);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value),
            _ => Err(Flaw::Malformed),
        }
    }

    fn number(&self, label: i64) -> Result<i64, Flaw> {
        let number = self.member(label)?.as_integer().ok_or(Flaw::Malformed)?;
        i64::try_from(number).map_err(|_| Flaw::Malformed)
    }

    fn bytes(&self, label: i64) -> Result<&[u8], Flaw> {
        let bytes = self.member(label)?.as_bytes().ok_or(Flaw::Malformed)?;
        Ok(bytes.as_slice())
    }

    /// 32 bytes.
    fn coordinate(&self, label: i64) -> Result<[u8; 32], Flaw> {
        self.bytes(label)?.try_into().map_err(|_| Flaw::Malformed)
    }
}
