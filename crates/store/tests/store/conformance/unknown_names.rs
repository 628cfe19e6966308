//! What is remembered of names that lead to nobody.

use pool::ports::Change;
use pool::time::Time;
use pool::unknown_name::UnknownName;
use pool::user::Lockout;

use super::{Subject, conflict};
use crate::fixtures::{pool_id, sub, user_pool};
use pool::ports::Conflict;

pub(crate) fn name(n: u32, expires_at: i64) -> UnknownName {
    UnknownName {
        user_pool_id: pool_id(1),
        sub: sub(n),
        lockout: Lockout {
            failures: 3,
            last_failure_at: Some(Time(7)),
        },
        codes: std::collections::BTreeMap::new(),
        used_sessions: std::collections::BTreeMap::from([("session".to_owned(), Time(9))]),
        expires_at: Time(expires_at),
        version: 0,
    }
}

fn put(name: &UnknownName, now: i64) -> Vec<Change> {
    vec![Change::PutUnknownName {
        name: Box::new(name.clone()),
        now: Time(now),
    }]
}

async fn found(store: &Subject, n: u32) -> Option<UnknownName> {
    store.find_unknown_name(&pool_id(1), &sub(n)).await.unwrap()
}

pub(crate) async fn an_unknown_name_is_found_as_it_was_put(store: &Subject) {
    assert_eq!(found(store, 1).await, None);
    store.commit(put(&name(1, 100), 1)).await.unwrap();
    let stored = found(store, 1).await.unwrap();
    assert_eq!(
        stored,
        UnknownName {
            version: 1,
            ..name(1, 100)
        }
    );
    let newer = UnknownName {
        lockout: Lockout::default(),
        ..stored
    };
    store.commit(put(&newer, 1)).await.unwrap();
    assert_eq!(found(store, 1).await, Some(UnknownName { version: 2, ..newer }));
    assert_eq!(found(store, 2).await, None);
}

pub(crate) async fn a_stale_unknown_name_replaces_nothing(store: &Subject) {
    store.commit(put(&name(1, 100), 1)).await.unwrap();
    assert_eq!(conflict(store, put(&name(1, 200), 1)).await, Conflict::Changed);
    let stored = found(store, 1).await.unwrap();
    store.commit(put(&stored, 1)).await.unwrap();
    assert_eq!(conflict(store, put(&stored, 1)).await, Conflict::Changed);
    let never_there = UnknownName {
        version: 5,
        ..name(2, 100)
    };
    assert_eq!(conflict(store, put(&never_there, 1)).await, Conflict::Changed);
}

pub(crate) async fn unknown_names_go_when_their_time_is_up_and_with_their_pool(store: &Subject) {
    store
        .commit(vec![Change::InsertUserPool(Box::new(user_pool(1)))])
        .await
        .unwrap();
    for n in 1..=3 {
        store.commit(put(&name(n, 100), 1)).await.unwrap();
    }
    store.commit(put(&name(4, 500), 99)).await.unwrap();
    assert!(found(store, 1).await.is_some());
    for n in 5..=6 {
        store.commit(put(&name(n, 500), 100)).await.unwrap();
    }
    for n in 1..=3 {
        assert_eq!(found(store, n).await, None);
    }
    assert!(found(store, 4).await.is_some());
    store
        .commit(vec![Change::DeleteUserPool(pool_id(1))])
        .await
        .unwrap();
    assert_eq!(found(store, 4).await, None);
}
