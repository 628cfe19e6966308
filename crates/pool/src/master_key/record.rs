//! What a database holds of its master keys.

use serde::{Deserialize, Serialize};

use super::Proposal;
use crate::ports::Entropy;
use crate::seal::{DigestKey, MasterKeyId, SealError, Sealed, Sealer};
use crate::time::Time;

/// By what a database knows its master keys. There is one, once a node has been started on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MasterKeyRecord {
    /// The key that seals.
    pub sealing: MasterKeyId,
    /// The keys that seal or have sealed, in the order in which they began to.
    pub keys: Vec<KnownMasterKey>,
    /// The key that is to seal next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposal>,
    /// Counts the writes; a commit names the one it has read.
    pub version: i64,
}

/// A master key that a database knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownMasterKey {
    /// Which.
    pub id: MasterKeyId,
    /// The key of the database's digests, sealed under this one: it proves a key that is given to be the very one.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub sealed_digest_key: Vec<u8>,
    /// When another took its place; `None` while it seals.
    pub sealed_until: Option<Time>,
    /// Whether something that rests in the database may be sealed under it: then no node can do without it.
    pub at_rest: bool,
}

impl KnownMasterKey {
    /// A key that seals from now on, as `sealer` holds it.
    ///
    /// # Errors
    /// [`SealError`] when it does not.
    pub(super) fn sealing(
        sealer: &Sealer,
        id: MasterKeyId,
        digest_key: &DigestKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, SealError> {
        Ok(Self {
            id,
            sealed_digest_key: sealer.seal_digest_key(id, digest_key, entropy)?.into_bytes(),
            sealed_until: None,
            at_rest: true,
        })
    }
}

impl MasterKeyRecord {
    /// The key of this id.
    #[must_use]
    pub fn key(&self, id: MasterKeyId) -> Option<&KnownMasterKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The keys that no node can do without.
    pub fn needed(&self) -> impl Iterator<Item = MasterKeyId> {
        let needed = self
            .keys
            .iter()
            .filter(|key| key.at_rest || key.id == self.sealing);
        needed.map(|key| key.id)
    }

    /// The key of the database's digests, which `sealer` opens if it holds one of the keys, and not only one of that id.
    pub(super) fn digest_key(&self, sealer: &Sealer) -> Option<DigestKey> {
        let proof = self.key(self.sealing)?.sealed_digest_key.clone();
        sealer.open_digest_key(&Sealed::from_bytes(proof)).ok()
    }
}
