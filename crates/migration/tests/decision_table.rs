//! The decision table, one test a row, both occasions in each; then the cells that `[rules]` changes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

use migration::{
    Attributes, Decision, Login, Mapping, Occasion, OnOtherMfa, OnPasswordChange, OnSmsMfa, OnUnconfirmed,
    Profile, Refusal, Rules, SecondFactor, Standing, decide,
};
use trigger::migrate_user::{FinalUserStatus, MessageAction, Response};

const EMAIL: [(&str, &str); 2] = [("email", "jane@example.com"), ("email_verified", "true")];

fn profile(attributes: &[(&str, &str)]) -> Profile {
    Profile {
        username: "jane".to_owned(),
        attributes: attributes.iter().copied().collect(),
        second_factor: None,
        ..Profile::default()
    }
}

fn jane() -> Profile {
    profile(&[("custom:plan", "gold"), EMAIL[0], EMAIL[1], ("sub", "0a")])
}

fn janes_attributes() -> Attributes {
    [("custom:plan", "gold"), EMAIL[0], EMAIL[1]]
        .into_iter()
        .collect()
}

fn with_phone() -> Profile {
    profile(&[
        EMAIL[0],
        EMAIL[1],
        ("phone_number", "+15550100"),
        ("phone_number_verified", "true"),
    ])
}

fn at_sign_in_under(rules: Rules, standing: Standing) -> Decision {
    decide(
        &Occasion::SignIn(Login::new("jane@example.com")),
        standing,
        rules,
        &Mapping::default(),
    )
}

fn at_forgot_password_under(rules: Rules, standing: Standing) -> Decision {
    decide(
        &Occasion::ForgotPassword(Login::new("jane@example.com")),
        standing,
        rules,
        &Mapping::default(),
    )
}

fn at_sign_in(standing: Standing) -> Decision {
    at_sign_in_under(Rules::default(), standing)
}

fn at_forgot_password(standing: Standing) -> Decision {
    at_forgot_password_under(Rules::default(), standing)
}

fn moved(status: Option<FinalUserStatus>) -> Decision {
    Decision::Respond(Response {
        user_attributes: Some(janes_attributes()),
        force_alias_creation: Some(false),
        enable_sms_mfa: None,
        final_user_status: status,
        message_action: Some(MessageAction::Suppress),
        desired_delivery_mediums: None,
    })
}

fn response(decision: Decision) -> Response {
    match decision {
        Decision::Respond(response) => response,
        other => panic!("moved, not {other:?}"),
    }
}

const CONFIRMED: Option<FinalUserStatus> = Some(FinalUserStatus::Confirmed);
const RESET_REQUIRED: Option<FinalUserStatus> = Some(FinalUserStatus::ResetRequired);

#[test]
fn an_active_user_is_confirmed_and_gives_the_profile_when_the_password_is_forgotten() {
    assert_eq!(at_sign_in(Standing::Active(jane())), moved(CONFIRMED));
    assert_eq!(at_forgot_password(Standing::Active(jane())), moved(None));
}

#[test]
fn a_wrong_password_is_refused_in_the_neutral_text() {
    assert_eq!(
        at_sign_in(Standing::WrongPassword),
        Decision::Refuse(Refusal::WrongPassword)
    );
    assert_eq!(Refusal::WrongPassword.text(), "Incorrect username or password");
    assert_eq!(at_forgot_password(Standing::WrongPassword), Decision::Unchanged);
}

#[test]
fn an_unknown_user_is_refused_in_the_same_text_and_not_disclosed_when_the_password_is_forgotten() {
    assert_eq!(at_sign_in(Standing::Unknown), Decision::Refuse(Refusal::Unknown));
    assert_eq!(Refusal::Unknown.text(), Refusal::WrongPassword.text());
    assert_eq!(at_forgot_password(Standing::Unknown), Decision::Unchanged);
}

#[test]
fn a_disabled_user_looks_like_an_unknown_one() {
    assert_eq!(
        at_sign_in(Standing::Disabled),
        Decision::Refuse(Refusal::Disabled)
    );
    assert_eq!(Refusal::Disabled.text(), Refusal::Unknown.text());
    assert_eq!(at_forgot_password(Standing::Disabled), Decision::Unchanged);
}

