//! A forgotten password: a code goes to a verified contact, and with the code comes a new password.
//!
//! Source: API reference, *ForgotPassword*, *ConfirmForgotPassword*.

use trigger::Password;

use crate::code::{self, CodeDelivery, NewCode};
use crate::error::{Error, text};
use crate::message::{Addressee, Occasion};
use crate::recovery;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::subject::{Caller, Face, Subject, check_secret_hash, public_client};
use crate::telemetry;
use crate::triggers::post_confirmation::{self, Source};
use crate::user::{CodePurpose, Credential, Destination, Lockout, User, UserStatus, update_user};
use crate::user_migration::{self, Asked};
use crate::user_pool::UserPool;
use crate::user_pool::password_policy::Operation;

/// `ForgotPassword`.
#[derive(Debug)]
pub struct ForgotPassword {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The name as it was typed.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
    /// Who is calling, for what is counted.
    pub face: Face,
    /// For the triggers.
    pub caller: Caller,
}

/// `ConfirmForgotPassword`.
#[derive(Debug)]
pub struct ConfirmForgotPassword {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The name as it was typed.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
    /// The code that came.
    pub code: ConfirmationCode,
    /// The new password.
    pub password: Password,
    /// Who is calling, for what is counted.
    pub face: Face,
    /// For the triggers.
    pub caller: Caller,
}

/// Sends a code to a user, whom the migration function may bring in first.
///
/// # Errors
/// Unknown user, disabled user, no verified contact (a client that hides unknown users gets a stable pretence of a delivery
/// for these three); a password that cannot be reset in the user's state or in this pool, too many requests, a courier that
/// fails.
pub async fn forgot_password(service: &Service, request: &ForgotPassword) -> Result<CodeDelivery, Error> {
    let mut counted = telemetry::Step::begin("ForgotPassword", request.face.name());
    let outcome = send(service, request, &mut counted).await;
    counted.end(outcome.as_ref().map_or_else(telemetry::outcome_of, |_| "done"));
    outcome
}

async fn send(
    service: &Service,
    request: &ForgotPassword,
    counted: &mut telemetry::Step,
) -> Result<CodeDelivery, Error> {
    let subject = public_client(service, &request.client_id).await?;
    counted.pool = subject.pool_label(service);
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    recovery::check_allowed(pool)?;
    let hidden = subject.client.client.hides_unknown_users();
    let key = pool.case().login_key(&request.username);
    let asked = Asked {
        subject: &subject,
        login: &request.username,
        password: None,
        caller: &request.caller,
    };
    let found = match service.store().find_user(&pool.id, &key).await? {
        Some(user) => user_migration::again_at_forgot_password(service, asked, user).await?,
        None => user_migration::at_forgot_password(service, asked).await?,
    };
    match found {
        Some(user) if user.enabled => match recovery::contact(pool, &user) {
            None if hidden && recovery::may_be_reset(&user) => {
                pretend(service, pool, &request.username).await
            }
            contact => send_code(service, &subject, &request.caller, user, contact).await,
        },
        Some(_) if !hidden => Err(Error::not_authorized(text::USER_DISABLED)),
        None if !hidden => Err(Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into())),
        _ => pretend(service, pool, &request.username).await,
    }
}

/// What a client that hides unknown users is told in place of the truth.
async fn pretend(service: &Service, pool: &UserPool, login: &str) -> Result<CodeDelivery, Error> {
    code::pretend_to_send(service, pool, login, CodePurpose::ResetPassword).await?;
    let key = pool.case().login_key(login);
    let preferred = recovery::preferred_medium(pool);
    Ok(CodeDelivery::simulated(
        service,
        &pool.id,
        key.as_str(),
        preferred,
    ))
}

/// Sets a new password with the code that was sent.
///
/// # Errors
/// Wrong, missing or expired code, too many wrong ones, a password that breaks the policy (the code stays good), unknown
/// user (hidden: like a wrong code); what the failure of the *post confirmation* trigger gives, the new password being set.
pub async fn confirm_forgot_password(
    service: &Service,
    request: &ConfirmForgotPassword,
) -> Result<(), Error> {
    let mut counted = telemetry::Step::begin("ConfirmForgotPassword", request.face.name());
    let outcome = confirm(service, request, &mut counted).await;
    counted.end(outcome.as_ref().map_or_else(telemetry::outcome_of, |()| "done"));
    outcome
}

async fn confirm(
    service: &Service,
    request: &ConfirmForgotPassword,
    counted: &mut telemetry::Step,
) -> Result<(), Error> {
    let subject = public_client(service, &request.client_id).await?;
    counted.pool = subject.pool_label(service);
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    let hidden = subject.client.client.hides_unknown_users();
    let key = pool.case().login_key(&request.username);
    let user = match service.store().find_user(&pool.id, &key).await? {
        Some(user) if user.enabled => user,
        _ if hidden => {
            return code::pretend_to_compare(service, pool, &request.username, CodePurpose::ResetPassword)
                .await;
        }
        Some(_) => return Err(Error::not_authorized(text::USER_DISABLED)),
        None => return Err(Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into())),
    };
    let (user, proof) = code::prove(service, pool, user, CodePurpose::ResetPassword, &request.code).await?;
    pool.settings
        .password_policy
        .check(&request.password, Operation::ConfirmForgotPassword)?;
    user.check_history(service, pool, &request.password)?;
    let credential = Credential::new(
        service,
        pool,
        &user.username,
        &request.password,
        user.credential.as_ref(),
    )?;
    let now = service.now();
    let user = update_user(service, pool, user, |user| {
        proof.spend(user)?;
        user.credential = Some(credential.clone().after(user.credential.as_ref(), pool));
        user.status = UserStatus::Confirmed;
        user.migratable = false;
        user.lockout = Lockout::default();
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let confirmed = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller: &request.caller,
    };
    post_confirmation::fire(service, &confirmed, Source::ConfirmForgotPassword).await
}

/// Makes a code, keeps its digest, and sends it.
async fn send_code(
    service: &Service,
    subject: &Subject,
    caller: &Caller,
    user: User,
    contact: Option<Destination>,
) -> Result<CodeDelivery, Error> {
    let pool = &subject.pool.pool;
    if !recovery::may_be_reset(&user) {
        return Err(Error::not_authorized(text::RESET_NOT_IN_THIS_STATE));
    }
    let contact = contact.ok_or_else(|| Error::invalid_parameter(text::NO_VERIFIED_CONTACT))?;
    let code = NewCode::draw(service, pool, &user, CodePurpose::ResetPassword, contact);
    let user = update_user(service, pool, user, |user| code.keep(user)).await?;
    let to = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller,
    };
    code.send(service, &to, Occasion::ForgotPassword).await
}
