//! The power goes at any moment, and with it all that the disk had not been told to keep: what was acknowledged is there,
//! nobody is half made, and the server starts by itself.
//!
//! A round is a new disk and three cuts; its seed chooses the moments and what survives. `REHOME_TEST_POWER_CUTS` says how
//! many rounds, instead of three, `REHOME_TEST_SEED` with which seed to begin.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod chance;
mod disk;
mod file;
#[path = "../load/mod.rs"]
mod load;
mod mount;
#[path = "../process/mod.rs"]
mod process;

use std::path::PathBuf;
use std::time::Instant;

use chance::Chance;
use disk::{Disk, Promise};
use load::{Person, Scene, broken, missing};
use mount::Mounted;
use process::{Served, rehome};

/// How often the power goes in a round.
const CUTS: usize = 3;

/// The first cut comes within so many changes and flushes: in the first start, or soon after it.
const FIRST: u64 = 900;

/// The others within so many.
const LATER: u64 = 2500;

/// Where the disk is, and where the server's data on it.
fn places(scene: &Scene) -> (PathBuf, PathBuf) {
    let mount = scene.scratch.path().join("disk");
    let _there = std::fs::create_dir(&mount);
    let data = mount.join("var").join("rehome");
    (mount, data)
}

/// Starts the server on the disk, unless the power goes meanwhile.
fn start(scene: &Scene, mounted: &Mounted) -> Option<Served> {
    let (_, data) = places(scene);
    let mut command = rehome(["serve", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(data).args(scene.arguments());
    match Served::try_spawn(command, &scene.log()) {
        Ok(served) => Some(served),
        Err(told) => {
            assert!(mounted.disk().is_off(), "{told}");
            None
        }
    }
}

/// Runs clients until the power goes. Gives what they know, and the disk as it is found afterwards.
async fn life(
    scene: &Scene,
    mut disk: Disk,
    name: &str,
    changes: u64,
    chance: &mut Chance,
) -> (Vec<Person>, Disk) {
    let (mount, _) = places(scene);
    disk.cut_after(changes);
    let mounted = Mounted::new(disk, &mount);
    let mut people = Vec::new();
    if let Some(served) = start(scene, &mounted) {
        // Each of them goes on to the first write that fails.
        people = scene.load(&served.api, name).people().await;
        assert!(mounted.disk().is_off(), "the server went by itself: {people:?}");
    }
    (people, mounted.unmount().after_the_cut(chance))
}

/// The power is back: what is missing or broken.
#[expect(clippy::disallowed_methods, reason = "the time to recover is real")]
async fn look(scene: &Scene, disk: Disk, people: &mut [Person], name: &str) -> Result<Disk, String> {
    let (mount, data) = places(scene);
    let mounted = Mounted::new(disk, &mount);
    let began = Instant::now();
    let mut command = rehome(["serve", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(&data).args(scene.arguments());
    let mut served = match Served::try_spawn(command, &scene.log()) {
        Ok(served) => served,
        Err(told) => {
            mounted.unmount();
            return Err(told);
        }
    };
    println!(
        "{name}: {} people, serving again after {:?}",
        people.len(),
        began.elapsed()
    );
    let mut outcome = missing(&served.api, people).await;
    if outcome.is_ok() {
        outcome = broken(&data, scene.scratch.path()).await;
    }
    served.terminate();
    served.child.wait().unwrap();
    let disk = mounted.unmount();
    outcome.map(|()| disk)
}

/// One round; what is lost or broken in it.
async fn round(scene: &Scene, seed: u64, promise: Promise) -> Result<(), String> {
    let mut chance = Chance::new(seed);
    let (mut disk, mut people) = (Disk::new(promise), Vec::new());
    for cut in 0..CUTS {
        let name = format!("seed{seed}-cut{cut}");
        let changes = chance.below(if cut == 0 { FIRST } else { LATER });
        let (new, survived) = life(scene, disk, &name, changes, &mut chance).await;
        people.extend(new);
        let looked = look(scene, survived, &mut people, &name).await;
        disk = looked
            .map_err(|lost| format!("REHOME_TEST_SEED={seed}, cut {cut} after {changes} changes: {lost}"))?;
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "longer runs are asked for in the environment"
)]
fn told(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |told| told.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_power_cut() {
    let (rounds, first) = (told("REHOME_TEST_POWER_CUTS", 3), told("REHOME_TEST_SEED", 1));
    let scene = Scene::start(usize::try_from(rounds).unwrap() * 200);
    for seed in first..first + rounds {
        round(&scene, seed, Promise::Kept).await.unwrap();
    }
}

/// The test above can fail: on a drive that says of everything that it is kept, and does not keep it, it does.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_drive_that_lies_the_loss_is_found() {
    let scene = Scene::start(1000);
    for seed in 1..=10 {
        if let Err(lost) = round(&scene, seed, Promise::Broken).await {
            println!("{lost}");
            return;
        }
    }
    panic!("ten drives have lied, and nobody has seen it");
}
