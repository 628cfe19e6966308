//! Devices and what has become of sign-ins: what belongs to one user.

use std::collections::BTreeMap;

use pool::device::{Device, SealedVerifier};
use pool::id::DeviceKey;
use pool::ports::{Change, Conflict};
use pool::time::Time;
use pool::token::{Rotation, TokenFamily};

use super::{Subject, conflict};
use crate::fixtures::{insert_pool, insert_user, pool_id, sub, user, user_pool};

async fn with_user(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    store
        .commit(vec![insert_user(
            user(1, &pool_id(1), &[]),
            &[&format!("user{}", 1)],
        )])
        .await
        .unwrap();
}

pub(crate) fn device(name: &str) -> Device {
    Device {
        user_pool_id: pool_id(1),
        sub: sub(1),
        key: DeviceKey::parse(&format!("eu-west-1_{name}")).unwrap(),
        group_key: "-abc".to_owned(),
        name: None,
        sealed_verifier: Some(SealedVerifier(vec![9; 30])),
        remembered: false,
        attributes: BTreeMap::new(),
        second_factor_given: false,
        open_sign_in: None,
        created_at: Time(1),
        modified_at: Time(1),
        last_authenticated_at: Time(1),
        version: 1,
    }
}

pub(crate) fn family(origin_jti: &str, expires_at: i64) -> TokenFamily {
    TokenFamily {
        user_pool_id: pool_id(1),
        sub: sub(1),
        origin_jti: origin_jti.to_owned(),
        revoked: true,
        rotation: Rotation::default(),
        expires_at: Time(expires_at),
        version: 0,
    }
}

fn put(family: &TokenFamily, now: i64) -> Vec<Change> {
    vec![Change::PutTokenFamily {
        family: Box::new(family.clone()),
        now: Time(now),
    }]
}

async fn found(store: &Subject, origin_jti: &str) -> Option<TokenFamily> {
    let bearer = store.find_bearer(&pool_id(1), &sub(1), origin_jti).await.unwrap();
    bearer.unwrap().1
}

pub(crate) async fn a_device_comes_changes_and_goes(store: &Subject) {
    with_user(store).await;
    let laptop = device("laptop");
    let insert = || vec![Change::InsertDevice(Box::new(laptop.clone()))];
    store.commit(insert()).await.unwrap();
    assert_eq!(conflict(store, insert()).await, Conflict::IdTaken);
    let newer = Device {
        remembered: true,
        ..laptop.clone()
    };
    let replace = || vec![Change::ReplaceDevice(Box::new(newer.clone()))];
    store.commit(replace()).await.unwrap();
    assert_eq!(conflict(store, replace()).await, Conflict::Changed);
    let there = store
        .find_device(&pool_id(1), &laptop.sub, &laptop.key)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((there.remembered, there.version), (true, 2));
    for _ in 0..2 {
        let delete = Change::DeleteDevice {
            user_pool_id: pool_id(1),
            sub: laptop.sub.clone(),
            key: laptop.key.clone(),
        };
        store.commit(vec![delete]).await.unwrap();
    }
    assert_eq!(
        store
            .find_device(&pool_id(1), &laptop.sub, &laptop.key)
            .await
            .unwrap(),
        None
    );
}

pub(crate) async fn devices_are_listed_in_pages_and_go_with_their_user(store: &Subject) {
    with_user(store).await;
    for name in ["c", "a", "b"] {
        store
            .commit(vec![Change::InsertDevice(Box::new(device(name)))])
            .await
            .unwrap();
    }
    let keys = async |after: Option<&DeviceKey>| {
        let devices = store.list_devices(&pool_id(1), &sub(1), after, 2).await.unwrap();
        devices.into_iter().map(|device| device.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(None).await, [device("a").key, device("b").key]);
    assert_eq!(keys(Some(&device("b").key)).await, [device("c").key]);
    let delete = Change::DeleteUser {
        user_pool_id: pool_id(1),
        sub: sub(1),
    };
    store.commit(vec![delete]).await.unwrap();
    assert!(keys(None).await.is_empty());
    let orphan = vec![Change::InsertDevice(Box::new(device("d")))];
    assert_eq!(conflict(store, orphan).await, Conflict::Changed);
}

pub(crate) async fn devices_of_all_users_are_listed_in_pages(store: &Subject) {
    assert!(store.list_all_devices(None, 9).await.unwrap().is_empty());
    let mut all = Vec::new();
    for pool in [1, 2] {
        store.commit(vec![insert_pool(user_pool(pool))]).await.unwrap();
        for n in [1, 2] {
            let of = user(n, &pool_id(pool), &[]);
            store
                .commit(vec![insert_user(of, &[&format!("user{n}")])])
                .await
                .unwrap();
            for name in ["b", "a"] {
                let device = Device {
                    user_pool_id: pool_id(pool),
                    sub: sub(n),
                    ..device(name)
                };
                store
                    .commit(vec![Change::InsertDevice(Box::new(device.clone()))])
                    .await
                    .unwrap();
                all.push(device);
            }
        }
    }
    let place = |device: &Device| {
        (
            device.user_pool_id.clone(),
            device.sub.clone(),
            device.key.clone(),
        )
    };
    all.sort_by_key(|device| place(device));
    for limit in [1, 3, 8, 9] {
        let mut seen: Vec<Device> = Vec::new();
        loop {
            let page = store.list_all_devices(seen.last(), limit).await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= limit as usize);
            seen.extend(page);
        }
        assert_eq!(seen, all, "by {limit}");
    }
}

pub(crate) async fn a_user_is_found_with_what_became_of_a_sign_in(store: &Subject) {
    with_user(store).await;
    assert_eq!(found(store, "first").await, None);
    store.commit(put(&family("first", 100), 1)).await.unwrap();
    assert_eq!(
        conflict(store, put(&family("first", 100), 1)).await,
        Conflict::Changed
    );
    let first = found(store, "first").await.unwrap();
    assert_eq!((first.revoked, first.version), (true, 1));
    assert_eq!(found(store, "second").await, None);
    store.commit(put(&first, 1)).await.unwrap();
    assert_eq!(conflict(store, put(&first, 1)).await, Conflict::Changed);
}

pub(crate) async fn what_has_ended_by_itself_is_cleared_away(store: &Subject) {
    with_user(store).await;
    store.commit(put(&family("first", 100), 1)).await.unwrap();
    store.commit(put(&family("second", 300), 100)).await.unwrap();
    assert_eq!(found(store, "first").await, None);
    assert!(found(store, "second").await.is_some());
}
