//! SRP against vectors that pycognito and amazon-cognito-identity-js agree with, and both sides against each other.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::client::{Client, InvalidChallenge, PasswordVerifier};
use super::modulus::MODULUS;
use super::*;
use crate::ports::SystemEntropy;

struct Vector {
    user_id: &'static str,
    password: &'static str,
    a: &'static str,
    b: &'static str,
    salt: &'static str,
    srp_a_start: &'static str,
    srp_a_length: usize,
    srp_a_hash: &'static str,
    x: &'static str,
    v_hash: &'static str,
    srp_b_start: &'static str,
    srp_b_length: usize,
    srp_b_hash: &'static str,
    u: &'static str,
    timestamp: &'static str,
    signature: &'static str,
}

const POOL_ID: &str = "us-east-1_8LxAFhQ8D";
const SECRET_BLOCK: &str = "c2VjcmV0LWJsb2NrLWZvci10ZXN0LXZlY3Rvci0wMDE=";

const PLAIN: Vector = Vector {
    user_id: "owned-user",
    password: "Passw0rd!",
    a: "2f8fe63a6224321de5d0a24cf30067d37a358706b1ed38b015282ab68dc69ae9",
    b: "3e499e752620c6a90ed59a200a18132411045ba50ea06c76673ecd53298e5151",
    salt: "13cf2ca5d8476032fceab4f5efb5460c",
    srp_a_start: "df7d56e6b647b34a",
    srp_a_length: 768,
    srp_a_hash: "b91fbdfe464272520f743bea10b8c7799137a12043ba9529ebe8e353db7075e7",
    x: "9baf65d50f8b4027d5ea473459c0f447094ddc9a2a54f14ef6d7bfb331e34d04",
    v_hash: "9bfe5c8b1e7ef770c4786d6df4eb019db3b934067b04aa6f1e5848d96575ac6c",
    srp_b_start: "d75e06325aac289b",
    srp_b_length: 768,
    srp_b_hash: "609a2d3689833649249be9f0380bc2deeb9d62224db7aa38203d49a7f8474f6b",
    u: "77474a28774ec7ea3efb85b44ee0ca17414603b7f7faa2e2048ff1949b5b686c",
    timestamp: "Thu Sep 24 13:50:15 UTC 2026",
    signature: "U6j2RjUJMe443yaaHXj4hViDkipxnhoSc9XwmAbMfS4=",
};

/// A password of several bytes a letter with colons in it, salt and u with the top bit set, A and B of odd length.
const EDGES: Vector = Vector {
    user_id: "64684428-c021-7049-51b0-d218e66ffecd",
    password: "pässwörd:with:colons",
    a: "d72e654c3645b02dde39fe0be595ef173409544f6e10ea1164759d6c284dbade",
    b: "ce8e08348ced4c0d7c0ccda524ab3162c12c2902ebce2b3a88a1c5987c32515c",
    salt: "92a78611fd2c156f22726b6777d4f0b2",
    srp_a_start: "f94c23c14e4587ea",
    srp_a_length: 767,
    srp_a_hash: "78d16d3e051126efe86232609d0bd835623122ffa31e457d829d2f9909d79ce2",
    x: "f9aeb6b22a540a764d755cb666147ca9b7130cde1ccea5b0438cdd33156ba613",
    v_hash: "0054f11f9559288ee34733e699c2644b03b8ece8bee430d390a53409fc3a939f",
    srp_b_start: "8f931219eeb46775",
    srp_b_length: 767,
    srp_b_hash: "94eeb1e30cdaaeda572b4ab44509c73ec55491c5c75433334c428f0ea60d4089",
    u: "85cab88afaf898f763f9fb42c6fc17baf670f843feb74945ae6a73b1a9b98001",
    timestamp: "Sat Oct 3 04:05:06 UTC 2026",
    signature: "x9aQewFJkfpioWDfeML3oNyg3PYA0WBswnoBghtJXLU=",
};

