//! The *migrate user* trigger: somebody signs in, or forgot the password, whom the pool does not know.
//!
//! Source: *Migrate user Lambda trigger* and *Importing users with a user migration Lambda trigger*; the texts of failures as
//! observed.

use trigger::migrate_user::{self, DeliveryMedium, FinalUserStatus, MessageAction};
use trigger::{Event, Metadata, MigrateUser, Password, Trigger as _};

use crate::error::{Error, Text, text};
use crate::message::{self, Addressee};
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::{Caller, Subject};
use crate::triggers::{self, pre_sign_up::Origin};
use crate::user::{NewUser, Required, User, UserStatus, insert_user};
use crate::user_pool::{Mfa, UserPool};

/// The name of the trigger in messages.
const TRIGGER: &str = MigrateUser::NAME;

/// What became of a sign-in by somebody whom the pool did not know.
pub(crate) enum Migrated {
    /// The pool has no such trigger, or its function knows nobody and the app client hides that.
    Nobody,
    /// This call has made the user; the password is the one that came with it.
    Here(User),
    /// Another call has made the user meanwhile.
    Elsewhere(User),
}

/// Why a migration made no user.
enum Failure {
    /// A function refused: this one, or the one that is asked before a user is stored. The words are the client's.
    Refused(Text),
    /// The function returned its event without attributes: it knows nobody of that name.
    NoSuchUser,
    /// What it returned makes no user of this pool.
    Unfit(Text),
    /// Anything that says nothing about the person: it looks the same to every client.
    Broken(Error),
}

impl From<triggers::Failure> for Failure {
    fn from(failure: triggers::Failure) -> Self {
        match failure {
            triggers::Failure::Refused(message) => Self::Refused(text::trigger_failed(TRIGGER, &message)),
            triggers::Failure::Broken(error) => Self::Broken(error),
        }
    }
}

/// Asks the function about somebody who signs in with a password.
///
/// # Errors
/// A failed migration is [`Error::UserNotFound`] with its reason, but for a client that hides unknown users nobody was
/// there; a function that gave no usable answer is [`Error::UnexpectedLambda`] or
/// [`Error::InvalidLambdaResponse`]. The store then holds nothing of the user.
pub(crate) async fn at_sign_in(
    service: &Service,
    subject: &Subject,
    login: &str,
    password: &Password,
    caller: &Caller,
) -> Result<Migrated, Error> {
    let pool = &subject.pool.pool;
    let Some(function) = pool.settings.lambda_config.user_migration() else {
        return Ok(Migrated::Nobody);
    };
    let request = migrate_user::Request {
        password: Some(password.clone()),
        validation_data: triggers::metadata(caller),
        client_metadata: None,
    };
    let event = Event::<MigrateUser>::new(
        migrate_user::Source::Authentication,
        triggers::header(pool, Some(&subject.client.client.id), login, caller),
        request,
    );
    let outcome = match triggers::call(service, &function, &event).await {
        Ok(response) => {
            // What the call that begins a sign-in says for the triggers does not reach those of messages.
            let newcomer = Newcomer {
                subject,
                caller: &caller.without_metadata(),
                login,
                password: Some(password),
                validation_data: triggers::metadata(caller),
            };
            move_in(service, &newcomer, response).await
        }
        Err(failure) => Err(failure.into()),
    };
    match outcome {
        Ok(user) => resolve(service, pool, login, user).await,
        // Somebody else may have been faster with the same person.
        Err(failure) => match service
            .store()
            .find_user(&pool.id, &pool.case().login_key(login))
            .await?
        {
            Some(user) => Ok(Migrated::Elsewhere(user)),
            None => sign_in_refused(subject, failure),
        },
    }
}

/// Asks the function about somebody who forgot the password. `None` when nobody of that name is known, or the pool has no
/// such trigger.
///
/// # Errors
/// What the function throws reaches the client as [`Error::UserLambdaValidation`] whatever the client hides: the function
/// discloses nothing by returning its event unchanged. Unfit attributes are [`Error::InvalidParameter`].
pub(crate) async fn at_forgot_password(
    service: &Service,
    subject: &Subject,
    login: &str,
    caller: &Caller,
) -> Result<Option<User>, Error> {
    let pool = &subject.pool.pool;
    let Some(function) = pool.settings.lambda_config.user_migration() else {
        return Ok(None);
    };
    let request = migrate_user::Request {
        password: None,
        validation_data: None,
        client_metadata: triggers::metadata(caller),
    };
    let event = Event::<MigrateUser>::new(
        migrate_user::Source::ForgotPassword,
        triggers::header(pool, Some(&subject.client.client.id), login, caller),
        request,
    );
    let outcome = match triggers::call(service, &function, &event).await {
        Ok(response) => {
            let newcomer = Newcomer {
                subject,
                caller,
                login,
                password: None,
                validation_data: None,
            };
            move_in(service, &newcomer, response).await
        }
        Err(failure) => Err(failure.into()),
    };
    match outcome {
        Ok(user) => Ok(Some(user)),
        Err(Failure::NoSuchUser) => Ok(None),
        Err(Failure::Refused(message)) => Err(Error::UserLambdaValidation(message)),
        Err(Failure::Broken(error)) => Err(error),
        Err(Failure::Unfit(message)) => {
            let made = service
                .store()
                .find_user(&pool.id, &pool.case().login_key(login))
                .await?;
            made.map(Some).ok_or(Error::InvalidParameter(message))
        }
    }
}

