use std::sync::Arc;

use pool::ports::{Conflict, StoreError};
use tokio::task::JoinSet;

use super::Subject;
use crate::fixtures::{insert_pool, insert_user, login, pool_id, replace_user, sub, user, user_pool};

pub(crate) async fn of_fifty_who_want_one_name_one_gets_it(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..50 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            store
                .commit(vec![insert_user(user(n, &pool_id(1), &[]), &["ann"])])
                .await
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results {
        match result {
            Ok(()) => {}
            Err(StoreError::Conflict(conflict)) => assert_eq!(conflict, Conflict::LoginTaken(login("ann"))),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 1);
}

pub(crate) async fn of_fifty_who_replace_one_version_one_succeeds(store: &Subject) {
    let ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![
            insert_pool(user_pool(1)),
            insert_user(ann.clone(), &["ann"]),
        ])
        .await
        .unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let (store, ann) = (Arc::clone(store), ann.clone());
        tasks.spawn(async move { store.commit(vec![replace_user(ann, None)]).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let changed =
        |result: &Result<(), StoreError>| matches!(result, Err(StoreError::Conflict(Conflict::Changed)));
    assert_eq!(results.iter().filter(|result| changed(result)).count(), 49);
}

pub(crate) async fn a_failing_commit_does_not_hurt_its_neighbours(store: &Subject) {
    let taken = vec![
        insert_pool(user_pool(1)),
        insert_user(user(1000, &pool_id(1), &[]), &["taken"]),
    ];
    store.commit(taken).await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..100 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            // Every third fails at its second change, after it has done the first.
            let second = if n % 3 == 0 {
                "taken".to_owned()
            } else {
                format!("also{n}")
            };
            let changes = vec![
                insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")]),
                insert_user(user(n + 200, &pool_id(1), &[]), &[&second]),
            ];
            (n, store.commit(changes).await.is_ok())
        });
    }
    for (n, succeeded) in tasks.join_all().await {
        assert_eq!(succeeded, n % 3 != 0, "{n}");
        let found = store
            .find_user(&pool_id(1), &login(&format!("user{n}")))
            .await
            .unwrap();
        assert_eq!(found.is_some(), succeeded, "{n}");
        let found = store.find_user_by_sub(&pool_id(1), &sub(n + 200)).await.unwrap();
        assert_eq!(found.is_some(), succeeded, "{n}");
    }
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 2 * 66 + 1);
}

pub(crate) async fn readers_see_whole_commits(store: &Subject) {
    let ann = user(1, &pool_id(1), &[]);
    store
        .commit(vec![
            insert_pool(user_pool(1)),
            insert_user(ann.clone(), &["even"]),
        ])
        .await
        .unwrap();
    let writer = {
        let store = Arc::clone(store);
        let mut ann = ann;
        tokio::spawn(async move {
            for n in 0..200 {
                // The name and the attribute change in one commit.
                let name = if n % 2 == 0 { "odd" } else { "even" };
                ann.attributes.set("name", name);
                store
                    .commit(vec![replace_user(ann.clone(), Some(&[name]))])
                    .await
                    .unwrap();
                ann.version += 1;
            }
        })
    };
    while !writer.is_finished() {
        for name in ["even", "odd"] {
            if let Some(found) = store.find_user(&pool_id(1), &login(name)).await.unwrap() {
                assert_eq!(found.attributes.get("name").unwrap_or("even"), name);
            }
        }
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}