impl Vector {
    fn identity(&self) -> Identity<'static> {
        Identity::new(POOL_ID, self.user_id)
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(&self.identity(), self.password, bytes(self.salt))
    }

    fn client(&self) -> Client {
        Client::with_secret(Zeroizing::new(bytes(self.a)))
    }

    fn exchange(&self) -> Exchange {
        let a = SrpA::parse(&self.client().srp_a()).unwrap();
        Exchange::with_secret(&self.verifier(), a, Zeroizing::new(bytes(self.b)))
    }

    fn is_proven_by(&self, signature: &str, secret_block: &[u8], timestamp: &str) -> bool {
        let proof = Proof {
            identity: self.identity(),
            secret_block,
            timestamp,
            signature,
        };
        self.exchange().is_proven(&self.verifier(), &proof)
    }
}

fn bytes<const L: usize>(text: &str) -> [u8; L] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// SHA-256 of the padded number.
fn hash_of(number: &[u8]) -> [u8; 32] {
    digest(&SHA256, &pad(number)).as_ref().try_into().unwrap()
}

#[test]
fn the_verifier_is_that_of_the_vectors() {
    for vector in [PLAIN, EDGES] {
        let salt: [u8; SALT_LENGTH] = bytes(vector.salt);
        assert_eq!(
            *vector.identity().private_key(vector.password, &salt),
            bytes(vector.x)
        );
        assert_eq!(
            hash_of(&vector.verifier().to_bytes()[SALT_LENGTH..]),
            bytes(vector.v_hash)
        );
        assert_eq!(vector.verifier().salt_hex(), vector.salt);
    }
}

#[test]
fn the_public_numbers_are_those_of_the_vectors_without_leading_zeros() {
    for vector in [PLAIN, EDGES] {
        let (srp_a, srp_b) = (vector.client().srp_a(), vector.exchange().srp_b());
        assert!(srp_a.starts_with(vector.srp_a_start) && srp_b.starts_with(vector.srp_b_start));
        assert_eq!(
            (srp_a.len(), srp_b.len()),
            (vector.srp_a_length, vector.srp_b_length)
        );
        let [a, b] = [srp_a, srp_b].map(|text| hex::decode_number(&text).unwrap());
        assert_eq!(
            (hash_of(&a), hash_of(&b)),
            (bytes(vector.srp_a_hash), bytes(vector.srp_b_hash))
        );
        assert_eq!(scrambler(&a, &b), bytes(vector.u));
    }
}

#[test]
fn the_client_signs_as_in_the_vectors() {
    for vector in [PLAIN, EDGES] {
        let srp_b = vector.exchange().srp_b();
        let challenge = PasswordVerifier {
            salt: vector.salt,
            srp_b: &srp_b,
            secret_block: SECRET_BLOCK,
        };
        let signature = vector
            .client()
            .sign(&vector.identity(), vector.password, &challenge, vector.timestamp)
            .unwrap();
        assert_eq!(signature, vector.signature);
    }
}

#[test]
fn the_server_accepts_the_vectors_and_nothing_near_them() {
    let block = STANDARD.decode(SECRET_BLOCK).unwrap();
    for vector in [PLAIN, EDGES] {
        assert!(vector.is_proven_by(vector.signature, &block, vector.timestamp));
        assert!(!vector.is_proven_by(vector.signature, &block[1..], vector.timestamp));
        assert!(!vector.is_proven_by(vector.signature, &block, "Sat Oct 3 04:05:07 UTC 2026"));
        assert!(!vector.is_proven_by("", &block, vector.timestamp));
        assert!(!vector.is_proven_by(&vector.signature[1..], &block, vector.timestamp));
    }
    assert!(!PLAIN.is_proven_by(EDGES.signature, &block, PLAIN.timestamp));
}

#[test]
fn an_exchange_survives_its_text_form() {
    let read = Exchange::from_text(&EDGES.exchange().to_text()).unwrap();
    let block = STANDARD.decode(SECRET_BLOCK).unwrap();
    let proof = Proof {
        identity: EDGES.identity(),
        secret_block: &block,
        timestamp: EDGES.timestamp,
        signature: EDGES.signature,
    };
    assert!(read.is_proven(&EDGES.verifier(), &proof));
    assert_eq!(read.srp_b(), EDGES.exchange().srp_b());
    for text in ["", "AAAA", "ä", &"A".repeat(4096)] {
        assert_eq!(Exchange::from_text(text).unwrap_err(), BrokenExchange);
    }
}

