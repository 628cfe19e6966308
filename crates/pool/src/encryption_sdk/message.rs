//! The bytes of a message: header, header authentication, and one frame.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA512, KeyType, Salt};
use zeroize::Zeroizing;

use super::WrappingKey;
use crate::ports::Entropy;

/// Version of the message format.
const VERSION: u8 = 2;
/// `AES_256_GCM_HKDF_SHA512_COMMIT_KEY`.
const SUITE: [u8; 2] = [0x04, 0x78];
const MESSAGE_ID_LENGTH: usize = 32;
const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
/// Content type: framed. Writing unframed messages is no longer allowed.
const FRAMED: u8 = 2;
/// The SDK's usual length of a frame. A code is shorter, so the first frame is the final one.
const FRAME_LENGTH: u32 = 4096;
/// Stands before the final frame.
const FINAL_FRAME: u32 = u32::MAX;
const FINAL_FRAME_NAME: &[u8] = b"AWSKMSEncryptionClient Final Frame";

/// What is authenticated with a message and stands in it for all to read.
pub type EncryptionContext<'a> = BTreeMap<&'a str, &'a str>;

/// Why nothing was encrypted. Neither happens with codes, temporary passwords and pool ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEncrypted {
    /// The text is longer than a frame, or the context than its field.
    #[error("too long for a message of one frame")]
    TooLong,
    /// The cipher refused.
    #[error("the cipher refused")]
    Cipher,
}

/// A message that holds `plaintext`, at most 4096 bytes, for those who have `key`.
///
/// # Errors
/// [`NotEncrypted`].
pub fn encrypt(
    key: &WrappingKey,
    context: &EncryptionContext<'_>,
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, NotEncrypted> {
    let mut message_id = [0; MESSAGE_ID_LENGTH];
    entropy.fill(&mut message_id);
    let mut data_key = Zeroizing::new([0; KEY_LENGTH]);
    entropy.fill(data_key.as_mut_slice());

    let context = pairs(context)?;
    let mut message = vec![VERSION];
    message.extend(SUITE);
    message.extend(message_id);
    put(&mut message, &context)?;
    message.extend(1_u16.to_be_bytes());
    put_wrapped_key(&mut message, key, &context, &data_key, entropy)?;
    message.push(FRAMED);
    message.extend(FRAME_LENGTH.to_be_bytes());
    message.extend(derive(&data_key, &message_id, &[b"COMMITKEY"])?.as_slice());

    let cipher = cipher(&*derive(&data_key, &message_id, &[&SUITE, b"DERIVEKEY"])?)?;
    // The header's nonce is zero, those of frames are their numbers: none comes twice under this key.
    let tag = seal(&cipher, [0; NONCE_LENGTH], &message, &mut [])?;
    message.extend(tag);
    put_final_frame(&mut message, &cipher, &message_id, plaintext)?;
    Ok(message)
}

/// The context as it is authenticated: how many pairs, then each with its lengths, in the order of the names.
fn pairs(context: &EncryptionContext<'_>) -> Result<Vec<u8>, NotEncrypted> {
    let mut bytes = Vec::new();
    if context.is_empty() {
        return Ok(bytes);
    }
    bytes.extend(length(context.len())?);
    for (name, value) in context {
        put(&mut bytes, name.as_bytes())?;
        put(&mut bytes, value.as_bytes())?;
    }
    Ok(bytes)
}

/// The data key as a raw AES keyring wraps it.
fn put_wrapped_key(
    message: &mut Vec<u8>,
    key: &WrappingKey,
    context: &[u8],
    data_key: &[u8; KEY_LENGTH],
    entropy: &dyn Entropy,
) -> Result<(), NotEncrypted> {
    const TAG_BITS: u32 = 128;
    const NONCE_BYTES: u32 = 12;
    let mut nonce = [0; NONCE_LENGTH];
    entropy.fill(&mut nonce);
    let mut provider_info = key.arn().as_bytes().to_vec();
    provider_info.extend(TAG_BITS.to_be_bytes());
    provider_info.extend(NONCE_BYTES.to_be_bytes());
    provider_info.extend(nonce);
    let mut wrapped = data_key.to_vec();
    let tag = seal(key.cipher(), nonce, context, &mut wrapped)?;
    wrapped.extend(tag);
    put(message, WrappingKey::NAMESPACE.as_bytes())?;
    put(message, &provider_info)?;
    put(message, &wrapped)
}

fn put_final_frame(
    message: &mut Vec<u8>,
    cipher: &LessSafeKey,
    message_id: &[u8; MESSAGE_ID_LENGTH],
    plaintext: &[u8],
) -> Result<(), NotEncrypted> {
    const SEQUENCE_NUMBER: u32 = 1;
    let length = u32::try_from(plaintext.len())
        .ok()
        .filter(|length| *length <= FRAME_LENGTH)
        .ok_or(NotEncrypted::TooLong)?;
    let mut nonce = [0; NONCE_LENGTH];
    nonce[NONCE_LENGTH - 4..].copy_from_slice(&SEQUENCE_NUMBER.to_be_bytes());
    let mut associated = message_id.to_vec();
    associated.extend(FINAL_FRAME_NAME);
    associated.extend(SEQUENCE_NUMBER.to_be_bytes());
    associated.extend(u64::from(length).to_be_bytes());
    message.extend(FINAL_FRAME.to_be_bytes());
    message.extend(SEQUENCE_NUMBER.to_be_bytes());
    message.extend(nonce);
    message.extend(length.to_be_bytes());
    let start = message.len();
    message.extend(plaintext);
    let tag = seal(cipher, nonce, &associated, &mut message[start..])?;
    message.extend(tag);
    Ok(())
}

/// HKDF over the data key, with the message's id as the salt.
fn derive(
    data_key: &[u8; KEY_LENGTH],
    message_id: &[u8; MESSAGE_ID_LENGTH],
    info: &[&[u8]],
) -> Result<Zeroizing<[u8; KEY_LENGTH]>, NotEncrypted> {
    let mut derived = Zeroizing::new([0; KEY_LENGTH]);
    Salt::new(HKDF_SHA512, message_id)
        .extract(data_key)
        .expand(info, DerivedKey)
        .and_then(|output| output.fill(derived.as_mut_slice()))
        .map_err(|_| NotEncrypted::Cipher)?;
    Ok(derived)
}

struct DerivedKey;

impl KeyType for DerivedKey {
    fn len(&self) -> usize {
        KEY_LENGTH
    }
}

fn cipher(key: &[u8]) -> Result<LessSafeKey, NotEncrypted> {
    UnboundKey::new(&AES_256_GCM, key)
        .map(LessSafeKey::new)
        .map_err(|_| NotEncrypted::Cipher)
}

fn seal(
    cipher: &LessSafeKey,
    nonce: [u8; NONCE_LENGTH],
    associated: &[u8],
    text: &mut [u8],
) -> Result<[u8; TAG_LENGTH], NotEncrypted> {
    cipher
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(associated), text)
        .ok()
        .and_then(|tag| tag.as_ref().try_into().ok())
        .ok_or(NotEncrypted::Cipher)
}

/// Puts bytes with their length before them.
fn put(message: &mut Vec<u8>, bytes: &[u8]) -> Result<(), NotEncrypted> {
    message.extend(length(bytes.len())?);
    message.extend(bytes);
    Ok(())
}

fn length(length: usize) -> Result<[u8; 2], NotEncrypted> {
    u16::try_from(length)
        .map(u16::to_be_bytes)
        .map_err(|_| NotEncrypted::TooLong)
}

#[cfg(test)]
mod tests;
