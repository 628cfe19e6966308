//! Access and ID tokens as signed texts: JWS compact (RFC 7515), RS256, RSA-2048.
//!
//! What the claims are is the tokens' own matter; here is only the envelope. The header has exactly `kid` and
//! `alg`, in this order and without `typ`, as Cognito writes it (observed).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::telemetry::TRACES;

/// No token of a pool comes near this length; beyond it nothing is decoded.
pub const MAX_TOKEN_LENGTH: usize = 128 * 1024;

/// A pool's key for signing tokens. The parsed key is kept: parsing costs as much as signing.
pub struct SigningKey {
    pair: RsaKeyPair,
    kid: String,
    /// `base64url(header) ‖ "."`.
    encoded_header: String,
}

impl SigningKey {
    /// A new RSA-2048 key; takes about a tenth of a second. The randomness is aws-lc's own: its key generation
    /// takes none from outside.
    ///
    /// # Errors
    /// [`KeyError`] when no key could be made.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_pair(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError)?)
    }

    /// Reads an unencrypted PKCS#8 key (RFC 5958), as [`SigningKey::to_pkcs8`] writes it.
    ///
    /// # Errors
    /// [`KeyError`] when it is not an RSA-2048 key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_pair(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError)?)
    }

    fn from_pair(pair: RsaKeyPair) -> Result<Self, KeyError> {
        if pair.public_modulus_len() != 256 {
            return Err(KeyError);
        }
        let kid = STANDARD.encode(digest(&SHA256, pair.public_key().as_ref()));
        let header = Header {
            kid: kid.clone(),
            alg: "RS256".to_owned(),
        };
        let header = serde_json::to_vec(&header).map_err(|_| KeyError)?;
        Ok(Self {
            pair,
            kid,
            encoded_header: URL_SAFE_NO_PAD.encode(header) + ".",
        })
    }

    /// The private key in PKCS#8, unencrypted: to be sealed at once.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot be written.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| KeyError)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The key's id: standard Base64 of the SHA-256 of the public key (PKCS#1 DER), 44 characters.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as `/.well-known/jwks.json` lists it.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        let public = self.pair.public_key();
        Jwk {
            alg: "RS256".to_owned(),
            e: URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            kid: self.kid.clone(),
            kty: "RSA".to_owned(),
            n: URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            r#use: "sig".to_owned(),
        }
    }

    /// Signs `claims`, in the order in which they serialise.
    ///
    /// # Errors
    /// [`SignError`] when the claims have no JSON form or the key refuses.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SignError> {
        let _span = tracing::info_span!(target: TRACES, "sign token").entered();
        let claims = serde_json::to_vec(claims).map_err(SignError::Claims)?;
        let mut token = String::with_capacity(self.encoded_header.len() + claims.len() * 4 / 3 + 348);
        token.push_str(&self.encoded_header);
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let mut signature = [0; 256];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(|_| SignError::Key)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// The bytes are no RSA-2048 key, or the key could not be made or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable RSA-2048 key")]
pub struct KeyError;

/// Why claims could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The claims have no JSON form.
    #[error("the claims have no JSON form")]
    Claims(#[source] serde_json::Error),
    /// The key refused.
    #[error("the key refused to sign")]
    Key,
}

/// An entry of a JWK set (RFC 7517), its members in Cognito's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `RS256`.
    pub alg: String,
    /// The public exponent in base64url: `AQAB`.
    pub e: String,
    /// The key's id.
    pub kid: String,
    /// `RSA`.
    pub kty: String,
    /// The modulus in base64url.
    pub n: String,
    /// `sig`.
    pub r#use: String,
}

/// The public keys that a pool's tokens may be signed with.
#[derive(Default)]
pub struct VerifyingKeys(Vec<VerifyingKey>);

struct VerifyingKey {
    kid: String,
    key: ParsedPublicKey,
}

impl VerifyingKeys {
    /// The public sides of a pool's signing keys.
    ///
    /// # Errors
    /// [`KeyError`] when a public key cannot be read back.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Result<Self, KeyError> {
        let keys = keys.into_iter().map(|signing| {
            let public = signing.pair.public_key().as_ref();
            let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).map_err(|_| KeyError)?;
            Ok(VerifyingKey {
                kid: signing.kid.clone(),
                key,
            })
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// Verifies a token's signature and gives the JSON text of its claims. Whether they are current and fit the
    /// occasion is for the caller to judge.
    ///
    /// # Errors
    /// [`JwtError`] says how far the token was understood.
    pub fn verify(&self, token: &str) -> Result<Vec<u8>, JwtError> {
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| JwtError::Malformed)?;
        if header.alg != "RS256" {
            return Err(JwtError::Malformed);
        }
        let (claims, signature) = (decode(claims)?, decode(signature)?);
        let key = self
            .0
            .iter()
            .find(|key| key.kid == header.kid)
            .ok_or(JwtError::UnknownKey)?;
        key.key
            .verify_sig(signed.as_bytes(), &signature)
            .map_err(|_| JwtError::WrongSignature)?;
        Ok(claims)
    }
}

/// The claims of a token nobody has verified: good for finding the keys that will, and for nothing else. `None` when the
/// text is no JWS compact.
#[must_use]
pub fn peek_claims(token: &str) -> Option<Vec<u8>> {
    if token.len() > MAX_TOKEN_LENGTH {
        return None;
    }
    let (_, rest) = token.split_once('.')?;
    let (claims, _) = rest.split_once('.')?;
    decode(claims).ok()
}

