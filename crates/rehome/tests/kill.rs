//! `kill -9` at any moment, while clients make, change and move users, loses nothing that was acknowledged and leaves nobody
//! half made.
//!
//! `REHOME_TEST_KILLS` says how often, instead of five times.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod load;
mod process;

use std::time::Instant;

use load::{Scene, broken, missing};
use pool::ports::{Entropy as _, SystemEntropy};
use process::Served;

#[expect(
    clippy::disallowed_methods,
    reason = "longer runs are asked for in the environment, and the time to recover is real"
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9() {
    let rounds = std::env::var("REHOME_TEST_KILLS").map_or(5, |rounds| rounds.parse().unwrap());
    let scene = Scene::start(200 * rounds);
    let data = scene.scratch.path().join("data");
    let mut everybody = Vec::new();
    for round in 0..rounds {
        let mut served = Served::start(&data, &scene.log(), scene.arguments());
        let mut load = scene.load(&served.api, &format!("r{round}"));
        // At a moment that nobody has chosen: after so many errands, others being under way.
        let enough = 1 + SystemEntropy.digits(2).parse::<usize>().unwrap() / 2;
        let gone = load.until(enough).await;
        assert!(gone.is_empty(), "the server went by itself: {gone:?}");
        served.child.kill().unwrap();
        served.child.wait().unwrap();
        let mut people = load.people().await;

        let began = Instant::now();
        let served = Served::start(&data, &scene.log(), scene.arguments());
        println!(
            "round {round}: {enough} errands, serving again after {:?}",
            began.elapsed()
        );
        missing(&served.api, &mut people).await.unwrap();
        broken(&data, scene.scratch.path()).await.unwrap();
        everybody.extend(people);
    }
    let served = Served::start(&data, &scene.log(), scene.arguments());
    missing(&served.api, &mut everybody).await.unwrap();
}
