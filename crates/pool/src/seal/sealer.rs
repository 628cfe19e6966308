//! Who seals and opens.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::aead::{Aad, Nonce};
use aws_lc_rs::hmac;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::keyring::{DigestKey, Keyring};
use super::sealed::{HEADER_LENGTH, NONCE_LENGTH, PREFIX_LENGTH, VERSION};
use super::{MasterKey, MasterKeyId, MasterKeys, OVERHEAD, Purpose, Sealed, Unopenable};
use crate::ports::Entropy;

/// Why a value could not be sealed. Neither happens with values of the pool's own types and sizes.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The cipher refused.
    #[error("the cipher refused")]
    Cipher,
    /// The value has no JSON form.
    #[error("the value has no JSON form")]
    Json(#[source] serde_json::Error),
    /// The master key that it is to be sealed under is not held.
    #[error("the master key {0} is not at hand")]
    Lacking(MasterKeyId),
}

/// Seals and opens values. Cheap to use: the keys of all purposes are derived once.
pub struct Sealer {
    /// One at least.
    keyrings: Vec<Keyring>,
    /// The place of the one that seals.
    sealing: AtomicUsize,
    digest: hmac::Key,
}

impl Sealer {
    /// Derives the keys of all purposes from one master key.
    ///
    /// # Errors
    /// [`SealError::Cipher`] when the cipher refuses a key.
    pub fn new(master_key: &MasterKey) -> Result<Self, SealError> {
        let first = Keyring::derive(master_key)?;
        Ok(Self {
            digest: hmac_key(&first.digest_key),
            keyrings: vec![first],
            sealing: AtomicUsize::new(0),
        })
    }

    /// The same with several: all of them open, and the first seals, until [`Sealer::seal_under`] names another.
    ///
    /// # Errors
    /// [`SealError::Cipher`] when the cipher refuses a key.
    pub fn of(master_keys: &MasterKeys) -> Result<Self, SealError> {
        let mut sealer = Self::new(&master_keys.first)?;
        for key in &master_keys.others {
            sealer.keyrings.push(Keyring::derive(key)?);
        }
        Ok(sealer)
    }

    /// The master key that seals.
    #[must_use]
    pub fn sealing(&self) -> MasterKeyId {
        self.current().id
    }

    /// The master keys that open, in the order in which they were given.
    pub fn master_keys(&self) -> impl Iterator<Item = MasterKeyId> {
        self.keyrings.iter().map(|keyring| keyring.id)
    }

    /// Whether this master key opens.
    #[must_use]
    pub fn holds(&self, id: MasterKeyId) -> bool {
        self.place(id).is_some()
    }

    /// Seals under this master key from now on; gives whether it is one of those held. Nothing changes otherwise.
    pub fn seal_under(&self, id: MasterKeyId) -> bool {
        let place = self.place(id);
        if let Some(place) = place {
            self.sealing.store(place, Ordering::Release);
        }
        place.is_some()
    }

    /// Seals the key of a database's digests under the master key of this id: for the record by which the database knows its
    /// keys.
    ///
    /// # Errors
    /// [`SealError::Lacking`] when that key is not held.
    pub(crate) fn seal_digest_key(
        &self,
        id: MasterKeyId,
        digest_key: &DigestKey,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        let keyring = self.keyring(id).ok_or(SealError::Lacking(id))?;
        seal(keyring, Purpose::DigestKey, &[], &digest_key.0, entropy)
    }

    /// What [`Sealer::seal_digest_key`] has sealed, which proves that the master key is the very one.
    ///
    /// # Errors
    /// [`Unopenable`] when it is another.
    pub(crate) fn open_digest_key(&self, sealed: &Sealed) -> Result<DigestKey, Unopenable> {
        let opened = self.open(Purpose::DigestKey, &[], sealed)?;
        opened
            .as_slice()
            .try_into()
            .map(DigestKey)
            .map_err(|_| Unopenable)
    }

    /// The key of digests in a database that is made with this master key; `None` when it is not held.
    pub(crate) fn digest_key_of(&self, id: MasterKeyId) -> Option<DigestKey> {
        self.keyring(id).map(|keyring| keyring.digest_key.clone())
    }

    /// Makes digests with this key from now on.
    pub(crate) fn digest_with(&mut self, digest_key: &DigestKey) {
        self.digest = hmac_key(digest_key);
    }

