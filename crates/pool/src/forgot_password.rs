//! A forgotten password: a code goes to a verified contact, and with the code comes a new password.
//!
//! Source: API reference, *ForgotPassword*, *ConfirmForgotPassword*; the limits page for times and numbers.

use trigger::Password;

use crate::code;
use crate::error::{Error, text};
use crate::message::{self, Addressee, Occasion, Route};
use crate::mfa;
use crate::ports::Medium;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::subject::{Caller, Subject, check_secret_hash, public_client};
use crate::time::{Span, Time};
use crate::user::{CodePurpose, Credential, IssuedCode, Lockout, User, UserStatus, update_user};
use crate::user_migration;
use crate::user_pool::password_policy::Operation;
use crate::user_pool::{RecoveryMechanism, UserPool};

/// How long a code is good.
const CODE_LIFE: Span = Span::hours(1);
/// Codes that may be asked for, and wrong codes that may be given, in an hour. Cognito allows 5 to 20 by risk.
const LIMIT: u32 = 20;

/// `ForgotPassword`.
#[derive(Debug)]
pub struct ForgotPassword {
    /// The app client's id as it was given.
    pub client_id: String,
    /// The name as it was typed.
    pub username: String,
    /// `SecretHash`.
    pub secret_hash: Option<String>,
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
}

/// `CodeDeliveryDetails`: where a code went, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDelivery {
    /// How.
    pub medium: Medium,
    /// `j***@e***` or `+*******1212`.
    pub destination: String,
}

/// Sends a code to a user, whom the migration function may bring in first.
///
/// # Errors
/// Unknown user, disabled user, no verified contact (a client that hides unknown users gets a stable pretence of a delivery
/// for these three); a password that cannot be reset in the user's state or in this pool, too many requests, a courier that
/// fails.
pub async fn forgot_password(service: &Service, request: &ForgotPassword) -> Result<CodeDelivery, Error> {
    let subject = public_client(service, &request.client_id).await?;
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    if pool
        .settings
        .account_recovery
        .contains(&RecoveryMechanism::AdminOnly)
    {
        return Err(Error::not_authorized(text::ADMIN_ONLY_RECOVERY));
    }
    let hidden = subject.client.client.hides_unknown_users();
    let key = pool.case().login_key(&request.username);
    let found = match service.store().find_user(&pool.id, &key).await? {
        Some(user) => Some(user),
        None => {
            user_migration::at_forgot_password(service, &subject, &request.username, &request.caller).await?
        }
    };
    let pretence = || {
        let (medium, destination) = code::simulated_delivery(service, &pool.id, key.as_str());
        Ok(CodeDelivery { medium, destination })
    };
    match found {
        Some(user) if user.enabled => match recovery_contact(pool, &user) {
            None if hidden && may_be_reset(&user) => pretence(),
            contact => send_code(service, &subject, &request.caller, user, contact).await,
        },
        Some(_) if !hidden => Err(Error::not_authorized(text::USER_DISABLED)),
        None if !hidden => Err(Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into())),
        _ => pretence(),
    }
}