/// Somebody who comes in, as the call has them.
struct Newcomer<'a> {
    subject: &'a Subject,
    caller: &'a Caller,
    login: &'a str,
    password: Option<&'a Password>,
    /// For the trigger before the user is stored: `ClientMetadata` of a call that begins a sign-in.
    validation_data: Option<Metadata>,
}

impl Newcomer<'_> {
    /// What the *pre sign-up* trigger learns.
    fn origin(&self) -> Origin<'_> {
        Origin {
            source: trigger::pre_sign_up::Source::AdminCreateUser,
            client_id: Some(&self.subject.client.client.id),
            caller: self.caller,
            validation_data: self.validation_data.clone(),
        }
    }
}

/// Makes the user that a response describes. The pool's password policy does not apply to a password that moves in.
async fn move_in(
    service: &Service,
    newcomer: &Newcomer<'_>,
    response: migrate_user::Response,
) -> Result<User, Failure> {
    let pool = &newcomer.subject.pool.pool;
    let Some(attributes) = response.user_attributes else {
        return Err(Failure::NoSuchUser);
    };
    let status = match response.final_user_status {
        Some(FinalUserStatus::Confirmed) => UserStatus::Confirmed,
        Some(FinalUserStatus::ResetRequired) | None => UserStatus::ResetRequired,
    };
    let sms_mfa = response.enable_sms_mfa == Some(true);
    if sms_mfa && (pool.settings.mfa == Mfa::Off || attributes.get("phone_number").is_none()) {
        return Err(Failure::Unfit(text::SMS_MFA_NOT_POSSIBLE.into()));
    }
    let pairs: Vec<(&str, &str)> = attributes
        .iter()
        .filter(|(name, _)| *name != "username")
        .collect();
    let new_user = NewUser {
        login: newcomer.login,
        username: attributes.get("username"),
        sub: None,
        attributes: &pairs,
        required: Required::Enforced,
        status,
        password: newcomer.password.filter(|_| status == UserStatus::Confirmed),
        sms_mfa_enabled: sms_mfa,
        force_alias_creation: response.force_alias_creation == Some(true),
        origin: Some(newcomer.origin()),
    };
    let user = insert_user(service, pool, &new_user)
        .await
        .map_err(|error| match error {
            broken @ (Error::Internal(_)
            | Error::TooManyRequests(_)
            | Error::UnexpectedLambda(_)
            | Error::InvalidLambdaResponse(_)) => Failure::Broken(broken),
            Error::UserLambdaValidation(refusal) => Failure::Refused(refusal),
            unfit => Failure::Unfit(unfit.to_string().into()),
        })?;
    if response.message_action != Some(MessageAction::Suppress) {
        let desired = response.desired_delivery_mediums;
        let mediums: Vec<Medium> = desired.map_or_else(
            || vec![Medium::Sms],
            |mediums| mediums.into_iter().map(medium).collect(),
        );
        let to = Addressee {
            pool,
            client_id: Some(&newcomer.subject.client.client.id),
            user: &user,
            caller: newcomer.caller,
        };
        message::welcome(service, &to, &mediums).await;
    }
    Ok(user)
}

fn medium(desired: DeliveryMedium) -> Medium {
    match desired {
        DeliveryMedium::Email => Medium::Email,
        DeliveryMedium::Sms => Medium::Sms,
    }
}

/// What a sign-in goes on with after its user was made: the user, if the name that was typed leads there. An unverified
/// e-mail address in a pool of aliases does not.
async fn resolve(service: &Service, pool: &UserPool, login: &str, made: User) -> Result<Migrated, Error> {
    let key = pool.case().login_key(login);
    if made.logins(pool).contains(&key) {
        return Ok(Migrated::Here(made));
    }
    Ok(service
        .store()
        .find_user(&pool.id, &key)
        .await?
        .map_or(Migrated::Nobody, Migrated::Elsewhere))
}

/// A failure as the person who signs in sees it. For a client that hides unknown users there is simply nobody.
fn sign_in_refused(subject: &Subject, failure: Failure) -> Result<Migrated, Error> {
    let message = match failure {
        Failure::Broken(error) => return Err(error),
        _ if subject.client.client.hides_unknown_users() => return Ok(Migrated::Nobody),
        Failure::Refused(message) | Failure::Unfit(message) => message,
        Failure::NoSuchUser => text::migrating_nobody(&subject.client.client.id),
    };
    Err(Error::UserNotFound(message))
}
