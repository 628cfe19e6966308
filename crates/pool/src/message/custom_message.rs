//! The *custom message* trigger: a function words the message.
//!
//! Source: *Custom message Lambda trigger*; what becomes of texts that cannot be used as observed: one that is too long or
//! lacks a placeholder is left aside without a word to the client, and the pool's own goes out in its place, while a subject
//! beside it counts.

use trigger::Event;
use trigger::custom_message::{
    CODE_PARAMETER, CustomMessage, LINK_PARAMETER, Request, Response, USERNAME_PARAMETER,
};

use super::form::Form;
use super::wording::Wording;
use super::{Addressee, Letter, Occasion};
use crate::error::{Error, text};
use crate::ports::{FunctionArn, Medium};
use crate::service::Service;
use crate::triggers::{self, Failure};
use crate::user_pool::EmailSendingAccount;

/// The longest texts, in characters, the placeholders counted as they stand.
const LONGEST_SMS: usize = 140;
const LONGEST_EMAIL: usize = 20_000;
const LONGEST_SUBJECT: usize = 140;

/// What the function makes of the pool's own words.
///
/// # Errors
/// [`Error::UserLambdaValidation`] when it refuses; [`Error::UnexpectedLambda`], [`Error::InvalidLambdaResponse`].
pub(super) async fn reword(
    service: &Service,
    to: &Addressee<'_>,
    letter: &Letter<'_>,
    (form, own): (&Form, Wording),
    function: &FunctionArn,
) -> Result<Wording, Error> {
    let invitation = letter.occasion == Occasion::AdminCreateUser;
    let request = Request {
        user_attributes: Some(triggers::user_attributes(to.user)),
        code_parameter: Some(CODE_PARAMETER.to_owned()),
        link_parameter: Some(LINK_PARAMETER.to_owned()),
        username_parameter: invitation.then(|| USERNAME_PARAMETER.to_owned()),
        client_metadata: triggers::metadata(to.caller),
    };
    let header = triggers::header(to.pool, to.client_id, to.user.username.as_str(), to.caller);
    let event = Event::<CustomMessage>::new(letter.occasion.source::<CustomMessage>(), header, request);
    let response = triggers::call(service, function, &event)
        .await
        .map_err(Failure::into_error::<CustomMessage>)?;
    let account = to.pool.settings.messages.email.email_sending_account;
    let (wording, unfit) = adopt(response, letter.route.medium, account, form, own)?;
    for (member, why) in unfit {
        tracing::warn!(
            user_pool.id = %to.pool.id, trigger.occasion = letter.occasion.as_str(), response.member = member,
            "what the custom message function answered {why}: the pool's own text goes out"
        );
    }
    Ok(wording)
}

/// Members of a response that are left aside, and why.
type Unfit = Vec<(&'static str, &'static str)>;

/// The words of a response as far as they can be used, the pool's own for the rest. An empty text is none: functions in
/// languages with plain strings answer so where they say nothing.
fn adopt(
    response: Response,
    medium: Medium,
    account: EmailSendingAccount,
    form: &Form,
    mut own: Wording,
) -> Result<(Wording, Unfit), Error> {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let mut unfit = Unfit::new();
    let mut take = |member, text: Option<String>, longest, placeholders: bool, place: &mut String| {
        let Some(text) = text else { return };
        if text.chars().count() > longest {
            unfit.push((member, "is too long"));
        } else if placeholders && !form.fits(&text) {
            unfit.push((member, "does not have the placeholders of its message"));
        } else {
            *place = text;
        }
    };
    match medium {
        Medium::Sms => take(
            "smsMessage",
            said(response.sms_message),
            LONGEST_SMS,
            true,
            &mut own.body,
        ),
        Medium::Email => {
            let (message, subject) = (said(response.email_message), said(response.email_subject));
            if account != EmailSendingAccount::Developer && (message.is_some() || subject.is_some()) {
                return Err(Error::InvalidLambdaResponse(text::EMAIL_NOT_BY_DEVELOPER.into()));
            }
            take("emailMessage", message, LONGEST_EMAIL, true, &mut own.body);
            take("emailSubject", subject, LONGEST_SUBJECT, false, &mut own.subject);
        }
    }
    Ok((own, unfit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ConfirmationCode;

    fn own() -> Wording {
        Wording {
            subject: "own".to_owned(),
            body: "own {####}".to_owned(),
        }
    }

    fn code() -> Form {
        Form::Code(ConfirmationCode::new("123456".to_owned()))
    }

    fn by_email(message: Option<&str>, subject: Option<&str>) -> Response {
        Response {
            email_message: message.map(str::to_owned),
            email_subject: subject.map(str::to_owned),
            ..Response::default()
        }
    }

    fn email(response: Response) -> (Wording, Unfit) {
        adopt(
            response,
            Medium::Email,
            EmailSendingAccount::Developer,
            &code(),
            own(),
        )
        .unwrap()
    }

    #[test]
    fn what_a_function_says_goes_before_the_pool_s_own() {
        let (wording, unfit) = email(by_email(Some("Hi {####}"), Some("Hello")));
        assert_eq!(
            (wording.subject.as_str(), wording.body.as_str()),
            ("Hello", "Hi {####}")
        );
        assert!(unfit.is_empty());
        assert_eq!(email(by_email(None, None)), (own(), Vec::new()));
        assert_eq!(email(by_email(Some(""), Some(""))), (own(), Vec::new()));
    }

    #[test]
    fn a_text_without_its_placeholder_is_left_aside_and_its_subject_is_not() {
        let (wording, unfit) = email(by_email(Some("No code"), Some("Hello")));
        assert_eq!(
            (wording.subject.as_str(), wording.body.as_str()),
            ("Hello", "own {####}")
        );
        assert_eq!(unfit[0].0, "emailMessage");
    }

    #[test]
    fn a_text_may_be_as_long_as_cognito_has_it_and_no_longer() {
        let longest = format!("{{####}}{}", "ä".repeat(LONGEST_EMAIL - 6));
        assert_eq!(email(by_email(Some(&longest), None)).0.body, longest);
        let (wording, unfit) = email(by_email(Some(&format!("{longest}ä")), Some(&"s".repeat(141))));
        assert_eq!((wording, unfit.len()), (own(), 2));

        let sms = |text: String| {
            let response = Response {
                sms_message: Some(text),
                ..Response::default()
            };
            let account = EmailSendingAccount::CognitoDefault;
            adopt(response, Medium::Sms, account, &code(), own())
                .unwrap()
                .0
                .body
        };
        let longest = format!("{{####}}{}", "ä".repeat(LONGEST_SMS - 6));
        assert_eq!(sms(longest.clone()), longest);
        assert_eq!(sms(format!("{longest}ä")), "own {####}");
    }

    #[test]
    fn words_for_e_mails_are_refused_unless_the_developer_s_account_sends_them() {
        for response in [by_email(Some("Hi {####}"), None), by_email(None, Some("Hello"))] {
            let account = EmailSendingAccount::CognitoDefault;
            let refused = adopt(response.clone(), Medium::Email, account, &code(), own());
            assert!(matches!(refused, Err(Error::InvalidLambdaResponse(_))));
            // AWS's own example words both whatever goes out: nothing is wrong with a text message then.
            assert!(adopt(response, Medium::Sms, account, &code(), own()).is_ok());
        }
        let nothing = adopt(
            by_email(None, None),
            Medium::Email,
            EmailSendingAccount::CognitoDefault,
            &code(),
            own(),
        );
        assert!(nothing.is_ok());
    }
}