/// Sets a new password with the code that was sent.
///
/// # Errors
/// Wrong, missing or expired code, too many wrong ones, a password that breaks the policy (the code stays good), unknown
/// user (hidden: like a wrong code).
pub async fn confirm_forgot_password(
    service: &Service,
    request: &ConfirmForgotPassword,
) -> Result<(), Error> {
    let subject = public_client(service, &request.client_id).await?;
    check_secret_hash(&subject.client, &request.username, request.secret_hash.as_deref())?;
    let pool = &subject.pool.pool;
    let hidden = subject.client.client.hides_unknown_users();
    let key = pool.case().login_key(&request.username);
    let user = match service.store().find_user(&pool.id, &key).await? {
        Some(user) if user.enabled => user,
        _ if hidden => return Err(Error::CodeMismatch(text::WRONG_CODE.into())),
        Some(_) => return Err(Error::not_authorized(text::USER_DISABLED)),
        None => return Err(Error::UserNotFound(text::USER_CLIENT_UNKNOWN.into())),
    };
    let user = prove_code(service, pool, user, &request.code).await?;
    pool.settings
        .password_policy
        .check(&request.password, Operation::ConfirmForgotPassword)?;
    let credential = Credential::new(
        service,
        pool,
        &user.username,
        &request.password,
        user.credential.as_ref(),
    )?;
    let (now, proven) = (
        service.now(),
        user.codes
            .get(&CodePurpose::ResetPassword)
            .map(|code| code.digest.clone()),
    );
    update_user(service, pool, user, |user| {
        // Another answer may have come first: a code works once, and not after too many wrong ones.
        let issued = user.codes.remove(&CodePurpose::ResetPassword);
        if issued.as_ref().map(|issued| &issued.digest) != proven.as_ref() {
            return Err(Error::ExpiredCode(text::EXPIRED_CODE.into()));
        }
        Window::of(issued.as_ref(), now).check_tries()?;
        user.credential = Some(credential.clone().after(user.credential.as_ref()));
        user.status = UserStatus::Confirmed;
        user.lockout = Lockout::default();
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}

/// Makes a code, keeps its digest, and sends it.
async fn send_code(
    service: &Service,
    subject: &Subject,
    caller: &Caller,
    user: User,
    contact: Option<(Medium, String)>,
) -> Result<CodeDelivery, Error> {
    let pool = &subject.pool.pool;
    if !may_be_reset(&user) {
        return Err(Error::not_authorized(text::RESET_NOT_IN_THIS_STATE));
    }
    let (medium, destination) = contact.ok_or_else(|| Error::invalid_parameter(text::NO_VERIFIED_CONTACT))?;
    let new_code = ConfirmationCode::new(service.entropy().digits(6));
    let digest = code::digest(service, pool, &user, &new_code);
    let now = service.now();
    let user = update_user(service, pool, user, |user| {
        let window = Window::of(user.codes.get(&CodePurpose::ResetPassword), now);
        if window.sent >= LIMIT {
            return Err(Error::LimitExceeded(text::ATTEMPT_LIMIT.into()));
        }
        let issued = IssuedCode {
            digest: digest.clone(),
            issued_at: now,
            expires_at: now.plus(CODE_LIFE),
            window_started_at: window.started_at,
            sent: window.sent + 1,
            wrong_tries: window.wrong_tries,
        };
        user.codes.insert(CodePurpose::ResetPassword, issued);
        Ok(())
    })
    .await?;
    let to = Addressee {
        pool,
        client_id: Some(&subject.client.client.id),
        user: &user,
        caller,
    };
    let route = Route {
        medium,
        destination: &destination,
    };
    message::send_code(service, &to, Occasion::ForgotPassword, route, new_code).await?;
    Ok(CodeDelivery {
        medium,
        destination: code::masked(medium, &destination),
    })
}

/// Whether the user has a password of their own that a code may replace.
fn may_be_reset(user: &User) -> bool {
    !matches!(
        user.status,
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider
    )
}

/// The verified contact that the pool's recovery settings prefer.
fn recovery_contact(pool: &UserPool, user: &User) -> Option<(Medium, String)> {
    let mechanisms = &pool.settings.account_recovery;
    let verified = |medium: Medium| {
        let attribute = medium.attribute();
        let value = user.attributes.get(attribute).filter(|value| !value.is_empty())?;
        user.attributes
            .is_true(&format!("{attribute}_verified"))
            .then(|| (medium, value.to_owned()))
    };
    mechanisms
        .iter()
        .filter_map(|mechanism| match mechanism {
            RecoveryMechanism::VerifiedEmail => Some(Medium::Email),
            RecoveryMechanism::VerifiedPhoneNumber => Some(Medium::Sms),
            RecoveryMechanism::AdminOnly => None,
        })
        // What is the second factor cannot be the first one too.
        .filter(|medium| !mfa::is_second_factor(pool, user, *medium))
        .find_map(verified)
}

/// Checks a code. A wrong one counts, and leaves the right one good.
async fn prove_code(
    service: &Service,
    pool: &UserPool,
    user: User,
    given: &ConfirmationCode,
) -> Result<User, Error> {
    let now = service.now();
    let expired = || Error::ExpiredCode(text::EXPIRED_CODE.into());
    let issued = user.codes.get(&CodePurpose::ResetPassword).ok_or_else(expired)?;
    Window::of(Some(issued), now).check_tries()?;
    if now >= issued.expires_at {
        return Err(expired());
    }
    if code::matches(service, pool, &user, given, &issued.digest) {
        return Ok(user);
    }
    // Judged again on the state that it is counted in: many guesses at once are counted one after another.
    update_user(service, pool, user, |user| {
        if let Some(issued) = user.codes.get_mut(&CodePurpose::ResetPassword) {
            let window = Window::of(Some(issued), now);
            window.check_tries()?;
            issued.window_started_at = window.started_at;
            issued.sent = window.sent;
            issued.wrong_tries = window.wrong_tries + 1;
        }
        Ok(())
    })
    .await?;
    Err(Error::CodeMismatch(text::WRONG_CODE.into()))
}

/// What has happened within the hour that counts.
struct Window {
    started_at: Time,
    sent: u32,
    wrong_tries: u32,
}

impl Window {
    /// Whether one more code may be tried.
    fn check_tries(&self) -> Result<(), Error> {
        if self.wrong_tries >= LIMIT {
            return Err(Error::LimitExceeded(text::ATTEMPT_LIMIT.into()));
        }
        Ok(())
    }

    fn of(issued: Option<&IssuedCode>, now: Time) -> Self {
        match issued {
            Some(code) if now.since(code.window_started_at) < Span::hours(1) => Self {
                started_at: code.window_started_at,
                sent: code.sent,
                wrong_tries: code.wrong_tries,
            },
            _ => Self {
                started_at: now,
                sent: 0,
                wrong_tries: 0,
            },
        }
    }
}
