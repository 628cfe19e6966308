//! A store knows its master keys.

use pool::master_key::{MasterKeyRecord, UnlockError, unlock};
use pool::ports::{Change, Conflict, SystemEntropy};
use pool::seal::{MasterKey, MasterKeys, Purpose, Sealer};
use pool::user_pool::{KeyPair, SealedKey, SigningKeys, UserPool};
use tokio::task::JoinSet;

use super::{Subject, conflict};
use crate::fixtures::{insert_pool, user_pool};
use pool::time::Time;

/// The keys of these bytes, as a file holds them.
fn keys(bytes: &[u8]) -> MasterKeys {
    let lines: Vec<String> = bytes
        .iter()
        .map(|byte| format!("{byte:02x}").repeat(32))
        .collect();
    MasterKeys::parse(&lines.join("\n")).unwrap()
}

fn sealer(byte: u8) -> Sealer {
    Sealer::new(&MasterKey::new([byte; 32])).unwrap()
}

async fn unlocked(store: &Subject, bytes: &[u8]) -> Result<Sealer, UnlockError> {
    unlock(&**store, &keys(bytes), &SystemEntropy).await
}

async fn record(store: &Subject) -> Option<MasterKeyRecord> {
    store.find_master_key_record().await.unwrap()
}

pub(crate) async fn a_store_that_knows_no_key_takes_the_first_that_comes(store: &Subject) {
    assert_eq!(record(store).await, None);
    let unlocked_first = unlocked(store, &[1, 2]).await.unwrap();
    let made = record(store).await.unwrap();
    assert_eq!((made.sealing, made.version), (sealer(1).sealing(), 1));
    assert_eq!(made.keys.len(), 1);
    assert!(made.keys[0].at_rest && made.keys[0].sealed_until.is_none());
    // The next one seals with it, too, in whichever order its file names the keys, and writes nothing.
    let next = unlocked(store, &[2, 1]).await.unwrap();
    assert_eq!(next.sealing(), sealer(1).sealing());
    assert_eq!(record(store).await.unwrap(), made);
    let parts = ["ann"];
    let digest = unlocked_first.digest(Purpose::Verifier, &parts);
    assert_eq!(next.digest(Purpose::Verifier, &parts), digest);
    // And as releases did that kept no record.
    assert_eq!(sealer(1).digest(Purpose::Verifier, &parts), digest);
}

pub(crate) async fn another_key_is_refused_before_anything_is_written(store: &Subject) {
    unlocked(store, &[1]).await.unwrap();
    let made = record(store).await;
    let refused = unlocked(store, &[2, 3]).await.unwrap_err();
    assert!(matches!(refused, UnlockError::Another), "{refused:?}");
    // A key is not believed for its id.
    let mut forged = made.clone().unwrap();
    forged.keys[0].id = sealer(2).sealing();
    forged.sealing = sealer(2).sealing();
    store
        .commit(vec![Change::PutMasterKeyRecord(Box::new(forged))])
        .await
        .unwrap();
    let refused = unlocked(store, &[2]).await.unwrap_err();
    assert!(matches!(refused, UnlockError::Another), "{refused:?}");
    assert_eq!(record(store).await.unwrap().version, 2);
}

pub(crate) async fn of_many_who_come_first_with_keys_of_their_own_one_stays(store: &Subject) {
    let mut starts = JoinSet::new();
    for byte in 1..=10 {
        let store = store.clone();
        starts.spawn(async move { (byte, unlocked(&store, &[byte]).await) });
    }
    let mut let_in = Vec::new();
    for (byte, unlocked) in starts.join_all().await {
        match unlocked {
            Ok(_) => let_in.push(byte),
            Err(refused) => assert!(matches!(refused, UnlockError::Another), "{refused:?}"),
        }
    }
    let [byte] = let_in[..] else {
        panic!("let in: {let_in:?}")
    };
    let made = record(store).await.unwrap();
    assert_eq!((made.sealing, made.version), (sealer(byte).sealing(), 1));
}

/// A pool whose signing keys are sealed under the key of this byte.
fn pool_sealed_under(byte: u8) -> UserPool {
    let mut pool = user_pool(1);
    let key = sealer(byte)
        .seal(Purpose::SigningKey, &[pool.id.as_str()], b"key", &SystemEntropy)
        .unwrap();
    let key = SealedKey(key.into_bytes());
    pool.signing_keys = SigningKeys::new(KeyPair {
        id_token: key.clone(),
        access_token: key,
        signs_from: Time(0),
    });
    pool
}

pub(crate) async fn a_store_of_releases_before_takes_the_key_of_its_pools(store: &Subject) {
    store
        .commit(vec![insert_pool(pool_sealed_under(1))])
        .await
        .unwrap();
    let refused = unlocked(store, &[2]).await.unwrap_err();
    assert!(matches!(refused, UnlockError::Another), "{refused:?}");
    assert_eq!(record(store).await, None);
    let next = unlocked(store, &[2, 1]).await.unwrap();
    assert_eq!(next.sealing(), sealer(1).sealing());
    assert_eq!(record(store).await.unwrap().sealing, sealer(1).sealing());
    let parts = ["ann"];
    assert_eq!(
        next.digest(Purpose::Code, &parts),
        sealer(1).digest(Purpose::Code, &parts)
    );
}

pub(crate) async fn a_stale_record_replaces_nothing(store: &Subject) {
    unlocked(store, &[1]).await.unwrap();
    let put = |record: &MasterKeyRecord| vec![Change::PutMasterKeyRecord(Box::new(record.clone()))];
    let made = record(store).await.unwrap();
    store.commit(put(&made)).await.unwrap();
    assert_eq!(record(store).await.unwrap().version, 2);
    let first = MasterKeyRecord {
        version: 0,
        ..made.clone()
    };
    for stale in [made, first] {
        assert_eq!(conflict(store, put(&stale)).await, Conflict::Changed);
    }
}
