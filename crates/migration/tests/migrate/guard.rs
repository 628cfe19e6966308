//! Attempts that come again, and what the old directory is spared.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use migration::{
    Call, Cause, CouldNotAsk, Decision, Guard, Levers, Login, Outcome, Refusal, ShieldChange, ShieldSettings,
    Standing, Terms,
};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{advance, timeout};
use trigger::migrate_user::Source;

use crate::steered::{Gated, active, event};

/// A function under this directory and these settings, for many events.
#[derive(Clone)]
struct Scene {
    directory: Arc<Gated>,
    guard: Arc<Guard>,
    terms: Terms,
}

impl Scene {
    fn new(directory: Gated, shield: ShieldSettings) -> Self {
        Self {
            directory: Arc::new(directory),
            guard: Arc::new(Guard::new(&[7; 32])),
            terms: Terms {
                shield,
                ..Terms::default()
            },
        }
    }

    /// With the usual settings.
    fn usual(directory: Gated) -> Self {
        Self::new(directory, ShieldSettings::default())
    }

    fn sign_in(&self, login: &str, password: &str) -> impl Future<Output = Outcome> + Send + 'static {
        self.event(Source::Authentication, login, Some(password))
    }

    fn event(
        &self,
        source: Source,
        login: &str,
        password: Option<&str>,
    ) -> impl Future<Output = Outcome> + Send + 'static {
        let (scene, event) = (self.clone(), event(source, login, password));
        async move {
            let call = Call {
                directory: &*scene.directory,
                terms: &scene.terms,
                levers: &Levers::default(),
                key: None,
                guard: &scene.guard,
                now: SystemTime::UNIX_EPOCH,
                trace: None,
            };
            migration::migrate(&event, &call).await
        }
    }

    async fn cause(&self, login: &str) -> Option<Cause> {
        let outcome = self.sign_in(login, "pw").await;
        outcome.could_not_ask.map(|error| {
            assert_eq!(outcome.decision, Decision::Refuse(Refusal::CouldNotAsk));
            error.cause
        })
    }

    /// Until that many questions are on their way.
    async fn until_asked(&self, times: usize) {
        while self.directory.asked() < times {
            yield_now().await;
        }
    }
}

fn right(_: &Login) -> Result<Standing, CouldNotAsk> {
    Ok(active())
}

fn wrong(_: &Login) -> Result<Standing, CouldNotAsk> {
    Ok(Standing::WrongPassword)
}

fn down(_: &Login) -> Result<Standing, CouldNotAsk> {
    Err(CouldNotAsk::new(Cause::Unreachable, "AdminInitiateAuth"))
}

