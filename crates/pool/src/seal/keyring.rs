//! The keys that are derived from one master key (HKDF-SHA256, RFC 5869).

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, LessSafeKey, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{MasterKey, MasterKeyId, Purpose, SealError};

/// The keys of one master key.
pub(super) struct Keyring {
    pub(super) id: MasterKeyId,
    keys: [LessSafeKey; Purpose::ALL.len()],
    /// The key of digests in a database that was made with this master key.
    pub(super) digest_key: DigestKey,
}

impl Keyring {
    pub(super) fn derive(master_key: &MasterKey) -> Result<Self, SealError> {
        let expand = |label: &[u8]| -> Result<Zeroizing<[u8; 32]>, SealError> {
            let mut key = Zeroizing::new([0; 32]);
            Salt::new(HKDF_SHA256, b"rehome seal v1")
                .extract(master_key.bytes())
                .expand(&[label], KeyLength)
                .and_then(|output| output.fill(key.as_mut_slice()))
                .map_err(|_| SealError::Cipher)?;
            Ok(key)
        };
        let mut id = [0; MasterKeyId::LENGTH];
        id.copy_from_slice(&expand(b"key id")?[..MasterKeyId::LENGTH]);
        let mut keys = Vec::with_capacity(Purpose::ALL.len());
        for purpose in Purpose::ALL {
            let key = expand(purpose.label())?;
            let key = UnboundKey::new(&AES_256_GCM_SIV, key.as_slice()).map_err(|_| SealError::Cipher)?;
            keys.push(LessSafeKey::new(key));
        }
        Ok(Self {
            id: MasterKeyId::of(id),
            keys: keys.try_into().map_err(|_| SealError::Cipher)?,
            digest_key: DigestKey(*expand(b"digest")?),
        })
    }

    pub(super) fn key(&self, purpose: Purpose) -> &LessSafeKey {
        &self.keys[purpose as usize]
    }
}

/// 32 bytes of HKDF output.
struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

/// The key of a database's digests. It stays when the database goes from one master key to another.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct DigestKey(pub(super) [u8; 32]);

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(…)")
    }
}