#[test]
fn multiples_of_n_get_a_challenge_but_prove_nothing() {
    let n = MODULUS.to_be_bytes();
    let double = MODULUS.resize::<49>().shl_vartime(1).to_be_bytes();
    let identity = PLAIN.identity();
    for multiple in [&[0][..], n.as_ref(), double.as_ref()] {
        let a = SrpA::parse(&hex::encode_number(multiple)).unwrap();
        let exchange = Exchange::begin(&PLAIN.verifier(), a.clone(), &SystemEntropy);
        assert!(exchange.srp_b().len() > 700);
        // The secret S would be 0 without any password.
        let u = scrambler(&hex::decode_number(&hex::encode_number(multiple)).unwrap(), &{
            hex::decode_number(&exchange.srp_b()).unwrap()
        });
        let signed = Signed {
            identity: &identity,
            secret_block: b"block",
            timestamp: "now",
        };
        let forged = signature(&Element::from_bytes(&[]), &u, &signed);
        let proof = Proof {
            identity,
            secret_block: b"block",
            timestamp: "now",
            signature: &forged,
        };
        assert!(!exchange.is_proven(&PLAIN.verifier(), &proof));
    }
}

#[test]
fn srp_a_is_read_leniently_but_not_without_bounds() {
    let read = SrpA::parse("00fF1").unwrap();
    assert_eq!(read, SrpA::parse("ff1").unwrap());
    assert_eq!(SrpA::parse("0"), SrpA::parse("000"));
    assert!(SrpA::parse(&"f".repeat(MAX_SRP_A_LENGTH)).is_ok());
    for text in ["", "xyz", "-1", "12 ", &"f".repeat(MAX_SRP_A_LENGTH + 1)] {
        assert_eq!(SrpA::parse(text), Err(InvalidSrpA));
    }
}

#[test]
fn a_client_refuses_a_challenge_that_is_none() {
    let n = hex::encode_number(MODULUS.to_be_bytes().as_ref());
    let srp_b = PLAIN.exchange().srp_b();
    for (salt, srp_b, secret_block) in [
        ("x", &*srp_b, "AA=="),
        ("1", "0", "AA=="),
        ("1", &*n, "AA=="),
        ("1", &*srp_b, "?"),
        ("1", "", "AA=="),
    ] {
        let challenge = PasswordVerifier {
            salt,
            srp_b,
            secret_block,
        };
        let answer = PLAIN
            .client()
            .sign(&PLAIN.identity(), "password", &challenge, "now");
        assert_eq!(answer, Err(InvalidChallenge));
    }
}

#[test]
fn a_verifier_judges_passwords_for_its_own_user_and_pool() {
    let verifier = EDGES.verifier();
    let identity = EDGES.identity();
    assert!(verifier.matches_password(&identity, EDGES.password));
    assert!(!verifier.matches_password(&identity, "pässwörd:with:colon"));
    assert!(!verifier.matches_password(&identity, ""));
    assert!(!verifier.matches_password(&Identity::new(POOL_ID, "another"), EDGES.password));
    assert!(!verifier.matches_password(&Identity::new("us-east-1_another", EDGES.user_id), EDGES.password));
}

#[test]
fn a_verifier_lives_on_through_its_bytes_and_is_never_printed() {
    let written = PLAIN.verifier().to_bytes();
    assert_eq!(written.len(), VERIFIER_LENGTH);
    let read = Verifier::from_bytes(&written).unwrap();
    assert!(read.matches_password(&PLAIN.identity(), PLAIN.password));
    assert_eq!(Verifier::from_bytes(&written[1..]).unwrap_err(), BrokenVerifier);
    assert_eq!(Verifier::from_bytes(&[]).unwrap_err(), BrokenVerifier);
    let printed = format!("{read:?} {:?} {:?}", PLAIN.exchange(), PLAIN.client());
    assert_eq!(printed, "Verifier(…) Exchange(…) Client(…)");
}

#[test]
fn a_salt_with_leading_zeros_serves_like_any_other() {
    let mut salt = [0; SALT_LENGTH];
    salt[2..].fill(0x91);
    let verifier = Verifier::new(&PLAIN.identity(), "password", salt);
    assert_eq!(verifier.salt_hex().len(), 28);
    assert!(signs_in(&verifier, "password"));
}

