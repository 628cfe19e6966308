//! More sign-ins than the cores can serve: some are told to try again later, nobody else waits for them.
mod behaviour;

use std::num::NonZeroUsize;
use std::sync::Arc;

use testkit::{Options, ThriftyEntropy};
use tokio::task::JoinSet;

use behaviour::{ANNS, LEGACY, PASSWORD, Pool, Seen, refusal, tokens, user};

/// More than can wait for one core.
const FLOOD: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_cannot_be_served_soon_is_turned_away_and_the_rest_is_served() {
    let options = Options {
        cores: NonZeroUsize::MIN,
        entropy: Arc::new(ThriftyEntropy::default()),
        ..Options::default()
    };
    let pool = Arc::new(Pool::over(options, "", &user("ann", ANNS)).await);
    let mut sign_ins = JoinSet::new();
    for _ in 0..FLOOD {
        let pool = Arc::clone(&pool);
        sign_ins.spawn(async move { pool.sign_in(LEGACY, "ann", PASSWORD).await });
    }
    let mut served = 0;
    let mut turned_away = 0;
    while let Some(seen) = sign_ins.join_next().await {
        let seen: Seen = seen.unwrap();
        if seen.0 == 200 {
            tokens(seen);
            served += 1;
        } else {
            assert_eq!(seen, refusal("TooManyRequestsException", "Rate exceeded"));
            turned_away += 1;
        }
    }
    assert!(turned_away > 0, "all {served} were served");
    assert!(served > 256, "only {served} were served");
    // It was a matter of the moment, and of sign-ins alone.
    tokens(pool.sign_in(LEGACY, "ann", PASSWORD).await);
    let (_, metrics) = pool.server.client().get("/metrics").await.unwrap();
    let shed = metrics.lines().find(|line| line.starts_with("rehome_shed_total"));
    assert_eq!(shed, Some(format!("rehome_shed_total {turned_away}").as_str()));
    assert!(metrics.contains("\nrehome_crypto_queue_depth 0\n"), "{metrics}");
}
