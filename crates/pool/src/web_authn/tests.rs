//! What is read of authenticators, byte by byte. Whole ceremonies are tested through the API.

use ciborium::{Value, cbor};
use proptest::prelude::*;

use super::attestation::Attestation;
use super::authenticator_data::AuthenticatorData;
use super::public_key::PublicKey;
use super::{Flaw, UserVerification};

fn in_cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// Authenticator data of a sign-in to `example.com`.
fn data(flags: u8) -> Vec<u8> {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"example.com");
    [hash.as_ref(), &[flags], &[0, 0, 1, 2]].concat()
}

fn check(bytes: &[u8], verification: UserVerification) -> Result<(), Flaw> {
    AuthenticatorData::parse(bytes)?.check("example.com", verification)
}

#[test]
fn authenticator_data_says_for_whom_and_who_was_there() {
    use UserVerification::{Preferred, Required};
    assert_eq!(AuthenticatorData::parse(&data(1)).unwrap().sign_count, 258);
    assert_eq!(check(&data(1), Preferred), Ok(()));
    assert_eq!(check(&data(1), Required), Err(Flaw::Unverified));
    assert_eq!(check(&data(5), Required), Ok(()));
    assert_eq!(check(&data(4), Preferred), Err(Flaw::Unverified));
    let of_others = AuthenticatorData::parse(&data(5))
        .unwrap()
        .check("example.org", Preferred);
    assert_eq!(of_others, Err(Flaw::RelyingParty));
}

#[test]
fn authenticator_data_is_read_to_its_last_byte() {
    let malformed = |bytes: &[u8]| AuthenticatorData::parse(bytes).err() == Some(Flaw::Malformed);
    assert!(malformed(&[data(1), vec![0]].concat()));
    assert!(malformed(&data(1)[..36]));
    assert!(malformed(&data(1 | 16)), "backed up, though it cannot be");
    assert!(malformed(&data(1 | 64)), "a credential is announced");
    assert!(malformed(&data(1 | 128)), "extensions are announced");
    let extended = |extensions: Value| [data(1 | 128), in_cbor(&extensions)].concat();
    assert!(AuthenticatorData::parse(&extended(cbor!({ "credProtect" => 2 }).unwrap())).is_ok());
    assert!(malformed(&extended(cbor!(7).unwrap())));
    let credential = |id: &[u8], key: &Value| {
        let length = u16::try_from(id.len()).unwrap().to_be_bytes();
        [data(1 | 64).as_slice(), &[0; 16], &length, id, &in_cbor(key)].concat()
    };
    let key = cbor!({ 1 => 2 }).unwrap();
    let read = credential(b"id", &key);
    let read = AuthenticatorData::parse(&read).unwrap().credential.unwrap();
    assert_eq!((read.id, read.public_key), (&b"id"[..], in_cbor(&key).as_slice()));
    assert!(malformed(&credential(b"", &key)));
    assert!(malformed(&credential(&[0; 1024], &key)));
}

#[test]
fn a_key_of_another_kind_is_not_supported() {
    let coordinate = || Value::Bytes(vec![7; 32]);
    let read = |key: Value| PublicKey::from_cbor(&in_cbor(&key)).err();
    let p256 = |algorithm: i64, curve: i64| {
        cbor!({ 1 => 2, 3 => algorithm, -1 => curve, -2 => coordinate(), -3 => coordinate() }).unwrap()
    };
    assert_eq!(read(p256(-7, 1)), None);
    for (algorithm, curve) in [(-7, 2), (-7, 8), (-35, 1), (-47, 1), (0, 1)] {
        assert_eq!(read(p256(algorithm, curve)), Some(Flaw::NotSupported));
    }
    let huge =
        cbor!({ 1 => 3, 3 => -257, -1 => Value::Bytes(vec![7; 4096]), -2 => Value::Bytes(vec![1, 0, 1]) });
    assert_eq!(read(huge.unwrap()), Some(Flaw::NotSupported));
}

#[test]
fn a_key_that_is_no_map_or_says_a_thing_twice_is_malformed() {
    let read = |key: Value| PublicKey::from_cbor(&in_cbor(&key)).err();
    assert_eq!(read(cbor!([1, 2]).unwrap()), Some(Flaw::Malformed));
    assert_eq!(read(cbor!({}).unwrap()), Some(Flaw::Malformed));
    let twice = Value::Map(vec![
        (1.into(), 1.into()),
        (1.into(), 2.into()),
        (3.into(), (-8).into()),
    ]);
    assert_eq!(read(twice), Some(Flaw::Malformed));
    let short = cbor!({ 1 => 1, 3 => -8, -1 => 6, -2 => Value::Bytes(vec![7; 31]) });
    assert_eq!(read(short.unwrap()), Some(Flaw::Malformed));
    let key = cbor!({ 1 => 1, 3 => -8, -1 => 6, -2 => Value::Bytes(vec![7; 32]) }).unwrap();
    let more = [in_cbor(&key), vec![0]].concat();
    assert_eq!(PublicKey::from_cbor(&more), Err(Flaw::Malformed));
}

#[test]
fn attestations_of_others_are_not_supported() {
    let read = |format: &str, statement: Value| {
        let object = cbor!({ "fmt" => format, "attStmt" => statement, "authData" => Value::Bytes(data(1)) });
        Attestation::parse(&in_cbor(&object.unwrap())).err()
    };
    let own = || cbor!({ "alg" => -7, "sig" => Value::Bytes(vec![1]) }).unwrap();
    let certified = cbor!({ "alg" => -7, "sig" => Value::Bytes(vec![1]), "x5c" => [] }).unwrap();
    assert_eq!(read("none", cbor!({}).unwrap()), None);
    assert_eq!(read("none", own()), Some(Flaw::Malformed));
    assert_eq!(read("packed", own()), None);
    assert_eq!(read("packed", certified), Some(Flaw::NotSupported));
    for format in ["fido-u2f", "tpm", "android-key", "apple", ""] {
        assert_eq!(
            read(format, cbor!({}).unwrap()),
            Some(Flaw::NotSupported),
            "{format}"
        );
    }
}

#[test]
fn cbor_too_deep_for_the_stack_is_malformed() {
    let deep = vec![0x81; 1_000_000];
    assert_eq!(Attestation::parse(&deep).err(), Some(Flaw::Malformed));
    assert_eq!(PublicKey::from_cbor(&deep[..2000]), Err(Flaw::Malformed));
    let claims_much = [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(Attestation::parse(&claims_much).err(), Some(Flaw::Malformed));
}

proptest! {
    #[test]
    fn whatever_the_bytes_reading_them_ends(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Attestation::parse(&bytes);
        let _ = PublicKey::from_cbor(&bytes);
        let _ = AuthenticatorData::parse(&bytes);
        let mut announced = data(1 | 64 | 128);
        announced.extend(bytes);
        let _ = AuthenticatorData::parse(&announced);
    }
}
