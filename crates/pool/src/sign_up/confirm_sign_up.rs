//! `ConfirmSignUp`: the code of a sign-up comes back.

use crate::code;
use crate::error::{Error, text};
use crate::message::Addressee;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::subject::{Caller, Subject, check_secret_hash, public_client};
use crate::triggers::post_confirmation::{self, Source};
use crate::user::{CodePurpose, Destination, User, UserStatus, update_user_and_aliases};
use crate::user_pool::UserPool;

/// `ConfirmSignUp`.
#[derive(Debug)]
pub struct ConfirmSignUp {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The name as it was typed.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
    /// The code that came.
    pub code: ConfirmationCode,
    /// Whether an alias may be taken from the user who has it.
    pub force_alias_creation: bool,
    /// For the triggers.
    pub caller: Caller,
}

/// Confirms a user, and that the address or number is theirs to which the code went; from now on it signs them in where it
/// is an alias.
///
/// For a client that hides unknown users, disabled ones and those who have no sign-up to confirm look like them: as a wrong
/// code (chosen where *Managing user existence error responses* is silent).
///
/// # Errors
/// Unknown client, wrong secret hash, unknown user; [`Error::NotAuthorized`] for a user who is disabled or not
/// `UNCONFIRMED`; wrong, missing or expired code, too many wrong ones; [`Error::AliasExists`]; what the failure of the *post
/// confirmation* trigger gives, the user being confirmed.
pub async fn confirm_sign_up(service: &Service, request: &ConfirmSignUp) -> Result<(), Error> {
    let subject = public_client(service, &request.client_id).await?;
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    let user = find(service, &subject, &request.username).await?;
    let (user, proof) = code::prove(service, pool, user, CodePurpose::ConfirmSignUp, &request.code).await?;
    let (now, mut attribute) = (service.now(), "email");
    let confirmed = update_user_and_aliases(service, pool, user, request.force_alias_creation, |user| {
        check_unconfirmed(user)?;
        let spent = proof.spend(user)?;
        if let Some(destination) = &spent.destination {
            attribute = destination.medium.attribute();
            verify(user, destination);
        }
        user.status = UserStatus::Confirmed;
        user.modified_at = now;
        Ok(())
    })
    .await;
    let user = confirmed.map_err(|error| match error {
        Error::AliasExists(_) => Error::AliasExists(text::alias_taken(attribute)),
        other => other,
    })?;
    let of = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller: &request.caller,
    };
    post_confirmation::fire(service, &of, Source::ConfirmSignUp).await
}

/// The user of a name, if there is a sign-up to confirm.
async fn find(service: &Service, subject: &Subject, username: &str) -> Result<User, Error> {
    let pool: &UserPool = &subject.pool.pool;
    let key = pool.case().login_key(username);
    let found = service.store().find_user(&pool.id, &key).await?;
    let refused = match found {
        None => Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into()),
        Some(user) if !user.enabled => Error::not_authorized(text::USER_DISABLED),
        Some(user) => match check_unconfirmed(&user) {
            Ok(()) => return Ok(user),
            Err(refused) => refused,
        },
    };
    if subject.client.client.hides_unknown_users() {
        return code::pretend_to_compare(service, pool, username, CodePurpose::ConfirmSignUp).await;
    }
    Err(refused)
}

/// Whether there is something to confirm.
///
/// # Errors
/// [`Error::NotAuthorized`] names the status.
pub(super) fn check_unconfirmed(user: &User) -> Result<(), Error> {
    if user.status == UserStatus::Unconfirmed {
        Ok(())
    } else {
        Err(Error::NotAuthorized(text::cannot_be_confirmed(user.status)))
    }
}

/// Declares a contact verified. An administrator may have given the user another address since the code was sent, which
/// the code does not prove.
fn verify(user: &mut User, proven: &Destination) {
    let medium = proven.medium;
    if user.attributes.get(medium.attribute()) == Some(proven.value.as_str()) {
        user.attributes.set(medium.verified_attribute(), "true");
    }
}
