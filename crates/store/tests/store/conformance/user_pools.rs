use pool::ports::{Change, Conflict, UserPoolPage, UserQuery};

use super::{Subject, conflict};
use crate::fixtures::{
    app_client, client_id, insert_pool, insert_user, login, pool_id, sub, user, user_pool,
};

pub(crate) async fn a_user_pool_is_found_as_it_was_stored(store: &Subject) {
    let pool = user_pool(1);
    store.commit(vec![insert_pool(pool.clone())]).await.unwrap();
    assert_eq!(store.find_user_pool(&pool.id).await.unwrap(), Some(pool));
    assert_eq!(store.find_user_pool(&pool_id(2)).await.unwrap(), None);
}

pub(crate) async fn a_replaced_user_pool_has_the_next_version(store: &Subject) {
    let mut pool = user_pool(1);
    store.commit(vec![insert_pool(pool.clone())]).await.unwrap();
    "another name".clone_into(&mut pool.name);
    store
        .commit(vec![Change::ReplaceUserPool(Box::new(pool.clone()))])
        .await
        .unwrap();
    pool.version += 1;
    assert_eq!(store.find_user_pool(&pool.id).await.unwrap(), Some(pool));
}

pub(crate) async fn a_stale_user_pool_replaces_nothing(store: &Subject) {
    let pool = user_pool(1);
    let replace = || vec![Change::ReplaceUserPool(Box::new(pool.clone()))];
    assert_eq!(conflict(store, replace()).await, Conflict::Changed);
    store.commit(vec![insert_pool(pool.clone())]).await.unwrap();
    store.commit(replace()).await.unwrap();
    assert_eq!(conflict(store, replace()).await, Conflict::Changed);
    assert_eq!(store.find_user_pool(&pool.id).await.unwrap().unwrap().version, 2);
}

pub(crate) async fn the_id_of_a_user_pool_is_taken_once(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    assert_eq!(
        conflict(store, vec![insert_pool(user_pool(1))]).await,
        Conflict::IdTaken
    );
}

pub(crate) async fn user_pools_are_listed_in_pages(store: &Subject) {
    store
        .commit((0..5).rev().map(|n| insert_pool(user_pool(n))).collect())
        .await
        .unwrap();
    let numbers = |page: &UserPoolPage| {
        page.user_pools
            .iter()
            .map(|pool| pool.id.clone())
            .collect::<Vec<_>>()
    };

    let first = store.list_user_pools(None, 2).await.unwrap();
    assert_eq!(numbers(&first), [pool_id(0), pool_id(1)]);
    assert_eq!(first.next, Some(pool_id(1)));
    let second = store.list_user_pools(first.next.as_ref(), 3).await.unwrap();
    assert_eq!(numbers(&second), [pool_id(2), pool_id(3), pool_id(4)]);
    assert_eq!(second.next, None);
    let behind = store.list_user_pools(Some(&pool_id(4)), 3).await.unwrap();
    assert!(behind.user_pools.is_empty());
}

pub(crate) async fn a_deleted_user_pool_takes_everything_with_it(store: &Subject) {
    let (gone, stays) = (pool_id(1), pool_id(2));
    let mut changes = vec![insert_pool(user_pool(1)), insert_pool(user_pool(2))];
    changes.push(Change::InsertAppClient(Box::new(app_client(1, &gone))));
    changes.push(Change::InsertAppClient(Box::new(app_client(2, &stays))));
    for pool in [&gone, &stays] {
        changes.extend((0..20).map(|n| insert_user(user(n, pool, &[]), &[&format!("user{n}")])));
    }
    store.commit(changes).await.unwrap();

    store
        .commit(vec![Change::DeleteUserPool(gone.clone())])
        .await
        .unwrap();
    assert_eq!(store.find_user_pool(&gone).await.unwrap(), None);
    assert_eq!(store.find_app_client(&client_id(1)).await.unwrap(), None);
    assert_eq!(store.find_user(&gone, &login("user3")).await.unwrap(), None);
    assert_eq!(store.find_user_by_sub(&gone, &sub(3)).await.unwrap(), None);
    assert_eq!(store.estimate_users(&gone).await.unwrap(), 0);
    let query = UserQuery {
        filter: None,
        after: None,
        limit: 60,
    };
    assert!(store.list_users(&gone, &query).await.unwrap().users.is_empty());

    assert!(store.find_app_client(&client_id(2)).await.unwrap().is_some());
    assert_eq!(store.list_users(&stays, &query).await.unwrap().users.len(), 20);
    assert_eq!(store.estimate_users(&stays).await.unwrap(), 20);

    // Its id and all names in it are free again.
    let again = vec![
        insert_pool(user_pool(1)),
        insert_user(user(3, &gone, &[]), &["user3"]),
    ];
    store.commit(again).await.unwrap();
    assert_eq!(store.estimate_users(&gone).await.unwrap(), 1);
}

pub(crate) async fn what_is_not_there_cannot_be_deleted(store: &Subject) {
    assert_eq!(
        conflict(store, vec![Change::DeleteUserPool(pool_id(1))]).await,
        Conflict::Changed
    );
    assert_eq!(
        conflict(store, vec![Change::DeleteAppClient(client_id(1))]).await,
        Conflict::Changed
    );
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let delete_user = Change::DeleteUser {
        user_pool_id: pool_id(1),
        sub: sub(1),
    };
    assert_eq!(conflict(store, vec![delete_user]).await, Conflict::Changed);
}
