//! Which factor is due, by pool and user.

use super::*;
use crate::user::{SoftwareToken, fixture};
use crate::user_pool::{MfaFactors, SignInNames};

const PHONE: (&str, &str) = ("phone_number", "+12065550105");
const EMAIL: (&str, &str) = ("email", "eve@example.com");

fn pool(mfa: Mfa, offered: &[MfaMethod]) -> UserPool {
    let mut pool = fixture::pool(SignInNames::Username);
    pool.settings.mfa = mfa;
    pool.mfa_factors = MfaFactors {
        sms: offered.contains(&MfaMethod::SmsMfa),
        software_token: offered.contains(&MfaMethod::SoftwareTokenMfa),
        email: offered.contains(&MfaMethod::EmailOtp),
    };
    pool
}

fn user(pool: &UserPool, attributes: &[(&str, &str)], enabled: &[MfaMethod]) -> User {
    let mut user = fixture::user(pool, "eve", attributes);
    user.mfa.enabled = enabled.iter().copied().collect();
    user
}

fn with_app(mut user: User) -> User {
    user.software_tokens.verified = Some(SoftwareToken::of_secret(vec![1]));
    user
}

const ALL: &[MfaMethod] = &MfaMethod::ALL;

#[test]
fn a_pool_without_a_second_factor_asks_for_none() {
    let pool = pool(Mfa::Off, ALL);
    let user = with_app(user(&pool, &[PHONE, EMAIL], ALL));
    assert_eq!(due(&pool, &user), Due::Nothing);
    assert!(!is_second_factor(&pool, &user, Medium::Sms));
}

#[test]
fn an_optional_factor_is_due_once_the_user_has_turned_it_on_and_can_give_it() {
    let pool = pool(Mfa::Optional, ALL);
    assert_eq!(due(&pool, &user(&pool, &[PHONE, EMAIL], &[])), Due::Nothing);
    assert_eq!(due(&pool, &user(&pool, &[], &[MfaMethod::SmsMfa])), Due::Nothing);
    let by_mail = user(&pool, &[EMAIL], &[MfaMethod::EmailOtp]);
    assert_eq!(due(&pool, &by_mail), Due::Factor(MfaMethod::EmailOtp));
    assert!(is_second_factor(&pool, &by_mail, Medium::Email));
    assert!(!is_second_factor(&pool, &by_mail, Medium::Sms));
}

#[test]
fn of_several_the_preferred_one_is_due_and_without_a_preference_the_user_chooses() {
    let pool = pool(Mfa::Optional, ALL);
    let mut user = with_app(user(&pool, &[PHONE, EMAIL], ALL));
    assert_eq!(due(&pool, &user), Due::Choice(ALL.to_vec()));
    user.mfa.preferred = Some(MfaMethod::SoftwareTokenMfa);
    assert_eq!(due(&pool, &user), Due::Factor(MfaMethod::SoftwareTokenMfa));
    user.software_tokens.verified = None;
    let rest = vec![MfaMethod::SmsMfa, MfaMethod::EmailOtp];
    assert_eq!(due(&pool, &user), Due::Choice(rest));
}

#[test]
fn what_the_user_has_turned_on_outlives_the_offer() {
    let pool = pool(Mfa::Optional, &[MfaMethod::SmsMfa]);
    let user = with_app(user(&pool, &[], &[MfaMethod::SoftwareTokenMfa]));
    assert_eq!(due(&pool, &user), Due::Factor(MfaMethod::SoftwareTokenMfa));
}

#[test]
fn a_pool_that_insists_asks_for_what_it_offers_and_the_user_has() {
    let both = pool(Mfa::On, &[MfaMethod::SmsMfa, MfaMethod::SoftwareTokenMfa]);
    let phone = user(&both, &[PHONE, EMAIL], &[]);
    assert_eq!(due(&both, &phone), Due::Factor(MfaMethod::SmsMfa));
    let app = with_app(user(&both, &[EMAIL], &[]));
    assert_eq!(due(&both, &app), Due::Factor(MfaMethod::SoftwareTokenMfa));
    let neither = user(&both, &[EMAIL], &[]);
    assert_eq!(
        due(&both, &neither),
        Due::SetUp(vec![MfaMethod::SoftwareTokenMfa])
    );
    let sms = pool(Mfa::On, &[MfaMethod::SmsMfa]);
    assert_eq!(due(&sms, &neither), Due::SetUp(Vec::new()));
}