    /// Seals `plaintext` for `purpose`; it opens only with the same `bound_to` (pool id, app client id, …).
    ///
    /// # Errors
    /// [`SealError::Cipher`] for a text beyond the cipher's limit of 64 GB.
    pub fn seal(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        seal(self.current(), purpose, bound_to, plaintext, entropy)
    }

    /// Opens a value that [`Sealer::seal`] made for the same purpose and place.
    ///
    /// # Errors
    /// [`Unopenable`] for everything else.
    pub fn open(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
        let (header, ciphertext) = sealed.0.split_at_checked(HEADER_LENGTH).ok_or(Unopenable)?;
        let (prefix, nonce) = header.split_at(PREFIX_LENGTH);
        let id = sealed.master_key_id().ok_or(Unopenable)?;
        let keyring = self.keyring(id).ok_or(Unopenable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopenable)?;
        let mut text = Zeroizing::new(ciphertext.to_vec());
        let length = keyring
            .key(purpose)
            .open_in_place(nonce, Aad::from(associated_data(prefix, bound_to)), &mut text)
            .map_err(|_| Unopenable)?
            .len();
        text.truncate(length);
        Ok(text)
    }

    /// Seals the JSON form of `value`.
    ///
    /// # Errors
    /// [`SealError::Json`] when it has none; see [`Sealer::seal`].
    pub fn seal_json<T: Serialize>(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        let json = Zeroizing::new(serde_json::to_vec(value).map_err(SealError::Json)?);
        self.seal(purpose, bound_to, &json, entropy)
    }

    /// Opens what [`Sealer::seal_json`] made.
    ///
    /// # Errors
    /// [`Unopenable`], also when the content is of another shape.
    pub fn open_json<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        sealed: &Sealed,
    ) -> Result<T, Unopenable> {
        let json = self.open(purpose, bound_to, sealed)?;
        serde_json::from_slice(&json).map_err(|_| Unopenable)
    }

    /// A keyed digest (HMAC-SHA256) of `parts`: the same for the same parts, and unforeseeable without the key. For what is
    /// compared and never read back. The key is the database's: it stays when the master key changes, so that nothing that
    /// clients see, and that follows from a digest, tells of the change.
    #[must_use]
    pub fn digest(&self, purpose: Purpose, parts: &[&str]) -> [u8; 32] {
        let tag = hmac::sign(&self.digest, &associated_data(purpose.label(), parts));
        let mut digest = [0; 32];
        digest.copy_from_slice(tag.as_ref());
        digest
    }

    fn current(&self) -> &Keyring {
        &self.keyrings[self.sealing.load(Ordering::Acquire)]
    }

    fn keyring(&self, id: MasterKeyId) -> Option<&Keyring> {
        self.place(id).map(|place| &self.keyrings[place])
    }

    fn place(&self, id: MasterKeyId) -> Option<usize> {
        self.keyrings.iter().position(|keyring| keyring.id == id)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn hmac_key(digest_key: &DigestKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, &digest_key.0)
}

fn seal(
    keyring: &Keyring,
    purpose: Purpose,
    bound_to: &[&str],
    plaintext: &[u8],
    entropy: &dyn Entropy,
) -> Result<Sealed, SealError> {
    let mut nonce = [0; NONCE_LENGTH];
    entropy.fill(&mut nonce);
    let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD);
    sealed.push(VERSION);
    sealed.extend(keyring.id.bytes());
    sealed.extend(nonce);
    let aad = associated_data(&sealed[..PREFIX_LENGTH], bound_to);
    sealed.extend(plaintext);
    let tag = keyring
        .key(purpose)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            &mut sealed[HEADER_LENGTH..],
        )
        .map_err(|_| SealError::Cipher)?;
    sealed.extend(tag.as_ref());
    Ok(Sealed(sealed))
}

/// Version and key id, then each part with its length before it, so that no two lists read alike.
fn associated_data(prefix: &[u8], bound_to: &[&str]) -> Vec<u8> {
    let mut data =
        Vec::with_capacity(prefix.len() + bound_to.iter().map(|part| part.len() + 8).sum::<usize>());
    data.extend(prefix);
    for part in bound_to {
        data.extend((part.len() as u64).to_be_bytes());
        data.extend(part.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests;
