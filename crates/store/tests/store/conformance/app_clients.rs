use pool::app_client::{AppClient, SealedSecret};
use pool::ports::{AppClientPage, Change, Conflict};

use super::{Subject, conflict};
use crate::fixtures::{app_client, client_id, insert_pool, pool_id, user_pool};

fn insert(client: &AppClient) -> Vec<Change> {
    vec![Change::InsertAppClient(Box::new(client.clone()))]
}

fn replace(client: &AppClient) -> Vec<Change> {
    vec![Change::ReplaceAppClient(Box::new(client.clone()))]
}

pub(crate) async fn an_app_client_is_found_as_it_was_stored(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let client = AppClient {
        sealed_secret: Some(SealedSecret(vec![9; 40])),
        ..app_client(1, &pool_id(1))
    };
    store.commit(insert(&client)).await.unwrap();
    assert_eq!(store.find_app_client(&client.id).await.unwrap(), Some(client));
    assert_eq!(store.find_app_client(&client_id(2)).await.unwrap(), None);
}

pub(crate) async fn a_replaced_app_client_has_the_next_version(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let mut client = app_client(1, &pool_id(1));
    store.commit(insert(&client)).await.unwrap();
    "another name".clone_into(&mut client.name);
    store.commit(replace(&client)).await.unwrap();
    client.version += 1;
    assert_eq!(store.find_app_client(&client.id).await.unwrap(), Some(client));
}

pub(crate) async fn a_stale_app_client_replaces_nothing(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let client = app_client(1, &pool_id(1));
    assert_eq!(conflict(store, replace(&client)).await, Conflict::Changed);
    store.commit(insert(&client)).await.unwrap();
    store.commit(replace(&client)).await.unwrap();
    assert_eq!(conflict(store, replace(&client)).await, Conflict::Changed);
}

pub(crate) async fn the_id_of_an_app_client_is_taken_once_in_all_pools(store: &Subject) {
    store
        .commit(vec![insert_pool(user_pool(1)), insert_pool(user_pool(2))])
        .await
        .unwrap();
    store.commit(insert(&app_client(1, &pool_id(1)))).await.unwrap();
    assert_eq!(
        conflict(store, insert(&app_client(1, &pool_id(2)))).await,
        Conflict::IdTaken
    );
}

pub(crate) async fn an_app_client_needs_its_pool(store: &Subject) {
    assert_eq!(
        conflict(store, insert(&app_client(1, &pool_id(1)))).await,
        Conflict::Changed
    );
}

pub(crate) async fn app_clients_are_listed_in_pages(store: &Subject) {
    let mut changes = vec![insert_pool(user_pool(1)), insert_pool(user_pool(2))];
    changes.push(Change::InsertAppClient(Box::new(app_client(2, &pool_id(2)))));
    changes.extend([5, 1, 3].map(|n| Change::InsertAppClient(Box::new(app_client(n, &pool_id(1))))));
    store.commit(changes).await.unwrap();
    let ids = |page: &AppClientPage| {
        page.app_clients
            .iter()
            .map(|client| client.id.clone())
            .collect::<Vec<_>>()
    };

    let first = store.list_app_clients(&pool_id(1), None, 2).await.unwrap();
    assert_eq!(ids(&first), [client_id(1), client_id(3)]);
    assert_eq!(first.next, Some(client_id(3)));
    let second = store
        .list_app_clients(&pool_id(1), first.next.as_ref(), 2)
        .await
        .unwrap();
    assert_eq!(ids(&second), [client_id(5)]);
    assert_eq!(second.next, None);
}

pub(crate) async fn a_deleted_app_client_is_gone(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    store.commit(insert(&app_client(1, &pool_id(1)))).await.unwrap();
    store
        .commit(vec![Change::DeleteAppClient(client_id(1))])
        .await
        .unwrap();
    assert_eq!(store.find_app_client(&client_id(1)).await.unwrap(), None);
    assert!(
        store
            .list_app_clients(&pool_id(1), None, 9)
            .await
            .unwrap()
            .app_clients
            .is_empty()
    );
}
