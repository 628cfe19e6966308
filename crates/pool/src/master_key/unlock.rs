//! What a node does before anything else: it holds its master keys against the database's.

use crate::ports::{Change, Conflict, Entropy, Store, StoreError};
use crate::seal::{MasterKeyId, MasterKeys, Purpose, SealError, Sealed, Sealer};

use super::{KnownMasterKey, MasterKeyRecord};

/// Why a node cannot work on a database with the keys that it has.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The keys are no keys.
    #[error("the master key cannot be used")]
    Unusable(#[from] SealError),
    /// What is there was sealed with another key, and none of those at hand opens anything.
    #[error("the data was sealed with another master key")]
    Another,
    /// A key is not at hand that something at rest is sealed under.
    #[error("the data is sealed with the master key {0} too, which is not at hand")]
    Lacking(MasterKeyId),
    /// The store could not say.
    #[error("the store does not answer")]
    Store(#[from] StoreError),
}

/// Seals and opens what is in `store`, once it is known that the keys are the right ones. In a store that knows no key yet it
/// writes down which they are: of those who come at once, one does.
///
/// # Errors
/// [`UnlockError`]; nothing was written then.
pub async fn unlock(
    store: &dyn Store,
    keys: &MasterKeys,
    entropy: &dyn Entropy,
) -> Result<Sealer, UnlockError> {
    let mut sealer = Sealer::of(keys)?;
    let record = match store.find_master_key_record().await? {
        Some(record) => record,
        None => make_known(store, &sealer, entropy).await?,
    };
    let lacking = record.needed().find(|id| !sealer.holds(*id));
    if let Some(lacking) = lacking {
        let holds_any = record.keys.iter().any(|key| sealer.holds(key.id));
        return Err(if holds_any {
            UnlockError::Lacking(lacking)
        } else {
            UnlockError::Another
        });
    }
    let digest_key = record.digest_key(&sealer).ok_or(UnlockError::Another)?;
    sealer.digest_with(&digest_key);
    sealer.seal_under(record.sealing);
    Ok(sealer)
}

/// Writes down the key of a store that knows none; gives what another has written who was faster.
async fn make_known(
    store: &dyn Store,
    sealer: &Sealer,
    entropy: &dyn Entropy,
) -> Result<MasterKeyRecord, UnlockError> {
    let sealing = match key_of_a_pool(store, sealer).await? {
        Some(id) => id,
        None => sealer.sealing(),
    };
    let digest_key = sealer.digest_key_of(sealing).ok_or(UnlockError::Another)?;
    let mut record = MasterKeyRecord {
        sealing,
        keys: vec![KnownMasterKey::sealing(sealer, sealing, &digest_key, entropy)?],
        proposed: None,
        version: 0,
    };
    match store
        .commit(vec![Change::PutMasterKeyRecord(Box::new(record.clone()))])
        .await
    {
        Ok(()) => {
            record.version += 1;
            Ok(record)
        }
        Err(StoreError::Conflict(Conflict::Changed)) => {
            let made = store.find_master_key_record().await?;
            made.ok_or_else(|| StoreError::Conflict(Conflict::Changed).into())
        }
        Err(other) => Err(other.into()),
    }
}

/// Under which key the first pool's own keys are sealed, in a store that releases without a record have filled.
async fn key_of_a_pool(store: &dyn Store, sealer: &Sealer) -> Result<Option<MasterKeyId>, UnlockError> {
    let first = store.list_user_pools(None, 1).await?;
    let Some(pool) = first.user_pools.first() else {
        return Ok(None);
    };
    let Some(pair) = pool.signing_keys.pairs().first() else {
        return Ok(None);
    };
    let key = Sealed::from_bytes(pair.id_token.0.clone());
    sealer
        .open(Purpose::SigningKey, &[pool.id.as_str()], &key)
        .map_err(|_| UnlockError::Another)?;
    Ok(key.master_key_id())
}
