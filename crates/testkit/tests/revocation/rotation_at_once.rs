//! Several who come with one refresh token at once.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::behaviour::{Pool, Seen, tokens};
use crate::rotation::{reuse, rotating};
use crate::{get_tokens, revoke};

const ALL: usize = 20;

/// A pool whose app client rotates, and a sign-in there.
async fn signed_in(grace: u32) -> (Arc<Pool>, String, String) {
    let pool = Pool::of_ann().await;
    let client = pool.app_client(rotating(grace)).await;
    let refresh = pool.signed_in(&client, "ann").await.refresh().to_owned();
    (Arc::new(pool), client, refresh)
}

/// What they get.
async fn all_at_once(pool: &Arc<Pool>, client: &str, refresh: &str) -> Vec<Seen> {
    let mut all = JoinSet::new();
    for _ in 0..ALL {
        let (pool, client, refresh) = (Arc::clone(pool), client.to_owned(), refresh.to_owned());
        all.spawn(async move { get_tokens(&pool, &client, &refresh).await });
    }
    all.join_all().await
}

#[tokio::test]
async fn without_a_grace_period_one_gets_tokens() {
    let (pool, client, refresh) = signed_in(0).await;
    let outcomes = all_at_once(&pool, &client, &refresh).await;
    let (got, refused): (Vec<Seen>, Vec<Seen>) = outcomes.into_iter().partition(|seen| seen.0 == 200);
    assert_eq!((got.len(), refused.len()), (1, ALL - 1));
    assert!(refused.iter().all(|seen| *seen == reuse()));
    let [got] = got.try_into().unwrap();
    assert_eq!(get_tokens(&pool, &client, tokens(got).refresh()).await.0, 200);
}

#[tokio::test]
async fn within_the_grace_period_all_get_tokens_and_one_refresh_token_counts() {
    let (pool, client, refresh) = signed_in(60).await;
    let mut good = 0;
    for seen in all_at_once(&pool, &client, &refresh).await {
        let child = tokens(seen);
        assert_eq!(pool.get_user(&child.access).await.0, 200);
        match get_tokens(&pool, &client, child.refresh()).await {
            (200, _) => good += 1,
            refused => assert_eq!(refused, reuse()),
        }
    }
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_revocation_among_refreshes_ends_what_they_gave() {
    let (pool, client, refresh) = signed_in(60).await;
    let revoking = {
        let (pool, client, refresh) = (Arc::clone(&pool), client.clone(), refresh.clone());
        tokio::spawn(async move { revoke(&pool, &client, &refresh).await })
    };
    let outcomes = all_at_once(&pool, &client, &refresh).await;
    assert_eq!(revoking.await.unwrap(), (200, json!({})));
    for seen in outcomes {
        if seen.0 == 200 {
            let child = tokens(seen);
            assert_eq!(get_tokens(&pool, &client, child.refresh()).await.0, 400);
            assert_eq!(pool.get_user(&child.access).await.0, 400);
        } else {
            assert_eq!(seen.1["__type"], "NotAuthorizedException");
        }
    }
}
