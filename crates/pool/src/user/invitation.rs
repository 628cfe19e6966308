//! The invitation of a new user: the user name and the temporary password.
//!
//! Source: `InviteMessageTemplate` of the API reference; the default texts are Cognito's.

use trigger::Password;

use super::User;
use crate::error::{Error, text};
use crate::ports::{Medium, Message, MessageBody};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::user_pool::{SignInNames, UserPool};

const BODY: &str = "Your username is {username} and temporary password is {####}.";
const SUBJECT: &str = "Your temporary password";

/// Sends the invitation by each of `mediums` that reaches the user; none may.
///
/// # Errors
/// [`Error::CodeDeliveryFailure`] when the courier does not take it.
pub(super) async fn send(
    service: &Service,
    pool: &UserPool,
    user: &User,
    password: &Password,
    mediums: &[Medium],
) -> Result<(), Error> {
    for &medium in mediums {
        let Some(destination) = user.attributes.get(medium.attribute()) else {
            continue;
        };
        let message = Message {
            user_pool_id: pool.id.clone(),
            username: user.username.clone(),
            medium,
            destination: destination.to_owned(),
            subject: subject(pool, medium),
            body: MessageBody::new(body(pool, user, password, medium)),
            code: Some(ConfirmationCode::new(password.expose().to_owned())),
        };
        service.ports.courier.send(message).await.map_err(|failed| {
            tracing::warn!(user.sub = %user.sub, error = %failed, "the invitation was not sent");
            Error::CodeDeliveryFailure(text::DELIVERY_FAILED.into())
        })?;
    }
    Ok(())
}

fn subject(pool: &UserPool, medium: Medium) -> Option<String> {
    let own = pool.settings.invite_message_template.email_subject.as_deref();
    (medium == Medium::Email).then(|| own.unwrap_or(SUBJECT).to_owned())
}

fn body(pool: &UserPool, user: &User, password: &Password, medium: Medium) -> String {
    let template = &pool.settings.invite_message_template;
    let own = match medium {
        Medium::Email => template.email_message.as_deref(),
        Medium::Sms => template.sms_message.as_deref(),
    };
    // The password is put in last, so that braces in it stand.
    own.unwrap_or(BODY)
        .replace("{username}", known_as(pool, user))
        .replace("{####}", password.expose())
}

/// What the user knows as the user name: where attributes do, the first that the user has, since nobody knows the user name.
pub(crate) fn known_as<'a>(pool: &UserPool, user: &'a User) -> &'a str {
    let SignInNames::UsernameAttributes(names) = &pool.sign_in_names else {
        return user.username.as_str();
    };
    names
        .iter()
        .find_map(|name| user.attributes.get(name))
        .unwrap_or(user.username.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_default_invitation_names_user_and_password() {
        let pool = fixture::pool(SignInNames::Username);
        let user = fixture::user(&pool, "alice", &[]);
        let text = body(&pool, &user, &Password::new("Abc{username}1!"), Medium::Sms);
        assert_eq!(
            text,
            "Your username is alice and temporary password is Abc{username}1!."
        );
        assert_eq!(subject(&pool, Medium::Sms), None);
        assert_eq!(
            subject(&pool, Medium::Email).as_deref(),
            Some("Your temporary password")
        );
    }

    #[test]
    fn a_pool_words_its_own_invitation() {
        let mut pool = fixture::pool(SignInNames::UsernameAttributes(vec!["email".to_owned()]));
        pool.settings.invite_message_template.email_message = Some("{username}: {####}".to_owned());
        pool.settings.invite_message_template.email_subject = Some("Welcome".to_owned());
        let user = fixture::user(
            &pool,
            "00000000-0000-7000-0000-000000000000",
            &[("email", "a@b.c")],
        );
        assert_eq!(
            body(&pool, &user, &Password::new("pw"), Medium::Email),
            "a@b.c: pw"
        );
        assert_eq!(subject(&pool, Medium::Email).as_deref(), Some("Welcome"));
    }
}
