//! `SignUp`: somebody makes a user of their own.

use trigger::Password;
use trigger::pre_sign_up::Source as PreSignUpSource;

use super::destination;
use crate::code::{CodeDelivery, NewCode};
use crate::error::{Error, text};
use crate::id::Sub;
use crate::message::{Addressee, Occasion};
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::{Caller, Subject, check_secret_hash, public_client};
use crate::triggers::post_confirmation::{self, Source};
use crate::triggers::{self, pre_sign_up};
use crate::user::{self, CodePurpose, NewUser, Required, User, UserStatus};
use crate::user_pool::UserPool;
use crate::user_pool::password_policy::Operation;

/// `SignUp`.
#[derive(Debug)]
pub struct SignUp {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The user name; where attributes sign in, the e-mail address or phone number.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
    /// The password. A pool in which a code can be the first factor has users without one.
    pub password: Option<Password>,
    /// The attributes.
    pub attributes: Vec<(String, String)>,
    /// `ValidationData`, for the *pre sign-up* trigger.
    pub validation_data: Vec<(String, String)>,
    /// For the triggers.
    pub caller: Caller,
}

/// What became of a sign-up.
#[derive(Debug)]
pub struct SignedUp {
    /// The new user's id.
    pub sub: Sub,
    /// Whether the *pre sign-up* trigger has confirmed the user.
    pub confirmed: bool,
    /// Where the code went; `None` when none did.
    pub delivery: Option<CodeDelivery>,
}

/// Makes a user, `UNCONFIRMED` unless the *pre sign-up* trigger confirms at once, and sends the code that confirms. Aliases
/// are not looked at before that. An alias that the trigger declares verified moves here (documented).
///
/// A taken name is told to every app client: a pool whose clients must not learn it has aliases instead (documented).
///
/// # Errors
/// Unknown client, wrong secret hash; [`Error::NotAuthorized`] where administrators alone make users, and for attributes that
/// the app client may not write; [`Error::InvalidPassword`]; [`Error::InvalidParameter`] for a name or attribute that does
/// not fit; [`Error::UsernameExists`]; what a trigger's failure gives; [`Error::CodeDeliveryFailure`], the user being made.
pub async fn sign_up(service: &Service, request: &SignUp) -> Result<SignedUp, Error> {
    let subject = public_client(service, &request.client_id).await?;
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    check_permitted(pool)?;
    check_password(pool, request.password.as_ref())?;
    let (user, code) = make(service, &subject, request).await?;
    let of = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller: &request.caller,
    };
    let confirmed = user.status == UserStatus::Confirmed;
    let delivery = match code {
        Some(code) => Some(code.send(service, &of, Occasion::SignUp).await?),
        None => None,
    };
    if confirmed {
        post_confirmation::fire(service, &of, Source::ConfirmSignUp).await?;
    }
    Ok(SignedUp {
        sub: user.sub.clone(),
        confirmed,
        delivery,
    })
}

fn check_permitted(pool: &UserPool) -> Result<(), Error> {
    if pool.settings.allow_admin_create_user_only {
        return Err(Error::not_authorized(text::SIGN_UP_NOT_PERMITTED));
    }
    Ok(())
}

fn check_password(pool: &UserPool, password: Option<&Password>) -> Result<(), Error> {
    match password {
        Some(password) => pool.settings.password_policy.check(password, Operation::SignUp),
        None if pool.settings.allows_passwordless_users() => Ok(()),
        None => Err(Error::InvalidParameter(text::missing_parameter("Password"))),
    }
}

/// Stores the user, and with them the digest of the code that is to be sent.
async fn make(
    service: &Service,
    subject: &Subject,
    request: &SignUp,
) -> Result<(User, Option<NewCode>), Error> {
    let pool = &subject.pool.pool;
    let mut user = draft(service, subject, request)?;
    let origin = pre_sign_up::Origin {
        source: PreSignUpSource::SignUp,
        client_id: Some(&subject.client.client.id),
        caller: &request.caller,
        validation_data: triggers::given(&request.validation_data),
    };
    let response = pre_sign_up::fire(service, pool, &user, origin).await?;
    let verified = pre_sign_up::verified(&response, &user)?;
    declare_contacts(&mut user, &verified);
    let mut code = None;
    if response.auto_confirm_user == Some(true) {
        user.status = UserStatus::Confirmed;
    } else if let Some(destination) = destination(pool, &user.attributes) {
        let new = NewCode::draw(service, pool, &user, CodePurpose::ConfirmSignUp, destination);
        new.keep_uncounted(&mut user);
        code = Some(new);
    }
    user.credential = user::credential(service, pool, &user, request.password.as_ref())?;
    let user = user::store(service, pool, user, true)
        .await
        .map_err(in_the_words_of_sign_up)?;
    Ok((user, code))
}

/// The user as asked for, held against the pool and the app client.
fn draft(service: &Service, subject: &Subject, request: &SignUp) -> Result<User, Error> {
    let pool = &subject.pool.pool;
    pool.schema
        .check_writers(&request.attributes, subject.client.client.as_writer())?;
    let attributes: Vec<(&str, &str)> = request
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let sets_alias = |(name, value): &(&str, &str)| *name == "preferred_username" && !value.is_empty();
    if pool.has_alias("preferred_username") && attributes.iter().any(sets_alias) {
        return Err(Error::invalid_parameter(text::PREFERRED_USERNAME_AT_SIGN_UP));
    }
    let new = NewUser {
        login: &request.username,
        username: None,
        sub: None,
        attributes: &attributes,
        required: Required::Enforced,
        status: UserStatus::Unconfirmed,
        password: None,
        sms_mfa_enabled: false,
        force_alias_creation: true,
        migratable: false,
        origin: None,
    };
    user::draft(service, pool, &new)
}

/// Says of each contact whether it is verified. Observed: `false` is stored, not nothing.
fn declare_contacts(user: &mut User, verified: &[Medium]) {
    for medium in [Medium::Email, Medium::Sms] {
        if user.attributes.get(medium.attribute()).is_some() {
            let is = if verified.contains(&medium) {
                "true"
            } else {
                "false"
            };
            user.attributes.set(medium.verified_attribute(), is);
        }
    }
}

/// A taken user name reads differently here than where administrators make users. Observed.
fn in_the_words_of_sign_up(error: Error) -> Error {
    match error {
        Error::UsernameExists(told) if told == text::USER_ACCOUNT_EXISTS => {
            Error::UsernameExists(text::USER_EXISTS.into())
        }
        other => other,
    }
}
