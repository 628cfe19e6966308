//! The pool's own words: its templates, and where it has none Cognito's.
//!
//! Source: `VerificationMessageTemplate`, `InviteMessageTemplate`, `SmsAuthenticationMessage` and `EmailMfaConfiguration` of the
//! API reference; the texts that Cognito sends without them as observed, but for the welcome, which is chosen.

use super::Occasion;
use super::form::Form;
use crate::ports::Medium;
use crate::user_pool::UserPool;

const CODE_SUBJECT: &str = "Your verification code";
const CODE: &str = "Your confirmation code is {####}";
const RESET_CODE: &str = "Your password reset code is {####}";
const LINK_SUBJECT: &str = "Your verification link";
const LINK: &str = "Please click the link below to verify your email address. {##Verify Email##}";
const SIGN_IN_SUBJECT: &str = "Your authentication code";
const SIGN_IN_CODE: &str = "Your authentication code is {####}.";
const INVITATION_SUBJECT: &str = "Your temporary password";
const INVITATION: &str = "Your username is {username} and temporary password is {####}.";
const WELCOME_SUBJECT: &str = "Your account";
const WELCOME: &str = "Your username is {username}.";

/// What a message says, with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    /// Of an e-mail.
    pub(super) subject: String,
    pub(super) body: String,
}

/// The words of the pool for this occasion.
pub(super) fn of_the_pool(pool: &UserPool, occasion: Occasion, medium: Medium, form: &Form) -> Wording {
    let messages = &pool.settings.messages;
    let verification = &messages.verification;
    let invitation = &pool.settings.invite_message_template;
    let (subject, body) = match (form, medium) {
        (Form::Welcome { .. }, _) => ((None, WELCOME_SUBJECT), (None, WELCOME)),
        (Form::Invitation { .. }, Medium::Email) => (
            (invitation.email_subject.as_ref(), INVITATION_SUBJECT),
            (invitation.email_message.as_ref(), INVITATION),
        ),
        (Form::Invitation { .. }, Medium::Sms) => (
            (None, INVITATION_SUBJECT),
            (invitation.sms_message.as_ref(), INVITATION),
        ),
        (Form::Link { .. }, _) => (
            (verification.email_subject_by_link.as_ref(), LINK_SUBJECT),
            (verification.email_message_by_link.as_ref(), LINK),
        ),
        (Form::Code(_), Medium::Email) if occasion == Occasion::Authentication => (
            (pool.email_mfa.subject.as_ref(), SIGN_IN_SUBJECT),
            (pool.email_mfa.message.as_ref(), SIGN_IN_CODE),
        ),
        (Form::Code(_), Medium::Sms) if occasion == Occasion::Authentication => (
            (None, SIGN_IN_SUBJECT),
            (messages.sms_authentication_message.as_ref(), SIGN_IN_CODE),
        ),
        (Form::Code(_), medium) => {
            let usual = if occasion == Occasion::ForgotPassword {
                RESET_CODE
            } else {
                CODE
            };
            let (now, before) = match medium {
                Medium::Email => (&verification.email_message, &messages.email_verification_message),
                Medium::Sms => (&verification.sms_message, &messages.sms_verification_message),
            };
            let subject = verification.email_subject.as_ref();
            (
                (
                    subject.or(messages.email_verification_subject.as_ref()),
                    CODE_SUBJECT,
                ),
                (now.as_ref().or(before.as_ref()), usual),
            )
        }
    };
    Wording {
        subject: own_or(subject),
        body: own_or(body),
    }
}

