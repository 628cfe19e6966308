//! A message taken apart again, field by field. That AWS's own clients open it, too, is a test among theirs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::ports::SystemEntropy;

const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/1";
const POOL: &str = "us-east-1_AbCdEf123";
const KEY: [u8; 32] = [7; 32];

fn wrapping_key() -> WrappingKey {
    WrappingKey::parse(ARN, &STANDARD.encode(KEY)).unwrap()
}

fn message(plaintext: &[u8]) -> Vec<u8> {
    let context = EncryptionContext::from([("userpool-id", POOL)]);
    encrypt(&wrapping_key(), &context, plaintext, &SystemEntropy).unwrap()
}

/// Reads a message from its start.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn number(&mut self, length: usize) -> u32 {
        self.take(length)
            .iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    fn counted(&mut self) -> &'a [u8] {
        let length = self.number(2);
        self.take(length as usize)
    }
}

fn open(key: &[u8], nonce: &[u8], associated: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut text = sealed.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    cipher(key)
        .unwrap()
        .open_in_place(nonce, Aad::from(associated), &mut text)
        .unwrap()
        .to_vec()
}

#[test]
fn every_field_is_where_the_format_has_it() {
    let message = message(b"123456");
    let mut reader = Reader(&message);
    assert_eq!(reader.take(3), [2, 0x04, 0x78]);
    let message_id: [u8; 32] = reader.take(32).try_into().unwrap();

    let context = reader.counted();
    let mut pairs = Reader(context);
    assert_eq!(pairs.number(2), 1);
    assert_eq!(
        (pairs.counted(), pairs.counted()),
        (&b"userpool-id"[..], POOL.as_bytes())
    );
    assert!(pairs.0.is_empty());

    assert_eq!(reader.number(2), 1);
    assert_eq!(reader.counted(), b"rehome");
    let mut provider = Reader(reader.counted());
    assert_eq!(provider.take(ARN.len()), ARN.as_bytes());
    assert_eq!((provider.number(4), provider.number(4)), (128, 12));
    let data_key: [u8; 32] = open(&KEY, provider.take(12), context, reader.counted())
        .try_into()
        .unwrap();
    assert!(provider.0.is_empty());

    assert_eq!((reader.number(1), reader.number(4)), (2, 4096));
    assert_eq!(
        reader.take(32),
        derive(&data_key, &message_id, &[b"COMMITKEY"])
            .unwrap()
            .as_slice()
    );
    let header = &message[..message.len() - reader.0.len()];
    let key = derive(&data_key, &message_id, &[b"\x04\x78DERIVEKEY"]).unwrap();
    assert!(open(&*key, &[0; 12], header, reader.take(16)).is_empty());

    assert_eq!((reader.number(4), reader.number(4)), (u32::MAX, 1));
    let nonce = reader.take(12);
    assert_eq!(nonce, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(reader.number(4), 6);
    let associated = [
        &message_id[..],
        b"AWSKMSEncryptionClient Final Frame",
        &[0, 0, 0, 1],
        &[0, 0, 0, 0, 0, 0, 0, 6],
    ]
    .concat();
    assert_eq!(open(&*key, nonce, &associated, reader.0), b"123456");
}

#[test]
fn no_two_messages_are_alike() {
    let (one, other) = (message(b"123456"), message(b"123456"));
    assert_eq!(one.len(), other.len());
    assert_ne!(one[3..35], other[3..35]);
    assert_ne!(one[one.len() - 22..], other[other.len() - 22..]);
}

#[test]
fn a_context_stands_in_the_order_of_its_names_or_not_at_all() {
    let sorted = pairs(&EncryptionContext::from([("b", "2"), ("a", "1")])).unwrap();
    assert_eq!(sorted, b"\0\x02\0\x01a\0\x011\0\x01b\0\x012");
    assert!(pairs(&EncryptionContext::new()).unwrap().is_empty());
}

#[test]
fn what_is_longer_than_a_frame_is_not_encrypted() {
    assert!(!message(&[b'x'; 4096]).is_empty());
    let context = EncryptionContext::new();
    let too_long = encrypt(&wrapping_key(), &context, &[b'x'; 4097], &SystemEntropy);
    assert_eq!(too_long, Err(NotEncrypted::TooLong));
    let value = "x".repeat(65_536);
    let context = EncryptionContext::from([("name", value.as_str())]);
    let too_long = encrypt(&wrapping_key(), &context, b"123456", &SystemEntropy);
    assert_eq!(too_long, Err(NotEncrypted::TooLong));
}