#[test]
fn a_user_who_is_locked_for_now_tries_again_later_or_resets_the_password() {
    assert_eq!(
        at_sign_in(Standing::LockedForNow(Some(jane()))),
        Decision::Refuse(Refusal::LockedForNow)
    );
    assert_eq!(Refusal::LockedForNow.text(), "Try again later");
    assert_eq!(
        at_forgot_password(Standing::LockedForNow(Some(jane()))),
        moved(None)
    );
    assert_eq!(
        at_forgot_password(Standing::LockedForNow(None)),
        Decision::Refuse(Refusal::LockedForNow)
    );
}

#[test]
fn a_password_that_must_be_changed_becomes_a_reset() {
    assert_eq!(
        at_sign_in(Standing::PasswordMustChange(jane())),
        moved(RESET_REQUIRED)
    );
    assert_eq!(
        at_forgot_password(Standing::PasswordMustChange(jane())),
        moved(None)
    );
}

#[test]
fn a_reset_that_is_due_stays_due() {
    assert_eq!(at_sign_in(Standing::ResetDue(jane())), moved(RESET_REQUIRED));
    assert_eq!(at_forgot_password(Standing::ResetDue(jane())), moved(None));
}

#[test]
fn a_user_whose_contact_was_never_confirmed_stays_and_is_not_disclosed() {
    assert_eq!(
        at_sign_in(Standing::Unconfirmed(jane())),
        Decision::Refuse(Refusal::Unconfirmed)
    );
    assert_eq!(
        at_forgot_password(Standing::Unconfirmed(jane())),
        Decision::Unchanged
    );
}

#[test]
fn a_second_factor_by_sms_goes_over() {
    let standing = || Standing::SecondFactor(SecondFactor::Sms, with_phone());
    let at_sign_in = response(at_sign_in(standing()));
    assert_eq!(
        (at_sign_in.final_user_status, at_sign_in.enable_sms_mfa),
        (CONFIRMED, Some(true))
    );
    let forgotten = response(at_forgot_password(standing()));
    assert_eq!(
        (forgotten.final_user_status, forgotten.enable_sms_mfa),
        (None, Some(true))
    );
}

#[test]
fn a_second_factor_by_sms_without_a_phone_number_cannot_go_over() {
    let standing = Standing::SecondFactor(SecondFactor::Sms, jane());
    assert_eq!(
        at_sign_in(standing.clone()),
        Decision::Refuse(Refusal::SecondFactor)
    );
    assert_eq!(at_forgot_password(standing), moved(None));
}

#[test]
fn a_second_factor_of_another_kind_is_refused_until_the_password_is_reset() {
    let standing = || Standing::SecondFactor(SecondFactor::Other, jane());
    assert_eq!(at_sign_in(standing()), Decision::Refuse(Refusal::SecondFactor));
    assert_eq!(at_forgot_password(standing()), moved(None));
}

#[test]
fn a_user_without_a_password_is_refused_and_looks_unknown() {
    assert_eq!(
        at_sign_in(Standing::NoPassword),
        Decision::Refuse(Refusal::NoPassword)
    );
    assert_eq!(Refusal::NoPassword.text(), Refusal::Unknown.text());
    assert_eq!(at_forgot_password(Standing::NoPassword), Decision::Unchanged);
}

#[test]
fn an_unverified_address_moves_unverified() {
    let unverified = [("email", "jane@example.com"), ("email_verified", "false")];
    let moved = response(at_sign_in(Standing::Active(profile(&unverified))));
    assert_eq!(moved.user_attributes, Some(unverified.into_iter().collect()));
    let silent = response(at_sign_in(Standing::Active(profile(&unverified[..1]))));
    assert_eq!(silent.user_attributes.unwrap().get("email_verified"), None);
}

#[test]
fn without_a_verified_contact_a_forgotten_password_moves_nobody_into_a_dead_end() {
    let unverified = || {
        Standing::Active(profile(&[
            ("email", "jane@example.com"),
            ("email_verified", "false"),
        ]))
    };
    assert_eq!(at_forgot_password(unverified()), Decision::Unchanged);
    let rules = Rules {
        unconfirmed: OnUnconfirmed::Move,
        ..Rules::default()
    };
    assert!(matches!(
        at_forgot_password_under(rules, unverified()),
        Decision::Respond(_)
    ));
}

