//! What went wrong, in the words of the page's language.
//!
//! An app client that hides unknown users hides them here, too: the rules say the same of both. What the migration function says
//! when it refuses is told in our own words, never in its: *incorrect* unless it could not ask, or knew the password to be right.
//! Other functions speak for the company, and what they say is shown as it is (as on the pages of the real service).

use pool::error::{Error, text};

use super::words::{Words, fill};

/// The text for an error of a rule; that of [`Error::Internal`] is never shown, there is a page for it.
pub(super) fn of(words: &Words, error: &Error) -> String {
    match error {
        Error::UserLambdaValidation(told) => of_function(words, told),
        other => plain(words, other).to_owned(),
    }
}

fn plain<'w>(words: &'w Words, error: &Error) -> &'w str {
    match error {
        Error::AliasExists(_) => &words.alias_exists,
        Error::CodeDeliveryFailure(_) => &words.delivery_failed,
        Error::CodeMismatch(_) | Error::EnableSoftwareTokenMFA(_) => &words.wrong_code,
        Error::ExpiredCode(told) if told == text::TOTP_CODE_USED => &words.used_code,
        Error::ExpiredCode(_) => &words.expired_code,
        Error::InvalidParameter(told) => of_parameter(words, told),
        Error::InvalidPassword(_) => &words.password_refused,
        Error::LimitExceeded(_) => &words.too_many_attempts,
        Error::NotAuthorized(told) => of_refusal(words, told),
        Error::PasswordHistoryPolicyViolation(_) => &words.password_in_history,
        Error::PasswordResetRequired(_) => &words.use_reset,
        Error::UserNotFound(told) => of_unknown_user(words, told),
        Error::UserNotConfirmed(_) => &words.not_confirmed_yet,
        Error::UsernameExists(_) => &words.user_exists,
        Error::WebAuthnChallengeNotFound(_) => &words.session_over,
        Error::WebAuthnClientMismatch(_)
        | Error::WebAuthnConfigurationMissing(_)
        | Error::WebAuthnCredentialNotSupported(_)
        | Error::WebAuthnNotEnabled(_)
        | Error::WebAuthnOriginNotAllowed(_)
        | Error::WebAuthnRelyingPartyMismatch(_) => &words.passkey_refused,
        Error::TooManyRequests(_)
        | Error::UnexpectedLambda(_)
        | Error::InvalidLambdaResponse(_)
        | Error::Internal(_) => &words.try_again_later,
        _ => &words.invalid_input,
    }
}

fn of_refusal<'w>(words: &'w Words, told: &str) -> &'w str {
    match told {
        text::USER_DISABLED => &words.user_disabled,
        text::ATTEMPTS_EXCEEDED => &words.attempts_exceeded,
        text::TEMPORARY_PASSWORD_EXPIRED => &words.temporary_password_expired,
        text::SESSION_USED | text::SESSION_EXPIRED | text::SESSION_INVALID => &words.session_over,
        text::RESET_NOT_IN_THIS_STATE | text::ADMIN_ONLY_RECOVERY => &words.reset_not_possible,
        text::SIGN_UP_NOT_PERMITTED => &words.sign_up_not_permitted,
        text::NO_PHONE_FOR_MFA => &words.no_phone_for_code,
        _ => &words.incorrect,
    }
}

fn of_parameter<'w>(words: &'w Words, told: &str) -> &'w str {
    match told {
        text::NO_VERIFIED_CONTACT => &words.no_verified_contact,
        text::INVALID_EMAIL | text::USERNAME_SHOULD_BE_EMAIL => &words.invalid_email,
        text::INVALID_PHONE | text::USERNAME_SHOULD_BE_PHONE => &words.invalid_phone,
        _ => &words.invalid_input,
    }
}

/// Nobody of that name, or one whom the migration function did not let in.
fn of_unknown_user<'w>(words: &'w Words, told: &str) -> &'w str {
    if told == text::USER_UNKNOWN || told == text::USER_CLIENT_UNKNOWN {
        return &words.user_unknown;
    }
    of_migration(words, told).unwrap_or(&words.incorrect)
}

/// What our own migration function may say beside *incorrect*; another's is not known to mean anything.
fn of_migration<'w>(words: &'w Words, told: &str) -> Option<&'w str> {
    let said = |what: &str| *told == *text::trigger_failed("UserMigration", what);
    if said("Try again later") {
        Some(&words.try_again_later)
    } else if said("User is not confirmed") {
        Some(&words.confirm_elsewhere)
    } else if said("Password reset required for the user") {
        Some(&words.use_reset)
    } else {
        None
    }
}

fn of_function(words: &Words, told: &str) -> String {
    if told.starts_with("UserMigration failed") {
        let reason = of_migration(words, told).unwrap_or(&words.try_again_later);
        return reason.to_owned();
    }
    fill(&words.refused_by_function, "reason", told)
}

#[cfg(test)]
mod tests {
    use super::super::words::Languages;
    use super::*;

    #[test]
    fn what_a_migration_function_says_is_told_in_our_own_words() {
        let languages = Languages::compiled_in().unwrap();
        let words = &languages.first().words;
        let unknown = |what: &str| Error::UserNotFound(text::trigger_failed("UserMigration", what));
        assert_eq!(
            of(words, &unknown("'NoneType' object has no attribute 'get'")),
            words.incorrect
        );
        assert_eq!(of(words, &unknown("Try again later")), words.try_again_later);
        assert_eq!(
            of(words, &Error::UserNotFound(text::USER_UNKNOWN.into())),
            words.user_unknown
        );
        let refused = Error::UserLambdaValidation(text::trigger_failed("PreSignUp", "Employees only"));
        assert_eq!(of(words, &refused), "PreSignUp failed with error Employees only.");
    }
}
