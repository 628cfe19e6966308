use pool::ports::{Change, Conflict};

use super::{Subject, conflict};
use crate::fixtures::{insert_pool, insert_user, login, pool_id, replace_user, sub, user, user_pool};

/// A store with pool 1.
async fn with_pool(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
}

/// The `sub` of whom a name signs in to pool 1.
async fn owner(store: &Subject, name: &str) -> Option<pool::id::Sub> {
    store
        .find_user(&pool_id(1), &login(name))
        .await
        .unwrap()
        .map(|user| user.sub)
}

pub(crate) async fn a_user_is_found_by_each_name_and_by_sub(store: &Subject) {
    with_pool(store).await;
    let attributes = [
        ("email", "Ann@Example.com"),
        ("custom:tier", "gold \u{1f947} \"quoted\" \\ \0"),
    ];
    let ann = user(1, &pool_id(1), &attributes);
    store
        .commit(vec![insert_user(ann.clone(), &["ann", "Ann@Example.com"])])
        .await
        .unwrap();
    let found = [
        store.find_user(&pool_id(1), &login("ann")).await.unwrap(),
        store
            .find_user(&pool_id(1), &login("Ann@Example.com"))
            .await
            .unwrap(),
        store.find_user_by_sub(&pool_id(1), &sub(1)).await.unwrap(),
    ];
    assert_eq!(found, [Some(ann.clone()), Some(ann.clone()), Some(ann)]);
    assert_eq!(owner(store, "Ann").await, None);
    assert_eq!(store.find_user_by_sub(&pool_id(1), &sub(2)).await.unwrap(), None);
}

pub(crate) async fn one_name_is_two_users_in_two_pools(store: &Subject) {
    store
        .commit(vec![insert_pool(user_pool(1)), insert_pool(user_pool(2))])
        .await
        .unwrap();
    store
        .commit(vec![insert_user(user(1, &pool_id(1), &[]), &["ann"])])
        .await
        .unwrap();
    store
        .commit(vec![insert_user(user(2, &pool_id(2), &[]), &["ann"])])
        .await
        .unwrap();
    assert_eq!(owner(store, "ann").await, Some(sub(1)));
    assert_eq!(
        store
            .find_user(&pool_id(2), &login("ann"))
            .await
            .unwrap()
            .unwrap()
            .sub,
        sub(2)
    );
    assert_eq!(store.find_user_by_sub(&pool_id(2), &sub(1)).await.unwrap(), None);
}

pub(crate) async fn a_name_given_twice_is_one_name(store: &Subject) {
    with_pool(store).await;
    let ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![insert_user(ann.clone(), &["ann", "ann"])])
        .await
        .unwrap();
    store
        .commit(vec![replace_user(ann, Some(&["ann", "a", "a"]))])
        .await
        .unwrap();
    assert_eq!(owner(store, "a").await, Some(sub(1)));
}

pub(crate) async fn a_replaced_user_has_the_next_version(store: &Subject) {
    with_pool(store).await;
    let mut ann = user(1, &pool_id(1), &[("email", "ann@example.com")]);
    store
        .commit(vec![insert_user(ann.clone(), &["ann"])])
        .await
        .unwrap();
    // First what is not searched, then what is.
    ann.lockout.failures = 3;
    store.commit(vec![replace_user(ann.clone(), None)]).await.unwrap();
    ann.version += 1;
    assert_eq!(
        store.find_user(&pool_id(1), &login("ann")).await.unwrap(),
        Some(ann.clone())
    );
    ann.attributes.remove("email");
    ann.enabled = false;
    store.commit(vec![replace_user(ann.clone(), None)]).await.unwrap();
    ann.version += 1;
    assert_eq!(
        store.find_user(&pool_id(1), &login("ann")).await.unwrap(),
        Some(ann)
    );
}

pub(crate) async fn a_stale_user_replaces_nothing(store: &Subject) {
    with_pool(store).await;
    let ann = user(1, &pool_id(1), &[]);
    assert_eq!(
        conflict(store, vec![replace_user(ann.clone(), None)]).await,
        Conflict::Changed
    );
    store
        .commit(vec![insert_user(ann.clone(), &["ann"])])
        .await
        .unwrap();
    store.commit(vec![replace_user(ann.clone(), None)]).await.unwrap();
    let stale = vec![replace_user(ann, Some(&["ann", "more"]))];
    assert_eq!(conflict(store, stale).await, Conflict::Changed);
    assert_eq!(owner(store, "more").await, None);
    assert_eq!(
        store
            .find_user_by_sub(&pool_id(1), &sub(1))
            .await
            .unwrap()
            .unwrap()
            .version,
        2
    );
}

