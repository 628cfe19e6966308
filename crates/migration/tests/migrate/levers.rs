//! The levers, each on both occasions, and what holds of them whatever the directory says.

use std::time::{Duration, SystemTime};

use migration::{
    AfterEnd, Call, Cause, Cohort, CouldNotAsk, Decision, End, Guard, Lever, Levers, LoginSet, Outcome,
    Profile, Refusal, SecondFactor, Standing, Terms,
};
use proptest::prelude::*;
use trigger::migrate_user::Source;

use crate::steered::{Steered, active, event};

const NOW: Duration = Duration::from_hours(500_000);

/// An event under levers; how it ended, and what the directory was asked.
async fn under(
    levers: &Levers,
    source: Source,
    answer: Result<Standing, CouldNotAsk>,
) -> (Outcome, Vec<String>) {
    let directory = Steered::answering(answer);
    let call = Call {
        directory: &directory,
        terms: &Terms::default(),
        levers,
        key: None,
        guard: &Guard::new(&[7; 32]),
        now: SystemTime::UNIX_EPOCH + NOW,
        trace: None,
    };
    let password = matches!(source, Source::Authentication).then_some("pw");
    let outcome = migration::migrate(&event(source, "jane@example.com", password), &call).await;
    (outcome, directory.asked())
}

/// Both occasions with an active user: decisions, and how often the directory was asked.
async fn both(levers: &Levers) -> ([Decision; 2], usize, Option<Lever>) {
    let (sign_in, asked) = under(levers, Source::Authentication, Ok(active())).await;
    let (forgotten, asked_too) = under(levers, Source::ForgotPassword, Ok(active())).await;
    assert_eq!(sign_in.lever, forgotten.lever.or(sign_in.lever));
    (
        [sign_in.decision, forgotten.decision],
        asked.len() + asked_too.len(),
        sign_in.lever,
    )
}

fn held(refusal: Refusal) -> [Decision; 2] {
    [Decision::Refuse(refusal), Decision::Unchanged]
}

#[tokio::test]
async fn the_kill_switch_says_try_again_later_and_asks_nobody() {
    let levers = Levers {
        stop: true,
        ..Levers::default()
    };
    assert_eq!(
        both(&levers).await,
        (held(Refusal::Stopped), 0, Some(Lever::Stop))
    );
    assert_eq!(Refusal::Stopped.text(), "Try again later");
}

#[tokio::test]
async fn who_is_not_in_the_cohort_looks_unknown_and_is_not_asked_about() {
    let levers = Levers {
        cohort: Cohort {
            share: Some(0),
            ..Cohort::default()
        },
        ..Levers::default()
    };
    assert_eq!(
        both(&levers).await,
        (held(Refusal::NotInCohort), 0, Some(Lever::Cohort))
    );
    assert_eq!(Refusal::NotInCohort.text(), Refusal::Unknown.text());
}

#[tokio::test]
async fn a_tombstone_is_asked_about_like_anybody_and_looks_unknown() {
    for name in ["JANE@example.com", "jane"] {
        let levers = Levers {
            tombstones: LoginSet::parse([name], None).unwrap(),
            ..Levers::default()
        };
        assert_eq!(
            both(&levers).await,
            (held(Refusal::Tombstone), 2, Some(Lever::Tombstone)),
            "{name}"
        );
        assert_eq!(Refusal::Tombstone.text(), Refusal::Unknown.text());
    }
}

#[tokio::test]
async fn observing_asks_and_tells_what_would_have_been_but_moves_nobody() {
    let levers = Levers {
        observe_only: true,
        ..Levers::default()
    };
    assert_eq!(
        both(&levers).await,
        (held(Refusal::ObserveOnly), 2, Some(Lever::ObserveOnly))
    );
    assert_eq!(Refusal::ObserveOnly.text(), Refusal::Unknown.text());
    let (outcome, _) = under(&levers, Source::Authentication, Ok(active())).await;
    assert!(matches!(outcome.observed, Some(Decision::Respond(_))));
    let (outcome, _) = under(&levers, Source::Authentication, Ok(Standing::WrongPassword)).await;
    assert_eq!(outcome.decision, Decision::Refuse(Refusal::WrongPassword));
    assert_eq!((outcome.lever, outcome.observed), (None, None));
}

fn ended(seconds_ago: i64, then: AfterEnd) -> Levers {
    let end = SystemTime::UNIX_EPOCH + NOW;
    let span = Duration::from_secs(seconds_ago.unsigned_abs());
    Levers {
        end: Some(End {
            at: if seconds_ago < 0 { end + span } else { end - span },
            text: Some("Ask the help desk".into()),
            then,
        }),
        ..Levers::default()
    }
}