#[tokio::test]
async fn the_same_attempt_while_the_first_is_on_its_way_costs_the_old_directory_nothing() {
    let scene = Scene::usual(Gated::closed(right));
    let mut tries = JoinSet::new();
    for _ in 0..3 {
        tries.spawn(scene.sign_in("jane", "pw"));
    }
    scene.until_asked(1).await;
    scene.directory.gate.add_permits(100);
    let outcomes = tries.join_all().await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome.decision, Decision::Respond(_)))
    );
    assert_eq!(scene.directory.asked(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.repeated).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_same_attempt_shortly_after_gets_the_first_verdict_and_later_is_another() {
    let scene = Scene::usual(Gated::open(wrong));
    for repeated in [false, true, true] {
        let outcome = scene.sign_in("jane", "pw").await;
        assert_eq!(outcome.decision, Decision::Refuse(Refusal::WrongPassword));
        assert_eq!(outcome.repeated, repeated);
    }
    assert_eq!(scene.directory.asked(), 1);
    advance(Duration::from_secs(6)).await;
    assert!(!scene.sign_in("jane", "pw").await.repeated);
    assert_eq!(scene.directory.asked(), 2);
}

#[tokio::test]
async fn another_password_login_or_occasion_is_another_attempt() {
    let scene = Scene::usual(Gated::open(wrong));
    scene.sign_in("jane", "pw").await;
    scene.sign_in("jane", "other").await;
    scene.sign_in("janep", "w").await;
    scene.event(Source::ForgotPassword, "jane", None).await;
    // What is found may be another in the next moment.
    scene.event(Source::ForgotPassword, "jane", None).await;
    assert_eq!(scene.directory.asked(), 5);
}

#[tokio::test]
async fn what_nobody_counted_is_asked_again_at_once() {
    let scene = Scene::usual(Gated::open(down));
    assert_eq!(scene.cause("jane").await, Some(Cause::Unreachable));
    assert_eq!(scene.cause("jane").await, Some(Cause::Unreachable));
    assert_eq!(scene.directory.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_try_whose_caller_went_away_is_not_made_twice() {
    let scene = Scene::usual(Gated::closed(right));
    assert!(
        timeout(Duration::from_secs(1), scene.sign_in("jane", "pw"))
            .await
            .is_err(),
        "given up"
    );
    let again = scene.sign_in("jane", "pw").await;
    assert_eq!(again.could_not_ask.unwrap().cause, Cause::TooSlow);
    assert_eq!(scene.directory.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_first_waits_no_longer_than_the_budget() {
    let scene = Scene::usual(Gated::closed(right));
    let mut tries = JoinSet::new();
    tries.spawn(scene.sign_in("jane", "pw"));
    tries.spawn(scene.sign_in("jane", "pw"));
    for outcome in tries.join_all().await {
        assert_eq!(outcome.could_not_ask.unwrap().cause, Cause::TooSlow);
    }
    assert_eq!(scene.directory.asked(), 1);
}

#[tokio::test]
async fn more_at_once_than_the_cap_are_busy() {
    let settings = ShieldSettings {
        concurrency: 2,
        ..ShieldSettings::default()
    };
    let scene = Scene::new(Gated::closed(right), settings);
    let mut tries = JoinSet::new();
    tries.spawn(scene.sign_in("ann", "pw"));
    tries.spawn(scene.sign_in("ben", "pw"));
    scene.until_asked(2).await;
    assert_eq!(scene.cause("cat").await, Some(Cause::Busy));
    scene.directory.gate.add_permits(100);
    tries.join_all().await;
    assert_eq!(scene.cause("cat").await, None);
}

#[tokio::test(start_paused = true)]
async fn more_a_second_than_the_rate_are_over_it() {
    let settings = ShieldSettings {
        per_second: 2,
        burst: 3,
        ..ShieldSettings::default()
    };
    let scene = Scene::new(Gated::open(right), settings);
    for n in 0..3 {
        assert_eq!(scene.cause(&format!("user{n}")).await, None);
    }
    assert_eq!(scene.cause("ann").await, Some(Cause::OverRate));
    advance(Duration::from_millis(500)).await;
    assert_eq!(scene.cause("ann").await, None);
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_fails_in_a_row_is_left_alone_and_probed() {
    let scene = Scene::usual(Gated::open(|login| {
        if login.as_str() == "up" {
            right(login)
        } else {
            down(login)
        }
    }));
    for n in 0..5 {
        assert_eq!(scene.cause(&format!("user{n}")).await, Some(Cause::Unreachable));
    }
    assert_eq!(scene.cause("ann").await, Some(Cause::CircuitOpen));
    assert_eq!(scene.directory.asked(), 5);
    advance(Duration::from_secs(2)).await;
    let probe = scene.sign_in("up", "pw").await;
    assert_eq!(probe.shield, Some(ShieldChange::CircuitClosed));
    assert_eq!(scene.cause("ann").await, Some(Cause::Unreachable));
}

#[tokio::test(start_paused = true)]
async fn a_probe_whose_caller_went_away_leaves_the_way_free_for_the_next() {
    let scene = Scene::usual(Gated::closed(down));
    scene.directory.gate.add_permits(5);
    for n in 0..5 {
        scene.cause(&format!("user{n}")).await;
    }
    advance(Duration::from_secs(2)).await;
    let probe = timeout(Duration::from_secs(1), scene.sign_in("ann", "pw")).await;
    assert!(probe.is_err());
    scene.directory.gate.add_permits(1);
    assert_eq!(
        scene.cause("ben").await,
        Some(Cause::Unreachable),
        "the next probe"
    );
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unknown_logins_is_refused_fast_and_people_get_through_at_the_second_try() {
    let scene = Scene::usual(Gated::open(|login| {
        if login.as_str() == "jane" {
            right(login)
        } else {
            Ok(Standing::Unknown)
        }
    }));
    let mut refused = 0;
    for n in 0..500 {
        advance(Duration::from_millis(20)).await;
        refused += usize::from(scene.cause(&format!("list{n}")).await == Some(Cause::Flood));
    }
    assert!(refused > 400, "{refused}");
    assert_eq!(scene.cause("jane").await, Some(Cause::Flood));
    advance(Duration::from_secs(3)).await;
    // Two of the list take what is let through for anybody.
    scene.cause("list900").await;
    scene.cause("list901").await;
    assert_eq!(scene.cause("jane").await, None);
}

#[tokio::test]
async fn everything_can_be_turned_off() {
    let off = ShieldSettings {
        concurrency: 0,
        per_second: 0,
        circuit_failures: 0,
        repeat_seconds: 0,
        flood_percent: 0,
        ..ShieldSettings::default()
    };
    let scene = Scene::new(Gated::open(down), off);
    for _ in 0..500 {
        assert_eq!(scene.cause("jane").await, Some(Cause::Unreachable));
    }
    assert_eq!(scene.directory.asked(), 500);
}
