use pool::ports::{Change, Conflict};

use super::{Subject, conflict};
use crate::fixtures::{
    app_client, case_insensitive_pool, client_id, insert_pool, insert_user, login, pool_id, replace_user,
    sub, user, user_pool,
};

pub(crate) async fn changes_happen_in_their_order(store: &Subject) {
    let ann = user(1, &pool_id(1), &[]);
    let changes = vec![
        insert_pool(user_pool(1)),
        insert_user(ann.clone(), &["ann"]),
        Change::DeleteUser {
            user_pool_id: pool_id(1),
            sub: sub(1),
        },
        insert_user(user(2, &pool_id(1), &[]), &["ann"]),
    ];
    store.commit(changes).await.unwrap();
    assert_eq!(
        store
            .find_user(&pool_id(1), &login("ann"))
            .await
            .unwrap()
            .unwrap()
            .sub,
        sub(2)
    );
    assert_eq!(store.find_user_by_sub(&pool_id(1), &sub(1)).await.unwrap(), None);
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 1);
}

pub(crate) async fn an_alias_moves_to_a_new_user_in_one_commit(store: &Subject) {
    let ann = user(1, &pool_id(1), &[("email", "a@example.com")]);
    let insert = vec![
        insert_pool(user_pool(1)),
        insert_user(ann.clone(), &["ann", "a@example.com"]),
    ];
    store.commit(insert).await.unwrap();
    let bob = user(2, &pool_id(1), &[("email", "a@example.com")]);
    let moves = vec![
        replace_user(ann, Some(&["ann"])),
        insert_user(bob, &["bob", "a@example.com"]),
    ];
    store.commit(moves).await.unwrap();
    let owner = store
        .find_user(&pool_id(1), &login("a@example.com"))
        .await
        .unwrap();
    assert_eq!(owner.unwrap().sub, sub(2));
    assert_eq!(
        store
            .find_user(&pool_id(1), &login("ann"))
            .await
            .unwrap()
            .unwrap()
            .version,
        2
    );
}

pub(crate) async fn an_alias_cannot_be_taken_before_it_is_given_up(store: &Subject) {
    let ann = user(1, &pool_id(1), &[]);
    let insert = vec![insert_pool(user_pool(1)), insert_user(ann.clone(), &["ann", "a"])];
    store.commit(insert).await.unwrap();
    let wrong_order = vec![
        insert_user(user(2, &pool_id(1), &[]), &["a"]),
        replace_user(ann, Some(&["ann"])),
    ];
    assert_eq!(
        conflict(store, wrong_order).await,
        Conflict::LoginTaken(login("a"))
    );
}

pub(crate) async fn a_commit_that_fails_at_its_end_leaves_nothing(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let changes = vec![
        insert_user(user(1, &pool_id(1), &[]), &["ann"]),
        Change::InsertAppClient(Box::new(app_client(1, &pool_id(1)))),
        insert_pool(user_pool(2)),
        Change::ReplaceUserPool(Box::new(user_pool(1))),
        insert_pool(user_pool(1)),
    ];
    assert_eq!(conflict(store, changes).await, Conflict::IdTaken);
    assert_eq!(store.find_user(&pool_id(1), &login("ann")).await.unwrap(), None);
    assert_eq!(store.find_app_client(&client_id(1)).await.unwrap(), None);
    assert_eq!(store.find_user_pool(&pool_id(2)).await.unwrap(), None);
    assert_eq!(
        store.find_user_pool(&pool_id(1)).await.unwrap().unwrap().version,
        1
    );
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 0);
}

pub(crate) async fn a_pool_and_its_users_come_in_one_commit(store: &Subject) {
    let changes = vec![
        insert_pool(user_pool(1)),
        Change::InsertAppClient(Box::new(app_client(1, &pool_id(1)))),
        insert_user(user(1, &pool_id(1), &[]), &["ann"]),
    ];
    store.commit(changes).await.unwrap();
    assert!(
        store
            .find_user(&pool_id(1), &login("ann"))
            .await
            .unwrap()
            .is_some()
    );
}

pub(crate) async fn a_pool_may_be_deleted_and_made_again_in_one_commit(store: &Subject) {
    let changes = vec![
        insert_pool(user_pool(1)),
        insert_user(user(1, &pool_id(1), &[]), &["ann"]),
    ];
    store.commit(changes).await.unwrap();
    let changes = vec![
        insert_user(user(2, &pool_id(1), &[]), &["bob"]),
        Change::DeleteUserPool(pool_id(1)),
        insert_pool(case_insensitive_pool(1)),
        insert_user(user(3, &pool_id(1), &[]), &["ann"]),
    ];
    store.commit(changes).await.unwrap();
    assert_eq!(
        store
            .find_user(&pool_id(1), &login("ann"))
            .await
            .unwrap()
            .unwrap()
            .sub,
        sub(3)
    );
    assert_eq!(store.find_user(&pool_id(1), &login("bob")).await.unwrap(), None);
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 1);
}

pub(crate) async fn no_changes_are_a_success(store: &Subject) {
    store.commit(Vec::new()).await.unwrap();
}
