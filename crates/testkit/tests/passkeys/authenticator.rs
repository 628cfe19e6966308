//! An authenticator in software, with the browser around it: what `navigator.credentials` would answer.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::{Value as Cbor, cbor};
use pool::ports::{Entropy as _, SystemEntropy};
use serde_json::{Value, json};

pub(crate) const PRESENT: u8 = 1;
pub(crate) const VERIFIED: u8 = 4;
const HAS_CREDENTIAL: u8 = 64;

/// One passkey, and how its authenticator and browser behave; all of it may be bent.
pub(crate) struct Authenticator {
    key: Key,
    pub(crate) id: Vec<u8>,
    /// Grows by one with each use unless it is 0.
    pub(crate) sign_count: u32,
    pub(crate) flags: u8,
    pub(crate) origin: String,
    /// For whom it signs, where that is not what the options say.
    pub(crate) relying_party_id: Option<String>,
    /// Whether it signs its own attestation.
    pub(crate) attests: bool,
    pub(crate) user_handle: Option<String>,
    /// The challenge in place of that of the options.
    pub(crate) challenge: Option<String>,
}

pub(crate) enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

impl Key {
    pub(crate) fn es256() -> Self {
        Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"))
    }

    pub(crate) fn ed_dsa() -> Self {
        Self::EdDsa(Ed25519KeyPair::generate().expect("a key"))
    }

    pub(crate) fn rs256() -> Self {
        Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::EdDsa(_) => -8,
            Self::Rs256(_) => -257,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(key) => key.sign(&random, message).expect("a signature").as_ref().to_vec(),
            Self::EdDsa(key) => key.sign(message).as_ref().to_vec(),
            Self::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("a signature");
                signature
            }
        }
    }

    /// COSE_Key.
    fn public(&self) -> Vec<u8> {
        let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
        let key = match self {
            Self::Es256(key) => {
                let point = key.public_key().as_ref();
                cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => bytes(&point[1..33]), -3 => bytes(&point[33..]) })
            }
            Self::EdDsa(key) => {
                cbor!({ 1 => 1, 3 => -8, -1 => 6, -2 => bytes(key.public_key().as_ref()) })
            }
            Self::Rs256(key) => {
                let public = key.public_key();
                let n = public.modulus().big_endian_without_leading_zero().to_vec();
                let e = public.exponent().big_endian_without_leading_zero().to_vec();
                cbor!({ 1 => 3, 3 => -257, -1 => bytes(&n), -2 => bytes(&e) })
            }
        };
        in_cbor(&key.expect("CBOR"))
    }
}

impl Authenticator {
    pub(crate) fn with(key: Key) -> Self {
        let mut id = vec![0; 20];
        SystemEntropy.fill(&mut id);
        Self {
            key,
            id,
            sign_count: 1,
            flags: PRESENT | VERIFIED,
            origin: "https://example.com".to_owned(),
            relying_party_id: None,
            attests: false,
            user_handle: None,
            challenge: None,
        }
    }

    pub(crate) fn new() -> Self {
        Self::with(Key::es256())
    }

    /// The id as clients write it.
    pub(crate) fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }

    /// `navigator.credentials.create()`.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(&options["rp"]["id"], self.flags | HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.key.public());
        let message = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let (format, statement) = if self.attests {
            let signature = Cbor::Bytes(self.key.sign(&message));
            (
                "packed",
                cbor!({ "alg" => self.key.algorithm(), "sig" => signature }),
            )
        } else {
            ("none", cbor!({}))
        };
        let statement = statement.expect("CBOR");
        let object = cbor!({ "fmt" => format, "attStmt" => statement, "authData" => Cbor::Bytes(data) });
        json!({
            "id": self.credential_id(), "rawId": self.credential_id(), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(&client_data),
                "attestationObject": URL_SAFE_NO_PAD.encode(in_cbor(&object.expect("CBOR"))),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// `navigator.credentials.get()`.
    pub(crate) fn get(&mut self, options: &Value) -> Value {
        if self.sign_count > 0 {
            self.sign_count += 1;
        }
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(&options["rpId"], self.flags);
        let message = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        json!({
            "id": self.credential_id(), "rawId": self.credential_id(), "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(&client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(&data),
                "signature": URL_SAFE_NO_PAD.encode(self.key.sign(&message)),
                "userHandle": self.user_handle,
            },
        })
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        let challenge = self.challenge.as_deref().or(options["challenge"].as_str());
        let client_data = json!({
            "type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        client_data.to_string().into_bytes()
    }

    fn data(&self, relying_party_id: &Value, flags: u8) -> Vec<u8> {
        let asked = relying_party_id.as_str().unwrap_or_default();
        let signed_for = self.relying_party_id.as_deref().unwrap_or(asked);
        let mut data = digest(&SHA256, signed_for.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.sign_count.to_be_bytes());
        data
    }
}

fn in_cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("CBOR");
    bytes
}
