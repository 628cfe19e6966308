//! `ResendConfirmationCode`: the code of a sign-up once more, a new one.

use super::{destination, mediums};
use crate::code::{self, CodeDelivery, NewCode};
use crate::error::{Error, text};
use crate::message::{Addressee, Occasion};
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::{Caller, check_secret_hash, public_client};
use crate::user::{CodePurpose, Destination, User, UserStatus, update_user};
use crate::user_pool::UserPool;

/// `ResendConfirmationCode`.
#[derive(Debug)]
pub struct ResendConfirmationCode {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The name as it was typed.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
    /// For the triggers.
    pub caller: Caller,
}

/// Sends a new code in place of the one before.
///
/// For a client that hides unknown users everybody else who gets no code looks like them: a stable pretence of a delivery
/// (documented for disabled users; for those who are confirmed, chosen).
///
/// # Errors
/// Unknown client, wrong secret hash; [`Error::NotAuthorized`] where the pool sends no such codes, or not to this user;
/// unknown user; [`Error::InvalidParameter`] for one who is confirmed; too many requests; what sending a code gives.
pub async fn resend_confirmation_code(
    service: &Service,
    request: &ResendConfirmationCode,
) -> Result<CodeDelivery, Error> {
    let subject = public_client(service, &request.client_id).await?;
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    let Some(preferred) = mediums(pool).next() else {
        return Err(Error::not_authorized(text::NO_AUTO_VERIFICATION));
    };
    let key = pool.case().login_key(&request.username);
    let found = service.store().find_user(&pool.id, &key).await?;
    let (user, destination) = match addressee(pool, found) {
        Ok(found) => found,
        Err(_) if subject.client.client.hides_unknown_users() => {
            code::pretend_to_send(service, pool, &request.username, CodePurpose::ConfirmSignUp).await?;
            return Ok(pretence(service, pool, key.as_str(), preferred));
        }
        Err(refused) => return Err(refused),
    };
    let code = NewCode::draw(service, pool, &user, CodePurpose::ConfirmSignUp, destination);
    let user = update_user(service, pool, user, |user| {
        if user.status != UserStatus::Unconfirmed {
            return Err(Error::invalid_parameter(text::ALREADY_CONFIRMED));
        }
        code.keep(user)
    })
    .await?;
    let to = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller: &request.caller,
    };
    code.send(service, &to, Occasion::ResendCode).await
}

/// To whom and where, or why to nobody.
fn addressee(pool: &UserPool, found: Option<User>) -> Result<(User, Destination), Error> {
    let user = found.ok_or_else(|| Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into()))?;
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if user.status != UserStatus::Unconfirmed {
        return Err(Error::invalid_parameter(text::ALREADY_CONFIRMED));
    }
    let destination = destination(pool, &user.attributes);
    let destination = destination.ok_or_else(|| Error::not_authorized(text::NO_AUTO_VERIFICATION))?;
    Ok((user, destination))
}

fn pretence(service: &Service, pool: &UserPool, login: &str, preferred: Medium) -> CodeDelivery {
    CodeDelivery::simulated(service, &pool.id, login, preferred)
}
