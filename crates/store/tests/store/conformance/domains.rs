//! The domains of pools.

use pool::id::UserPoolId;
use pool::ports::{Change, Conflict};

use super::{Subject, conflict};
use crate::fixtures::{pool_id, user_pool};

fn insert(domain: &str, pool: &UserPoolId) -> Vec<Change> {
    vec![Change::InsertDomain {
        domain: domain.to_owned(),
        user_pool_id: pool.clone(),
    }]
}

fn pools() -> Vec<Change> {
    [1, 2]
        .map(|n| Change::InsertUserPool(Box::new(user_pool(n))))
        .to_vec()
}

pub(crate) async fn a_domain_leads_to_its_pool_until_it_goes(store: &Subject) {
    store.commit(pools()).await.unwrap();
    assert_eq!(store.find_pool_of_domain("my-app").await.unwrap(), None);
    store.commit(insert("my-app", &pool_id(1))).await.unwrap();
    assert_eq!(
        store.find_pool_of_domain("my-app").await.unwrap(),
        Some(pool_id(1))
    );
    assert_eq!(store.find_pool_of_domain("My-App").await.unwrap(), None);
    let gone = || vec![Change::DeleteDomain("my-app".to_owned())];
    store.commit(gone()).await.unwrap();
    assert_eq!(store.find_pool_of_domain("my-app").await.unwrap(), None);
    assert_eq!(conflict(store, gone()).await, Conflict::Changed);
}

pub(crate) async fn a_domain_is_one_pool_s(store: &Subject) {
    store.commit(pools()).await.unwrap();
    store.commit(insert("my-app", &pool_id(1))).await.unwrap();
    assert_eq!(
        conflict(store, insert("my-app", &pool_id(2))).await,
        Conflict::IdTaken
    );
    assert_eq!(
        conflict(store, insert("other", &pool_id(3))).await,
        Conflict::Changed
    );
}

pub(crate) async fn a_deleted_user_pool_takes_its_domains(store: &Subject) {
    store.commit(pools()).await.unwrap();
    store.commit(insert("my-app", &pool_id(1))).await.unwrap();
    store
        .commit(vec![Change::DeleteUserPool(pool_id(1))])
        .await
        .unwrap();
    assert_eq!(store.find_pool_of_domain("my-app").await.unwrap(), None);
    store.commit(insert("my-app", &pool_id(2))).await.unwrap();
}