fn own_or((own, usual): (Option<&String>, &str)) -> String {
    own.map_or_else(|| usual.to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ConfirmationCode;
    use crate::user::fixture;
    use crate::user_pool::SignInNames;

    fn code() -> ConfirmationCode {
        ConfirmationCode::new("123456".to_owned())
    }

    fn words(pool: &UserPool, occasion: Occasion, medium: Medium, form: &Form) -> (String, String) {
        let wording = of_the_pool(pool, occasion, medium, form);
        (wording.subject, wording.body)
    }

    #[test]
    fn a_pool_without_templates_says_what_cognito_says() {
        let pool = fixture::pool(SignInNames::Username);
        let form = Form::Code(code());
        for (occasion, expected) in [
            (Occasion::SignUp, CODE),
            (Occasion::ResendCode, CODE),
            (Occasion::UpdateUserAttribute, CODE),
            (Occasion::VerifyUserAttribute, CODE),
            (Occasion::ForgotPassword, RESET_CODE),
            (Occasion::Authentication, SIGN_IN_CODE),
        ] {
            for medium in [Medium::Email, Medium::Sms] {
                assert_eq!(words(&pool, occasion, medium, &form).1, expected);
            }
        }
    }

    #[test]
    fn every_default_fits_its_form() {
        let url = "http://x".to_owned();
        let username = "ann".to_owned();
        let pool = fixture::pool(SignInNames::Username);
        for form in [
            Form::Code(code()),
            Form::Link { code: code(), url },
            Form::Invitation {
                username: username.clone(),
                password: code(),
            },
            Form::Welcome { username },
        ] {
            for occasion in [
                Occasion::SignUp,
                Occasion::ForgotPassword,
                Occasion::Authentication,
            ] {
                let (_, body) = words(&pool, occasion, Medium::Email, &form);
                assert!(form.fits(&body), "{body}");
            }
        }
    }

    #[test]
    fn the_template_goes_before_the_older_settings_and_these_before_the_default() {
        let mut pool = fixture::pool(SignInNames::Username);
        let form = Form::Code(code());
        let messages = &mut pool.settings.messages;
        messages.email_verification_message = Some("older {####}".to_owned());
        messages.email_verification_subject = Some("older".to_owned());
        messages.sms_verification_message = Some("older sms {####}".to_owned());
        let (subject, body) = words(&pool, Occasion::SignUp, Medium::Email, &form);
        assert_eq!((subject.as_str(), body.as_str()), ("older", "older {####}"));
        assert_eq!(
            words(&pool, Occasion::ForgotPassword, Medium::Sms, &form).1,
            "older sms {####}"
        );

        let template = &mut pool.settings.messages.verification;
        template.email_message = Some("newer {####}".to_owned());
        template.email_subject = Some("newer".to_owned());
        template.sms_message = Some("newer sms {####}".to_owned());
        let (subject, body) = words(&pool, Occasion::VerifyUserAttribute, Medium::Email, &form);
        assert_eq!((subject.as_str(), body.as_str()), ("newer", "newer {####}"));
        assert_eq!(
            words(&pool, Occasion::SignUp, Medium::Sms, &form).1,
            "newer sms {####}"
        );
        assert_eq!(
            words(&pool, Occasion::Authentication, Medium::Sms, &form).1,
            SIGN_IN_CODE
        );
    }

    #[test]
    fn sign_ins_links_and_invitations_have_texts_of_their_own() {
        let mut pool = fixture::pool(SignInNames::Username);
        let messages = &mut pool.settings.messages;
        messages.sms_authentication_message = Some("sms {####}".to_owned());
        messages.verification.email_message_by_link = Some("{##here##}".to_owned());
        messages.verification.email_subject_by_link = Some("link".to_owned());
        pool.email_mfa.message = Some("mfa {####}".to_owned());
        pool.email_mfa.subject = Some("mfa".to_owned());
        pool.settings.invite_message_template.email_message = Some("{username}: {####}".to_owned());
        pool.settings.invite_message_template.email_subject = Some("invited".to_owned());
        pool.settings.invite_message_template.sms_message = Some("{username}={####}".to_owned());

        let form = Form::Code(code());
        assert_eq!(
            words(&pool, Occasion::Authentication, Medium::Sms, &form).1,
            "sms {####}"
        );
        let pair = |subject: &str, body: &str| (subject.to_owned(), body.to_owned());
        assert_eq!(
            words(&pool, Occasion::Authentication, Medium::Email, &form),
            pair("mfa", "mfa {####}")
        );
        let form = Form::Link {
            code: code(),
            url: "http://x".to_owned(),
        };
        assert_eq!(
            words(&pool, Occasion::SignUp, Medium::Email, &form),
            pair("link", "{##here##}")
        );
        let form = Form::Invitation {
            username: "ann".to_owned(),
            password: code(),
        };
        let email = words(&pool, Occasion::AdminCreateUser, Medium::Email, &form);
        assert_eq!(email, pair("invited", "{username}: {####}"));
        assert_eq!(
            words(&pool, Occasion::AdminCreateUser, Medium::Sms, &form).1,
            "{username}={####}"
        );
    }
}
