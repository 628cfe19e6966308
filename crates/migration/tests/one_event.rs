//! One event through `migrate`: when the directory is asked, and that the budget holds. The port is steered here.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use migration::{
    Cause, CouldNotAsk, DEFAULT_BUDGET, Deadline, Decision, Directory, Login, Password, Profile, Refusal,
    Standing, Terms, migrate,
};
use tokio::time::Instant;
use trigger::migrate_user::{Request, Source};
use trigger::{CallerContext, Event, Header, MigrateUser};

/// Answers as told, and notes what it was asked.
struct Steered {
    answer: Mutex<Option<Result<Standing, CouldNotAsk>>>,
    asked: Mutex<Vec<String>>,
}

impl Steered {
    fn answering(answer: Result<Standing, CouldNotAsk>) -> Self {
        Self {
            answer: Mutex::new(Some(answer)),
            asked: Mutex::default(),
        }
    }

    fn silent() -> Self {
        Self {
            answer: Mutex::default(),
            asked: Mutex::default(),
        }
    }

    async fn answer(&self, question: String) -> Result<Standing, CouldNotAsk> {
        self.asked.lock().unwrap().push(question);
        let answer = self.answer.lock().unwrap().take();
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Directory for Steered {
    async fn verify(&self, login: &Login, password: &Password, _: Deadline) -> Result<Standing, CouldNotAsk> {
        self.answer(format!("verify {} {}", login.as_str(), password.expose()))
            .await
    }

    async fn find(&self, login: &Login, _: Deadline) -> Result<Standing, CouldNotAsk> {
        self.answer(format!("find {}", login.as_str())).await
    }
}

fn event(source: Source, user_name: &str, password: Option<&str>) -> Event<MigrateUser> {
    let header = Header {
        region: "us-east-1".to_owned(),
        user_pool_id: "us-east-1_EXAMPLE01".to_owned(),
        user_name: user_name.to_owned(),
        caller_context: CallerContext {
            aws_sdk_version: "x".to_owned(),
            client_id: None,
        },
    };
    Event::new(
        source,
        header,
        Request {
            password: password.map(Password::new),
            ..Request::default()
        },
    )
}

fn active() -> Standing {
    let attributes = [("email", "jane@example.com"), ("email_verified", "true")]
        .into_iter()
        .collect();
    Standing::Active(Profile {
        username: "jane".to_owned(),
        attributes,
        second_factor: None,
        ..Profile::default()
    })
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
