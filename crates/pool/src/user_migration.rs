//! The *migrate user* trigger: somebody signs in, or forgot the password, whom the pool does not know.
//!
//! Source: *Migrate user Lambda trigger* and *Importing users with a user migration Lambda trigger*; the texts of failures as
//! observed.

mod unfinished_reset;

use trigger::migrate_user::{self, DeliveryMedium, FinalUserStatus, MessageAction};
use trigger::{Event, Metadata, MigrateUser, Password, Trigger as _};

use crate::error::{Error, Text, text};
use crate::message::{self, Addressee};
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::{Caller, Subject};
use crate::telemetry::{self, Stopwatch};
use crate::triggers::{self, pre_sign_up::Origin};
use crate::user::{NewUser, Required, User, UserStatus, insert_user};
use crate::user_pool::{Mfa, UserPool};

use unfinished_reset::has_not_finished;
pub(crate) use unfinished_reset::{again_at_forgot_password, again_at_sign_in};

/// The name of the trigger in messages.
const TRIGGER: &str = MigrateUser::NAME;

/// `errorType` by which our migration function says that it could not ask the old directory. Other functions may say so too.
const COULD_NOT_ASK: &str = "CouldNotAsk";

/// What is counted when the user was there by the time that this call could not make them.
const MOVED_ELSEWHERE: &str = "moved_elsewhere";

/// What became of a sign-in by somebody whom the pool did not know, or who has no password in it yet.
pub(crate) enum Migrated {
    /// The pool has no such trigger, or its function knows nobody and the app client hides that.
    Nobody,
    /// This call has made the user, or given them a password; it is the one that came with the call.
    Here(User),
    /// The user is there and this call has given them no password: it is to be compared as anybody's.
    Elsewhere(User),
}

/// Why a migration made no user.
enum Failure {
    /// A function refused: this one, or the one that is asked before a user is stored. The words are the client's.
    Refused(Text),
    /// It refused because the old directory gave no answer, and says so. To the client it is a refusal as any.
    CouldNotAsk(Text),
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
            triggers::Failure::Refused { error_type, message } => {
                let text = text::trigger_failed(TRIGGER, &message);
                if error_type == COULD_NOT_ASK {
                    Self::CouldNotAsk(text)
                } else {
                    Self::Refused(text)
                }
            }
            triggers::Failure::Broken(error) => Self::Broken(error),
        }
    }
}

impl Failure {
    /// What is counted.
    fn name(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::NoSuchUser => "unknown",
            Self::Unfit(_) | Self::Broken(Error::InvalidLambdaResponse(_)) => "invalid_response",
            Self::CouldNotAsk(_) | Self::Broken(Error::UnexpectedLambda(_)) => "could_not_ask",
            Self::Broken(_) => "failed",
        }
    }

    /// Why a user was not stored.
    fn to_store(error: Error) -> Self {
        match error {
            broken @ (Error::Internal(_)
            | Error::TooManyRequests(_)
            | Error::UnexpectedLambda(_)
            | Error::InvalidLambdaResponse(_)) => Self::Broken(broken),
            Error::UserLambdaValidation(refusal) => Self::Refused(refusal),
            unfit => Self::Unfit(unfit.to_string().into()),
        }
    }
}

/// Who is asked about, as the call has them.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Pool and app client.
    pub(crate) subject: &'a Subject,
    /// The name as it was typed.
    pub(crate) login: &'a str,
    /// The password of a sign-in; nothing when it was forgotten.
    pub(crate) password: Option<&'a Password>,
    /// For the triggers.
    pub(crate) caller: &'a Caller,
}