pub(crate) async fn the_sub_of_a_user_is_taken_once(store: &Subject) {
    with_pool(store).await;
    store
        .commit(vec![insert_user(user(1, &pool_id(1), &[]), &["ann"])])
        .await
        .unwrap();
    let again = vec![insert_user(user(1, &pool_id(1), &[]), &["bob"])];
    assert_eq!(conflict(store, again).await, Conflict::IdTaken);
    assert_eq!(owner(store, "bob").await, None);
}

pub(crate) async fn a_taken_name_is_told(store: &Subject) {
    with_pool(store).await;
    store
        .commit(vec![insert_user(
            user(1, &pool_id(1), &[]),
            &["ann", "a@example.com"],
        )])
        .await
        .unwrap();
    let bob = |names: &[&str]| vec![insert_user(user(2, &pool_id(1), &[]), names)];
    assert_eq!(
        conflict(store, bob(&["ann"])).await,
        Conflict::LoginTaken(login("ann"))
    );
    let taken = conflict(store, bob(&["bob", "a@example.com"])).await;
    assert_eq!(taken, Conflict::LoginTaken(login("a@example.com")));
    // Of two the first that was given.
    let taken = conflict(store, bob(&["bob", "a@example.com", "ann"])).await;
    assert_eq!(taken, Conflict::LoginTaken(login("a@example.com")));
    assert_eq!(store.find_user_by_sub(&pool_id(1), &sub(2)).await.unwrap(), None);
    assert_eq!(owner(store, "bob").await, None);
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 1);
}

pub(crate) async fn names_that_go_are_free_again(store: &Subject) {
    with_pool(store).await;
    let ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![insert_user(ann.clone(), &["ann", "old", "kept"])])
        .await
        .unwrap();
    store
        .commit(vec![replace_user(ann, Some(&["new", "kept", "ann"]))])
        .await
        .unwrap();
    for (name, expected) in [
        ("ann", Some(sub(1))),
        ("kept", Some(sub(1))),
        ("new", Some(sub(1))),
        ("old", None),
    ] {
        assert_eq!(owner(store, name).await, expected, "{name}");
    }
    store
        .commit(vec![insert_user(user(2, &pool_id(1), &[]), &["old"])])
        .await
        .unwrap();
    assert_eq!(owner(store, "old").await, Some(sub(2)));
}

pub(crate) async fn names_that_are_not_given_stay(store: &Subject) {
    with_pool(store).await;
    let mut ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![insert_user(ann.clone(), &["ann", "a"])])
        .await
        .unwrap();
    ann.enabled = false;
    store.commit(vec![replace_user(ann, None)]).await.unwrap();
    assert_eq!(owner(store, "a").await, Some(sub(1)));
}

pub(crate) async fn a_name_of_another_user_cannot_be_taken_by_a_change(store: &Subject) {
    with_pool(store).await;
    let mut ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![insert_user(ann.clone(), &["ann"])])
        .await
        .unwrap();
    store
        .commit(vec![insert_user(user(2, &pool_id(1), &[]), &["bob"])])
        .await
        .unwrap();
    ann.enabled = false;
    let taken = conflict(store, vec![replace_user(ann, Some(&["bob"]))]).await;
    assert_eq!(taken, Conflict::LoginTaken(login("bob")));
    let ann = store
        .find_user(&pool_id(1), &login("ann"))
        .await
        .unwrap()
        .unwrap();
    assert!(ann.enabled && ann.version == 1, "nothing of it happened");
}

pub(crate) async fn a_deleted_user_leaves_their_names(store: &Subject) {
    with_pool(store).await;
    store
        .commit(vec![insert_user(user(1, &pool_id(1), &[]), &["ann", "a"])])
        .await
        .unwrap();
    store
        .commit(vec![Change::DeleteUser {
            user_pool_id: pool_id(1),
            sub: sub(1),
        }])
        .await
        .unwrap();
    assert_eq!(owner(store, "ann").await, None);
    store
        .commit(vec![insert_user(user(2, &pool_id(1), &[]), &["a"])])
        .await
        .unwrap();
    assert_eq!(owner(store, "a").await, Some(sub(2)));
}

pub(crate) async fn a_user_needs_their_pool(store: &Subject) {
    let lost = vec![insert_user(user(1, &pool_id(1), &[]), &["ann"])];
    assert_eq!(conflict(store, lost).await, Conflict::Changed);
}

pub(crate) async fn users_are_counted(store: &Subject) {
    with_pool(store).await;
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 0);
    for n in 0..40 {
        store
            .commit(vec![insert_user(user(n, &pool_id(1), &[]), &[])])
            .await
            .unwrap();
    }
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 40);
    store
        .commit(vec![Change::DeleteUser {
            user_pool_id: pool_id(1),
            sub: sub(7),
        }])
        .await
        .unwrap();
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 39);
    assert_eq!(store.estimate_users(&pool_id(2)).await.unwrap(), 0);
}
