//! What pages look like.

use pool::branding::{Branding, Image, ManagedLoginBranding, UICustomization};
use pool::id::AppClientId;
use pool::ports::{Change, Conflict};
use pool::time::Time;

use super::{Subject, conflict};
use crate::fixtures::{app_client, client_id, insert_pool, pool_id, user_pool};

fn branding(client: Option<AppClientId>, style: Option<&str>) -> Branding {
    Branding {
        user_pool_id: pool_id(1),
        client_id: client,
        ui_customization: Some(UICustomization {
            css: Some(".label-customizable { color: red }".to_owned()),
            css_version: "20250115191928".to_owned(),
            image: Image::new(b"\xff\xd8\xff logo".to_vec()),
            created_at: Time(1),
            modified_at: Time(2),
        }),
        managed_login: style.map(|id| ManagedLoginBranding {
            id: id.to_owned(),
            use_cognito_provided_values: false,
            settings: Some(serde_json::json!({ "components": { "form": { "borderRadius": 8.0 } } })),
            assets: Vec::new(),
            created_at: Time(3),
            modified_at: Time(4),
        }),
        version: 0,
    }
}

fn put(branding: &Branding) -> Vec<Change> {
    vec![Change::PutBranding(Box::new(branding.clone()))]
}

/// As it stands after so many writes.
fn written(mut branding: Branding, version: i64) -> Branding {
    branding.version = version;
    branding
}

async fn a_pool_with_a_client(store: &Subject) {
    let pools = [1, 2].map(|n| insert_pool(user_pool(n))).to_vec();
    store.commit(pools).await.unwrap();
    let client = Change::InsertAppClient(Box::new(app_client(1, &pool_id(1))));
    store.commit(vec![client]).await.unwrap();
}

pub(crate) async fn a_branding_is_found_as_it_was_put(store: &Subject) {
    a_pool_with_a_client(store).await;
    let (pool, client) = (pool_id(1), client_id(1));
    let find = async |client: Option<&AppClientId>| store.find_branding(&pool, client).await.unwrap();
    assert_eq!((find(None).await, find(Some(&client)).await), (None, None));
    let (of_all, own) = (
        branding(None, None),
        branding(Some(client.clone()), Some("style")),
    );
    store.commit(put(&of_all)).await.unwrap();
    store.commit(put(&own)).await.unwrap();
    assert_eq!(find(None).await, Some(written(of_all.clone(), 1)));
    assert_eq!(find(Some(&client)).await, Some(written(own.clone(), 1)));
    assert_eq!(store.find_branding(&pool_id(2), None).await.unwrap(), None);
    let newer = Branding {
        ui_customization: None,
        version: 1,
        ..own
    };
    store.commit(put(&newer)).await.unwrap();
    assert_eq!(find(Some(&client)).await, Some(written(newer, 2)));
    assert_eq!(find(None).await, Some(written(of_all, 1)));
}

pub(crate) async fn a_stale_branding_replaces_nothing(store: &Subject) {
    a_pool_with_a_client(store).await;
    let first = branding(None, Some("first"));
    store.commit(put(&first)).await.unwrap();
    // Who read before the first write, and who read before the last.
    assert_eq!(
        conflict(store, put(&branding(None, Some("second")))).await,
        Conflict::Changed
    );
    let read = store.find_branding(&pool_id(1), None).await.unwrap().unwrap();
    store.commit(put(&read)).await.unwrap();
    assert_eq!(conflict(store, put(&read)).await, Conflict::Changed);
    let kept = store.find_branding(&pool_id(1), None).await.unwrap();
    assert_eq!(kept, Some(written(first, 2)));
}

pub(crate) async fn a_style_is_found_by_its_id_until_it_goes(store: &Subject) {
    a_pool_with_a_client(store).await;
    store.commit(put(&branding(None, None))).await.unwrap();
    let own = branding(Some(client_id(1)), Some("style"));
    store.commit(put(&own)).await.unwrap();
    let by_style =
        async |pool: u32, id: &str| store.find_branding_by_style(&pool_id(pool), id).await.unwrap();
    assert_eq!(by_style(1, "style").await, Some(written(own.clone(), 1)));
    assert_eq!((by_style(2, "style").await, by_style(1, "").await), (None, None));
    let without = Branding {
        managed_login: None,
        version: 1,
        ..own
    };
    store.commit(put(&without)).await.unwrap();
    assert_eq!(by_style(1, "style").await, None);
}

pub(crate) async fn brandings_go_with_their_app_client_and_their_pool(store: &Subject) {
    a_pool_with_a_client(store).await;
    let (pool, client) = (pool_id(1), client_id(1));
    store.commit(put(&branding(None, None))).await.unwrap();
    store
        .commit(put(&branding(Some(client.clone()), Some("style"))))
        .await
        .unwrap();
    store
        .commit(vec![Change::DeleteAppClient(client.clone())])
        .await
        .unwrap();
    assert_eq!(store.find_branding(&pool, Some(&client)).await.unwrap(), None);
    assert!(store.find_branding(&pool, None).await.unwrap().is_some());
    store
        .commit(vec![Change::DeleteUserPool(pool.clone())])
        .await
        .unwrap();
    assert_eq!(store.find_branding(&pool, None).await.unwrap(), None);
}