#[tokio::test]
async fn after_the_end_a_password_is_refused_with_the_way_to_reset_and_a_reset_still_works() {
    let levers = ended(0, AfterEnd::Reset);
    let (sign_in, asked) = under(&levers, Source::Authentication, Ok(active())).await;
    assert_eq!(sign_in.decision, Decision::Refuse(Refusal::Ended));
    assert_eq!(sign_in.refusal_text(Refusal::Ended), "Ask the help desk");
    assert_eq!(asked, [""; 0]);
    let (forgotten, _) = under(&levers, Source::ForgotPassword, Ok(active())).await;
    assert!(matches!(forgotten.decision, Decision::Respond(_)));
    assert!(Refusal::Ended.text().contains("forgotten password"));
}

#[tokio::test]
async fn after_the_end_of_everything_nobody_is_asked() {
    let levers = ended(1, AfterEnd::Nothing);
    assert_eq!(both(&levers).await, (held(Refusal::Ended), 0, Some(Lever::Ended)));
    let (decisions, asked, lever) = both(&ended(-1, AfterEnd::Nothing)).await;
    assert!(
        decisions
            .iter()
            .all(|decision| matches!(decision, Decision::Respond(_)))
    );
    assert_eq!((asked, lever), (2, None));
}

#[tokio::test]
async fn the_kill_switch_goes_before_every_other_lever() {
    let levers = Levers {
        stop: true,
        observe_only: true,
        ..ended(1, AfterEnd::Nothing)
    };
    assert_eq!(both(&levers).await.0, held(Refusal::Stopped));
}

fn answers() -> impl Strategy<Value = Option<Standing>> {
    let profile = |factor| Profile {
        username: "jane".to_owned(),
        attributes: [("email", "jane@example.com"), ("email_verified", "true")]
            .into_iter()
            .collect(),
        second_factor: factor,
        ..Profile::default()
    };
    prop::sample::select(vec![
        None,
        Some(Standing::Active(profile(None))),
        Some(Standing::WrongPassword),
        Some(Standing::Unknown),
        Some(Standing::Disabled),
        Some(Standing::NoPassword),
        Some(Standing::LockedForNow(None)),
        Some(Standing::LockedForNow(Some(profile(None)))),
        Some(Standing::PasswordMustChange(profile(None))),
        Some(Standing::ResetDue(profile(Some(SecondFactor::Sms)))),
        Some(Standing::Unconfirmed(profile(None))),
        Some(Standing::SecondFactor(SecondFactor::Other, profile(None))),
    ])
}

fn levers() -> impl Strategy<Value = Levers> {
    let parts = (
        any::<bool>(),
        any::<bool>(),
        -1..2_i64,
        0..2_u32,
        any::<bool>(),
        any::<bool>(),
    );
    parts.prop_map(|(stop, observe_only, end, share, then, buried)| Levers {
        stop,
        observe_only,
        cohort: Cohort {
            share: (share == 1).then_some(5000),
            ..Cohort::default()
        },
        tombstones: LoginSet::parse(buried.then_some("jane"), None).unwrap(),
        ..ended(end, if then { AfterEnd::Reset } else { AfterEnd::Nothing })
    })
}

fn sources() -> impl Strategy<Value = Source> {
    prop::sample::select(vec![
        Source::Authentication,
        Source::ForgotPassword,
        Source::Other("UserMigration_Telepathy".to_owned()),
    ])
}

proptest! {
    #[test]
    fn whatever_else_is_set_the_kill_switch_asks_nobody_and_moves_nobody(
        levers in levers(), answer in answers(), source in sources()
    ) {
        let levers = Levers { stop: true, ..levers };
        let (outcome, asked) = run(&levers, source, answer);
        prop_assert_eq!(asked, Vec::<String>::new());
        prop_assert!(!matches!(outcome.decision, Decision::Respond(_)));
    }

    #[test]
    fn levers_never_move_anybody_whom_the_table_would_not(
        levers in levers(), answer in answers(), source in sources()
    ) {
        let (bare, _) = run(&Levers::default(), source.clone(), answer.clone());
        let (outcome, asked) = run(&levers, source, answer);
        prop_assert!(asked.len() <= 1);
        match outcome.decision {
            Decision::Respond(response) => {
                prop_assert_eq!(bare.decision, Decision::Respond(response));
                prop_assert!(!levers.observe_only && !levers.stop);
            }
            Decision::Unchanged | Decision::Refuse(_) => {}
        }
    }
}

fn run(levers: &Levers, source: Source, answer: Option<Standing>) -> (Outcome, Vec<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let answer = answer.ok_or_else(|| CouldNotAsk::new(Cause::Throttled, "AdminInitiateAuth"));
    runtime.block_on(under(levers, source, answer))
}
