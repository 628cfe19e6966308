//! Messages as the AWS Encryption SDK writes them, for codes that go to custom senders.
//!
//! Cognito encrypts `request.code` of the custom sender triggers with that SDK, and functions decrypt it with it. Here the
//! data key is wrapped by a key of the operator's own, as a *raw AES keyring* wraps it, so a function needs no key service:
//! its keyring has the namespace [`WrappingKey::NAMESPACE`], and the key's ARN as the key's name.
//!
//! A message has format version 2 and algorithm suite `0x0478` (AES-256-GCM with HKDF-SHA512 and key commitment, no
//! signature), which every client opens that keeps to the SDK's default commitment policy. Cognito's own have version 1 and
//! suite `0x0378` (observed), so that functions must allow more than the default; those open ours, too. A signature would
//! prove nothing more: whoever can read the code has the key that makes it.
//!
//! Source: *Message format reference*, *Algorithms reference*, *Body AAD reference*, *Initialization vector reference* and
//! *Raw AES keyrings* of the AWS Encryption SDK's guide, and its specification.

mod key;
mod message;

pub use key::{BadWrappingKey, WrappingKey, WrappingKeys};
pub use message::{EncryptionContext, NotEncrypted, encrypt};