impl fmt::Debug for VerifyingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.kid)).finish()
    }
}

/// Why a token was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// It is no JWS compact with an RS256 header.
    #[error("the token is malformed")]
    Malformed,
    /// Its `kid` names none of the pool's keys.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the token's signature is wrong")]
    WrongSignature,
}

#[derive(Serialize, Deserialize)]
struct Header {
    kid: String,
    alg: String,
}

fn decode(part: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Key generation is slow; the tests share two.
    static KEYS: LazyLock<[SigningKey; 2]> =
        LazyLock::new(|| [0; 2].map(|_| SigningKey::generate().unwrap()));

    fn verifying_keys() -> VerifyingKeys {
        VerifyingKeys::new(KEYS.iter()).unwrap()
    }

    #[test]
    fn the_header_is_exactly_that_of_the_service() {
        let token = KEYS[0].sign(&json!({"sub": "1"})).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        let header = String::from_utf8(decode(parts[0]).unwrap()).unwrap();
        assert_eq!(header, format!(r#"{{"kid":"{}","alg":"RS256"}}"#, KEYS[0].kid()));
        assert_eq!(decode(parts[1]).unwrap(), br#"{"sub":"1"}"#);
        assert_eq!(KEYS[0].kid().len(), 44);
    }

    #[test]
    fn a_token_of_either_key_verifies() {
        for key in KEYS.iter() {
            let token = key.sign(&json!({"a": [1, "ä"]})).unwrap();
            assert_eq!(
                verifying_keys().verify(&token),
                Ok(r#"{"a":[1,"ä"]}"#.as_bytes().to_vec())
            );
        }
    }

    #[test]
    fn a_key_lives_on_through_pkcs8() {
        let der = KEYS[0].to_pkcs8().unwrap();
        let key = SigningKey::from_pkcs8(&der).unwrap();
        assert_eq!(key.jwk(), KEYS[0].jwk());
        let token = key.sign(&json!({})).unwrap();
        assert!(verifying_keys().verify(&token).is_ok());
        assert_eq!(SigningKey::from_pkcs8(&der[1..]).unwrap_err(), KeyError);
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey {{ kid: \"{}\", .. }}", key.kid())
        );
    }

    #[test]
    fn the_public_key_has_the_members_of_the_service_in_their_order() {
        let json = serde_json::to_value(KEYS[0].jwk()).unwrap();
        let names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!(json["e"], "AQAB");
        assert_eq!(decode(json["n"].as_str().unwrap()).unwrap().len(), 256);
    }

    #[test]
    fn a_key_of_another_pool_is_unknown() {
        let keys = VerifyingKeys::new([&KEYS[0]]).unwrap();
        let token = KEYS[1].sign(&json!({})).unwrap();
        assert_eq!(keys.verify(&token), Err(JwtError::UnknownKey));
        assert_eq!(VerifyingKeys::default().verify(&token), Err(JwtError::UnknownKey));
    }

    #[test]
    fn altered_claims_and_foreign_signatures_are_told_from_garbage() {
        let token = KEYS[0].sign(&json!({"sub": "1"})).unwrap();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let other_claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"2"}"#);
        let other = KEYS[1].sign(&json!({"sub": "1"})).unwrap();
        let other_signature = other.rsplit_once('.').unwrap().1;
        let none = URL_SAFE_NO_PAD.encode(format!(r#"{{"kid":"{}","alg":"none"}}"#, KEYS[0].kid()));
        let wrong = Err(JwtError::WrongSignature);
        let malformed = Err(JwtError::Malformed);
        for (text, answer) in [
            (format!("{header}.{other_claims}.{signature}"), wrong.clone()),
            (format!("{header}.{claims}.{other_signature}"), wrong.clone()),
            (format!("{header}.{claims}."), wrong),
            (format!("{none}.{claims}.{signature}"), malformed.clone()),
            (format!("{none}.{claims}."), malformed.clone()),
            (format!("{header}.{claims}"), malformed.clone()),
            (
                format!("{header}.{claims}.{signature}.{signature}"),
                malformed.clone(),
            ),
            (format!("{token}="), malformed.clone()),
            (
                format!("{token}{}", "A".repeat(MAX_TOKEN_LENGTH)),
                malformed.clone(),
            ),
            ("..".to_owned(), malformed.clone()),
            (String::new(), malformed),
        ] {
            assert_eq!(verifying_keys().verify(&text), answer, "{text:.80}");
        }
    }

    proptest! {
        #[test]
        fn no_input_verifies_by_chance_or_panics(text in "\\PC*|[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*") {
            prop_assert!(verifying_keys().verify(&text).is_err());
        }

        #[test]
        fn no_character_of_a_token_can_be_changed(at: prop::sample::Index, letter in "[A-Za-z0-9_.-]") {
            let token = KEYS[0].sign(&json!({"sub": "1"})).unwrap();
            let i = at.index(token.len());
            let altered = format!("{}{letter}{}", &token[..i], &token[i + 1..]);
            prop_assume!(altered != token);
            prop_assert!(verifying_keys().verify(&altered).is_err());
        }
    }
}