#[test]
fn a_user_without_any_attribute_to_give_does_not_move() {
    let bare = || Standing::Active(profile(&[("sub", "0a")]));
    assert_eq!(at_sign_in(bare()), Decision::Refuse(Refusal::NothingToMove));
    assert_eq!(at_forgot_password(bare()), Decision::Unchanged);
}

#[test]
fn no_refusal_text_ends_in_a_full_stop_because_cognito_appends_one() {
    for refusal in [
        Refusal::Unconfirmed,
        Refusal::SecondFactor,
        Refusal::CouldNotAsk,
        Refusal::EmptyPassword,
    ] {
        assert!(!refusal.text().ends_with('.'));
    }
}

#[test]
fn rules_refuse_where_the_default_resets() {
    let refuse = OnPasswordChange::Refuse;
    let rules = Rules {
        password_must_change: refuse,
        reset_due: refuse,
        ..Rules::default()
    };
    let decision = at_sign_in_under(rules, Standing::PasswordMustChange(jane()));
    assert_eq!(decision, Decision::Refuse(Refusal::PasswordMustChange));
    assert_eq!(
        at_sign_in_under(rules, Standing::ResetDue(jane())),
        Decision::Refuse(Refusal::ResetDue)
    );
    assert_eq!(
        at_forgot_password_under(rules, Standing::ResetDue(jane())),
        moved(None)
    );
}

#[test]
fn rules_move_an_unconfirmed_user() {
    let rules = Rules {
        unconfirmed: OnUnconfirmed::Move,
        ..Rules::default()
    };
    assert_eq!(
        at_sign_in_under(rules, Standing::Unconfirmed(jane())),
        moved(CONFIRMED)
    );
    assert_eq!(
        at_forgot_password_under(rules, Standing::Unconfirmed(jane())),
        moved(None)
    );
}

#[test]
fn rules_refuse_or_drop_a_second_factor_by_sms() {
    let standing = || Standing::SecondFactor(SecondFactor::Sms, with_phone());
    let rules = Rules {
        sms_mfa: OnSmsMfa::Refuse,
        ..Rules::default()
    };
    assert_eq!(
        at_sign_in_under(rules, standing()),
        Decision::Refuse(Refusal::SecondFactor)
    );
    let rules = Rules {
        sms_mfa: OnSmsMfa::Drop,
        ..Rules::default()
    };
    assert_eq!(response(at_sign_in_under(rules, standing())).enable_sms_mfa, None);
    assert_eq!(
        response(at_forgot_password_under(rules, standing())).enable_sms_mfa,
        None
    );
}

#[test]
fn rules_reset_or_drop_another_second_factor() {
    let standing = || Standing::SecondFactor(SecondFactor::Other, jane());
    let rules = Rules {
        other_mfa: OnOtherMfa::Reset,
        ..Rules::default()
    };
    assert_eq!(at_sign_in_under(rules, standing()), moved(RESET_REQUIRED));
    let rules = Rules {
        other_mfa: OnOtherMfa::Drop,
        ..Rules::default()
    };
    assert_eq!(at_sign_in_under(rules, standing()), moved(CONFIRMED));
}

#[test]
fn a_reset_does_not_take_a_second_factor_away() {
    let standings: [fn(Profile) -> Standing; 2] = [Standing::ResetDue, Standing::PasswordMustChange];
    for standing in standings {
        let with = |factor| Profile {
            second_factor: Some(factor),
            ..with_phone()
        };
        let by_sms = response(at_sign_in(standing(with(SecondFactor::Sms))));
        assert_eq!(
            (by_sms.enable_sms_mfa, by_sms.final_user_status),
            (Some(true), RESET_REQUIRED)
        );
        assert_eq!(
            at_sign_in(standing(with(SecondFactor::Other))),
            Decision::Refuse(Refusal::SecondFactor)
        );
        let forgotten = response(at_forgot_password(standing(with(SecondFactor::Sms))));
        assert_eq!(forgotten.enable_sms_mfa, Some(true));
    }
}

#[test]
fn a_user_who_could_never_reset_stays_where_they_are() {
    let unverified = || profile(&[("email", "jane@example.com"), ("email_verified", "false")]);
    assert_eq!(
        at_sign_in(Standing::ResetDue(unverified())),
        Decision::Refuse(Refusal::ResetDue)
    );
    assert_eq!(
        at_sign_in(Standing::PasswordMustChange(unverified())),
        Decision::Refuse(Refusal::PasswordMustChange)
    );
}