/// A whole sign-in of the user of [`PLAIN`].
fn signs_in(verifier: &Verifier, password: &str) -> bool {
    let client = Client::begin(&SystemEntropy);
    let exchange = Exchange::begin(verifier, SrpA::parse(&client.srp_a()).unwrap(), &SystemEntropy);
    let (salt, srp_b) = (verifier.salt_hex(), exchange.srp_b());
    let challenge = PasswordVerifier {
        salt: &salt,
        srp_b: &srp_b,
        secret_block: "YmxvY2s=",
    };
    let signature = client
        .sign(&PLAIN.identity(), password, &challenge, "now")
        .unwrap();
    let proof = Proof {
        identity: PLAIN.identity(),
        secret_block: b"block",
        timestamp: "now",
        signature: &signature,
    };
    exchange.is_proven(verifier, &proof)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn client_and_server_agree_on_the_right_password_alone(password: String, other: String, salt: [u8; 16]) {
        let verifier = Verifier::new(&PLAIN.identity(), &password, salt);
        prop_assert!(verifier.matches_password(&PLAIN.identity(), &password));
        prop_assert!(signs_in(&verifier, &password));
        prop_assume!(password != other);
        prop_assert!(!verifier.matches_password(&PLAIN.identity(), &other));
        prop_assert!(!signs_in(&verifier, &other));
    }

    #[test]
    fn no_text_makes_the_readers_panic(text: String, digits in "[0-9a-fA-F]{0,1600}") {
        let _ = (SrpA::parse(&text), Exchange::from_text(&text), Exchange::from_text(&digits));
        prop_assert_eq!(SrpA::parse(&digits).is_ok(), !digits.is_empty() && digits.len() <= MAX_SRP_A_LENGTH);
    }
}

const DEVICE_GROUP_KEY: &str = "-a1B2c3D4";
const DEVICE_KEY: &str = "us-east-1_0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const DEVICE_PASSWORD: &str = "Zm9ydHkgcmFuZG9tIGJ5dGVzIG9mIHRoZSBkZXZpY2UsIGluIEJhc2U2NCE=";
/// What pycognito's `generate_hash_device` sends for that with the salt of [`EDGES`]: both numbers with a zero byte before the
/// top bit.
const DEVICE_SALT: &str = "AJKnhhH9LBVvInJrZ3fU8LI=";
const DEVICE_V_HASH: &str = "2d70faa3ec40fb34e35602aff960012b8cbe43ad2c66890d7872fab7f2989f6c";

fn device_verifier() -> Verifier {
    let identity = Identity {
        pool_name: DEVICE_GROUP_KEY,
        user_id: DEVICE_KEY,
    };
    Verifier::new(&identity, DEVICE_PASSWORD, bytes(EDGES.salt))
}

#[test]
fn the_verifier_of_a_device_is_the_one_that_pycognito_sends() {
    let own = device_verifier().to_bytes();
    let (_, v) = own.split_at(SALT_LENGTH);
    assert_eq!(hash_of(v), bytes::<32>(DEVICE_V_HASH));
    let salt = STANDARD.decode(DEVICE_SALT).unwrap();
    for padded in [pad(v).to_vec(), v.to_vec()] {
        let sent = Verifier::from_numbers(&salt, &padded).unwrap();
        assert_eq!(sent.to_bytes()[..], own[..]);
    }
}

#[test]
fn a_short_number_of_a_device_is_filled_and_a_long_or_worthless_one_is_refused() {
    let short = Verifier::from_numbers(&[7], &[9]).unwrap().to_bytes();
    assert_eq!((short[SALT_LENGTH - 1], short.last()), (7, Some(&9)));
    assert!(Verifier::from_numbers(&[1; SALT_LENGTH + 1], &[9]).is_err());
    assert!(Verifier::from_numbers(&[1], &[1; VERIFIER_LENGTH + 1]).is_err());
    // Every multiple of the modulus proves itself to everybody.
    let n = MODULUS.to_be_bytes();
    for worthless in [&[][..], &[0; 8], n.as_ref()] {
        assert!(Verifier::from_numbers(&[1], worthless).is_err());
    }
}
