//! One event through `migrate`: when the directory is asked, and that the budget holds. The port is steered here.

use std::time::{Duration, SystemTime};

use migration::{
    Call, Cause, CouldNotAsk, DEFAULT_BUDGET, Decision, Directory, Guard, Levers, Outcome, Refusal, Terms,
};
use tokio::time::Instant;
use trigger::migrate_user::Source;
use trigger::{Event, MigrateUser};

use crate::steered::{Steered, active, event};

async fn migrate(event: &Event<MigrateUser>, directory: &dyn Directory, terms: &Terms) -> Outcome {
    let call = Call {
        directory,
        terms,
        levers: &Levers::default(),
        key: None,
        guard: &Guard::new(&[7; 32]),
        now: SystemTime::UNIX_EPOCH,
        trace: None,
    };
    migration::migrate(event, &call).await
}

#[tokio::test]
async fn a_sign_in_verifies_and_a_forgotten_password_finds() {
    let directory = Steered::answering(Ok(active()));
    let outcome = migrate(
        &event(Source::Authentication, "jane", Some("pw")),
        &directory,
        &Terms::default(),
    )
    .await;
    assert!(matches!(outcome.decision, Decision::Respond(_)));
    assert_eq!(
        (outcome.standing, directory.asked()),
        (Some("active"), vec!["verify jane pw".to_owned()])
    );

    let directory = Steered::answering(Ok(active()));
    let outcome = migrate(
        &event(Source::ForgotPassword, "jane", None),
        &directory,
        &Terms::default(),
    )
    .await;
    assert!(matches!(outcome.decision, Decision::Respond(_)));
    assert_eq!(directory.asked(), ["find jane"]);
}

#[tokio::test]
async fn an_empty_password_is_refused_before_any_call() {
    for password in [None, Some("")] {
        let directory = Steered::silent();
        let outcome = migrate(
            &event(Source::Authentication, "jane", password),
            &directory,
            &Terms::default(),
        )
        .await;
        assert_eq!(outcome.decision, Decision::Refuse(Refusal::EmptyPassword));
        assert_eq!(directory.asked(), [""; 0]);
    }
}

#[tokio::test]
async fn an_empty_login_and_an_unknown_occasion_ask_nobody() {
    let directory = Steered::silent();
    let terms = Terms::default();
    let outcome = migrate(&event(Source::Authentication, "", Some("pw")), &directory, &terms).await;
    assert_eq!(outcome.decision, Decision::Refuse(Refusal::Unknown));
    let outcome = migrate(&event(Source::ForgotPassword, "", None), &directory, &terms).await;
    assert_eq!(outcome.decision, Decision::Unchanged);
    let other = Source::Other("UserMigration_Telepathy".to_owned());
    let outcome = migrate(&event(other, "jane", Some("pw")), &directory, &terms).await;
    assert_eq!(outcome.decision, Decision::Unchanged);
    assert_eq!(directory.asked(), [""; 0]);
}

#[tokio::test]
async fn who_could_not_ask_says_try_again_later_on_both_occasions() {
    for source in [Source::Authentication, Source::ForgotPassword] {
        let directory = Steered::answering(Err(CouldNotAsk::new(Cause::Throttled, "AdminInitiateAuth")));
        let outcome = migrate(&event(source, "jane", Some("pw")), &directory, &Terms::default()).await;
        assert_eq!(outcome.decision, Decision::Refuse(Refusal::CouldNotAsk));
        assert_eq!(Refusal::CouldNotAsk.text(), "Try again later");
        let error = outcome.could_not_ask.unwrap();
        assert_eq!(
            error.to_string(),
            "could not ask the old directory: AdminInitiateAuth (throttled)"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_never_answers_is_given_up_when_the_budget_is_spent() {
    let started = Instant::now();
    let event = event(Source::Authentication, "jane", Some("pw"));
    let outcome = migrate(&event, &Steered::silent(), &Terms::default()).await;
    assert_eq!(outcome.decision, Decision::Refuse(Refusal::CouldNotAsk));
    assert_eq!(outcome.could_not_ask.unwrap().cause, Cause::TooSlow);
    assert!(started.elapsed() >= DEFAULT_BUDGET && started.elapsed() < Duration::from_secs(5));
}
