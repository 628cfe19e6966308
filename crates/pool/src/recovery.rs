//! Where the code for a forgotten password goes, and to whom it may.
//!
//! Source: API reference, `AccountRecoverySettingType`.

use crate::error::{Error, text};
use crate::mfa;
use crate::ports::Medium;
use crate::user::{Destination, User, UserStatus};
use crate::user_pool::{RecoveryMechanism, UserPool};

/// Whether users recover by themselves at all.
///
/// # Errors
/// [`Error::NotAuthorized`] where administrators alone help.
pub(crate) fn check_allowed(pool: &UserPool) -> Result<(), Error> {
    let mechanisms = &pool.settings.account_recovery;
    if mechanisms.contains(&RecoveryMechanism::AdminOnly) {
        return Err(Error::not_authorized(text::ADMIN_ONLY_RECOVERY));
    }
    Ok(())
}

/// Whether the user has a password of their own that a code may replace.
pub(crate) fn may_be_reset(user: &User) -> bool {
    !matches!(
        user.status,
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider
    )
}

/// The verified contact that the pool's recovery settings prefer.
pub(crate) fn contact(pool: &UserPool, user: &User) -> Option<Destination> {
    mediums(pool)
        // What is the second factor cannot be the first one too.
        .filter(|medium| !mfa::is_second_factor(pool, user, *medium))
        .find_map(|medium| {
            let value = user.attributes.get(medium.attribute())?;
            let proven = !value.is_empty() && user.attributes.is_true(medium.verified_attribute());
            proven.then(|| Destination {
                medium,
                value: value.to_owned(),
                pending: false,
            })
        })
}

/// By which medium codes of this pool go first.
pub(crate) fn preferred_medium(pool: &UserPool) -> Medium {
    mediums(pool).next().unwrap_or(Medium::Email)
}

/// In the order of their priorities.
fn mediums(pool: &UserPool) -> impl Iterator<Item = Medium> {
    let mechanisms = pool.settings.account_recovery.iter();
    mechanisms.filter_map(|mechanism| match mechanism {
        RecoveryMechanism::VerifiedEmail => Some(Medium::Email),
        RecoveryMechanism::VerifiedPhoneNumber => Some(Medium::Sms),
        RecoveryMechanism::AdminOnly => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::{MfaMethod, MfaPreference, fixture};
    use crate::user_pool::{Mfa, SignInNames};

    const BOTH: &[(&str, &str)] = &[
        ("email", "a@b.c"),
        ("email_verified", "true"),
        ("phone_number", "+123"),
        ("phone_number_verified", "true"),
    ];

    /// By which medium a user with this second factor is reached.
    fn reached_by(recovery: &[RecoveryMechanism], second_factor: Option<MfaMethod>) -> Option<Medium> {
        let mut pool = fixture::pool(SignInNames::Username);
        pool.settings.mfa = Mfa::Optional;
        pool.settings.account_recovery = recovery.to_vec();
        let mut user = fixture::user(&pool, "ann", BOTH);
        user.mfa = MfaPreference {
            enabled: second_factor.into_iter().collect(),
            ..MfaPreference::default()
        };
        contact(&pool, &user).map(|contact| contact.medium)
    }

    #[test]
    fn what_is_the_second_factor_recovers_nothing() {
        use RecoveryMechanism::{VerifiedEmail, VerifiedPhoneNumber};
        let usual = [VerifiedEmail, VerifiedPhoneNumber];
        assert_eq!(reached_by(&usual, None), Some(Medium::Email));
        assert_eq!(reached_by(&usual, Some(MfaMethod::SmsMfa)), Some(Medium::Email));
        assert_eq!(reached_by(&usual, Some(MfaMethod::EmailOtp)), Some(Medium::Sms));
        assert_eq!(reached_by(&[VerifiedEmail], Some(MfaMethod::EmailOtp)), None);
        assert_eq!(reached_by(&[VerifiedPhoneNumber], Some(MfaMethod::SmsMfa)), None);
    }

    #[test]
    fn who_has_no_password_of_their_own_here_resets_none() {
        let pool = fixture::pool(SignInNames::Username);
        let mut user = fixture::user(&pool, "ann", BOTH);
        for status in UserStatus::ALL {
            user.status = status;
            let none = [UserStatus::ForceChangePassword, UserStatus::ExternalProvider];
            assert_eq!(may_be_reset(&user), !none.contains(&status), "{status:?}");
        }
    }
}