impl Asked<'_> {
    fn pool(&self) -> &UserPool {
        &self.subject.pool.pool
    }

    /// What the pool's function says; `None` when the pool has no such trigger.
    async fn ask(&self, service: &Service) -> Option<Result<migrate_user::Response, Failure>> {
        let pool = self.pool();
        let function = pool.settings.lambda_config.user_migration()?;
        let metadata = triggers::metadata(self.caller);
        let header = triggers::header(
            pool,
            Some(&self.subject.client.client.id),
            self.login,
            self.caller,
        );
        let (source, validation_data, client_metadata) = if self.password.is_some() {
            (migrate_user::Source::Authentication, metadata, None)
        } else {
            (migrate_user::Source::ForgotPassword, None, metadata)
        };
        let request = migrate_user::Request {
            password: self.password.cloned(),
            validation_data,
            client_metadata,
        };
        let event = Event::<MigrateUser>::new(source, header, request);
        let answer = triggers::call(service, &function, &event).await;
        Some(answer.map_err(Failure::from))
    }

    /// Counts what came of asking.
    fn count(&self, service: &Service, outcome: &'static str, since: Stopwatch) {
        let source = if self.password.is_some() {
            "UserMigration_Authentication"
        } else {
            "UserMigration_ForgotPassword"
        };
        telemetry::migration(source, outcome, self.subject.pool_label(service), since);
    }

    /// The user whom the name leads to by now.
    async fn find_again(&self, service: &Service) -> Result<Option<User>, Error> {
        let pool = self.pool();
        let key = pool.case().login_key(self.login);
        Ok(service.store().find_user(&pool.id, &key).await?)
    }
}

/// Whether a sign-in by password asks the function: about whom the name leads to, or about somebody unknown.
pub(crate) fn is_asked(pool: &UserPool, known: Option<&User>) -> bool {
    pool.settings.lambda_config.user_migration().is_some()
        && known.is_none_or(|user| has_not_finished(pool, user))
}

/// Asks the function about somebody unknown who signs in with a password.
///
/// # Errors
/// A failed migration is [`Error::UserNotFound`] with its reason, but for a client that hides unknown users nobody was
/// there; a function that gave no usable answer is [`Error::UnexpectedLambda`] or
/// [`Error::InvalidLambdaResponse`]. The store then holds nothing of the user.
pub(crate) async fn at_sign_in(service: &Service, asked: Asked<'_>) -> Result<Migrated, Error> {
    let since = Stopwatch::start();
    let outcome = match asked.ask(service).await {
        None => return Ok(Migrated::Nobody),
        Some(Ok(response)) => {
            // What the call that begins a sign-in says for the triggers does not reach those of messages.
            let newcomer = Newcomer {
                asked: Asked {
                    caller: &asked.caller.without_metadata(),
                    ..asked
                },
                validation_data: triggers::metadata(asked.caller),
            };
            move_in(service, &newcomer, response).await
        }
        Some(Err(failure)) => Err(failure),
    };
    match outcome {
        Ok(user) => {
            asked.count(service, "moved", since);
            resolve(service, asked, user).await
        }
        // Somebody else may have been faster with the same person.
        Err(failure) => {
            let found = asked.find_again(service).await?;
            let outcome = found.as_ref().map_or_else(|| failure.name(), |_| MOVED_ELSEWHERE);
            asked.count(service, outcome, since);
            match found {
                Some(user) => Ok(Migrated::Elsewhere(user)),
                None => sign_in_refused(asked.subject, failure),
            }
        }
    }
}

/// Asks the function about somebody unknown who forgot the password. `None` when nobody of that name is known, or the pool has
/// no such trigger.
///
/// # Errors
/// What the function throws reaches the client as [`Error::UserLambdaValidation`] whatever the client hides: the function
/// discloses nothing by returning its event unchanged. Unfit attributes are [`Error::InvalidParameter`].
pub(crate) async fn at_forgot_password(service: &Service, asked: Asked<'_>) -> Result<Option<User>, Error> {
    let since = Stopwatch::start();
    let outcome = match asked.ask(service).await {
        None => return Ok(None),
        Some(Ok(response)) => {
            let newcomer = Newcomer {
                asked,
                validation_data: None,
            };
            move_in(service, &newcomer, response).await
        }
        Some(Err(failure)) => Err(failure),
    };
    asked.count(
        service,
        outcome.as_ref().map_or_else(Failure::name, |_| "moved"),
        since,
    );
    match outcome {
        Ok(user) => Ok(Some(user)),
        Err(Failure::NoSuchUser) => Ok(None),
        Err(Failure::Refused(message) | Failure::CouldNotAsk(message)) => {
            Err(Error::UserLambdaValidation(message))
        }
        Err(Failure::Broken(error)) => Err(error),
        Err(Failure::Unfit(message)) => {
            let made = asked.find_again(service).await?;
            made.map(Some).ok_or(Error::InvalidParameter(message))
        }
    }
}

