//! Sealed values: how they are laid out, and how they travel as text.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::MasterKeyId;

/// The only format so far.
pub(super) const VERSION: u8 = 1;
pub(super) const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
/// Version and key id, which are authenticated.
pub(super) const PREFIX_LENGTH: usize = 1 + MasterKeyId::LENGTH;
pub(super) const HEADER_LENGTH: usize = PREFIX_LENGTH + NONCE_LENGTH;

/// By how many bytes a sealed value is longer than its content.
pub const OVERHEAD: usize = HEADER_LENGTH + TAG_LENGTH;

/// A sealed value: safe to show, useless without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub(super) Vec<u8>);

impl Sealed {
    /// Takes bytes from the store.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Reads base64url without padding: sessions and refresh tokens.
    ///
    /// # Errors
    /// [`Unopenable`] when the text is not that.
    pub fn from_url_text(text: &str) -> Result<Self, Unopenable> {
        URL_SAFE_NO_PAD.decode(text).map(Self).map_err(|_| Unopenable)
    }

    /// Reads standard Base64 with padding: `SECRET_BLOCK`.
    ///
    /// # Errors
    /// [`Unopenable`] when the text is not that.
    pub fn from_base64(text: &str) -> Result<Self, Unopenable> {
        STANDARD.decode(text).map(Self).map_err(|_| Unopenable)
    }

    /// The bytes, for the store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, for the store.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Base64url without padding: fits the patterns of sessions and refresh tokens.
    #[must_use]
    pub fn to_url_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Standard Base64 with padding: `SECRET_BLOCK`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// The id of the master key that the value says it was sealed under; `None` when it says nothing.
    #[must_use]
    pub fn master_key_id(&self) -> Option<MasterKeyId> {
        master_key_id(&self.0)
    }
}

/// The id of the master key that a sealed value's bytes say it was sealed under.
#[must_use]
pub fn master_key_id(sealed: &[u8]) -> Option<MasterKeyId> {
    let (prefix, _) = sealed.split_first_chunk::<PREFIX_LENGTH>()?;
    let [VERSION, id @ ..] = *prefix else {
        return None;
    };
    Some(MasterKeyId::of(id))
}

/// The value was not sealed by this key for this purpose and place, or has been altered. It does not say which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened")]
pub struct Unopenable;