/// Somebody who comes in.
struct Newcomer<'a> {
    asked: Asked<'a>,
    /// For the trigger before the user is stored: `ClientMetadata` of a call that begins a sign-in.
    validation_data: Option<Metadata>,
}

impl Newcomer<'_> {
    /// What the *pre sign-up* trigger learns.
    fn origin(&self) -> Origin<'_> {
        Origin {
            source: trigger::pre_sign_up::Source::AdminCreateUser,
            client_id: Some(&self.asked.subject.client.client.id),
            caller: self.asked.caller,
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
    let asked = &newcomer.asked;
    let pool = asked.pool();
    let sms_mfa_enabled = sms_mfa_enabled(pool, &response)?;
    let Some(attributes) = response.user_attributes else {
        return Err(Failure::NoSuchUser);
    };
    let status = match response.final_user_status {
        Some(FinalUserStatus::Confirmed) => UserStatus::Confirmed,
        Some(FinalUserStatus::ResetRequired) | None => UserStatus::ResetRequired,
    };
    let pairs = without_username(&attributes);
    let new_user = NewUser {
        login: asked.login,
        username: attributes.get("username"),
        sub: None,
        attributes: &pairs,
        required: Required::Enforced,
        status,
        password: asked.password.filter(|_| status == UserStatus::Confirmed),
        sms_mfa_enabled,
        force_alias_creation: response.force_alias_creation == Some(true),
        migratable: asked.password.is_none(),
        origin: Some(newcomer.origin()),
    };
    let user = insert_user(service, pool, &new_user)
        .await
        .map_err(Failure::to_store)?;
    if response.message_action != Some(MessageAction::Suppress) {
        let desired = response.desired_delivery_mediums;
        let mediums: Vec<Medium> = desired.map_or_else(
            || vec![Medium::Sms],
            |mediums| mediums.into_iter().map(medium).collect(),
        );
        let to = Addressee {
            pool,
            client_id: Some(&asked.subject.client.client.id),
            user: &user,
            caller: asked.caller,
        };
        message::welcome(service, &to, &mediums).await;
    }
    Ok(user)
}

/// Whether a code by SMS is to follow the password.
fn sms_mfa_enabled(pool: &UserPool, response: &migrate_user::Response) -> Result<bool, Failure> {
    let Some(attributes) = &response.user_attributes else {
        return Ok(false);
    };
    let enabled = response.enable_sms_mfa == Some(true);
    if enabled && (pool.settings.mfa == Mfa::Off || attributes.get("phone_number").is_none()) {
        return Err(Failure::Unfit(text::SMS_MFA_NOT_POSSIBLE.into()));
    }
    Ok(enabled)
}

/// The attributes of an answer as those of a user: the name that it chooses is none.
fn without_username(attributes: &trigger::Attributes) -> Vec<(&str, &str)> {
    let given = attributes.iter();
    given.filter(|(name, _)| *name != "username").collect()
}

fn medium(desired: DeliveryMedium) -> Medium {
    match desired {
        DeliveryMedium::Email => Medium::Email,
        DeliveryMedium::Sms => Medium::Sms,
    }
}

/// What a sign-in goes on with after its user was made: the user, if the name that was typed leads there. An unverified
/// e-mail address in a pool of aliases does not.
async fn resolve(service: &Service, asked: Asked<'_>, made: User) -> Result<Migrated, Error> {
    let pool = asked.pool();
    let key = pool.case().login_key(asked.login);
    if made.logins(pool).contains(&key) {
        return Ok(Migrated::Here(made));
    }
    let found = asked.find_again(service).await?;
    Ok(found.map_or(Migrated::Nobody, Migrated::Elsewhere))
}

/// A failure as the person who signs in sees it. For a client that hides unknown users there is simply nobody.
fn sign_in_refused(subject: &Subject, failure: Failure) -> Result<Migrated, Error> {
    let message = match failure {
        Failure::Broken(error) => return Err(error),
        _ if subject.client.client.hides_unknown_users() => return Ok(Migrated::Nobody),
        Failure::Refused(message) | Failure::CouldNotAsk(message) | Failure::Unfit(message) => message,
        Failure::NoSuchUser => text::migrating_nobody(&subject.client.client.id),
    };
    Err(Error::UserNotFound(message))
}
