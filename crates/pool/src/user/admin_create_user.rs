//! `AdminCreateUser`: a new user with a temporary password, and the invitation that carries it.

use trigger::Password;

use super::admin_get_user::get;
use super::new_user::{NewUser, Required, insert_user};
use super::{Credential, Lockout, User, UserStatus, invitation, temporary_password, update_user};
use crate::error::{Error, text};
use crate::id::Sub;
use crate::message::Addressee;
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::Caller;
use crate::triggers::{self, pre_sign_up::Origin};
use crate::user_pool::UserPool;
use crate::user_pool::password_policy::Operation;

/// A user to make, or to invite again.
#[derive(Debug)]
pub struct AdminCreateUser {
    /// The pool.
    pub user_pool_id: String,
    /// The user name; where attributes sign in, the e-mail address or phone number.
    pub username: String,
    /// The `sub`, when the caller chooses it, as the file of pools at the server's start does; the API never does.
    pub sub: Option<Sub>,
    /// The attributes.
    pub attributes: Vec<(String, String)>,
    /// The first password; one is generated when there is none.
    pub temporary_password: Option<Password>,
    /// What becomes of the invitation.
    pub message_action: MessageAction,
    /// By which ways the invitation goes, as far as the user can be reached so. Empty is the API's default, SMS.
    pub desired_delivery_mediums: Vec<Medium>,
    /// Whether an alias may be taken from the user who has it.
    pub force_alias_creation: bool,
    /// `ValidationData`, for the *pre sign-up* trigger.
    pub validation_data: Vec<(String, String)>,
    /// For the triggers.
    pub caller: Caller,
}

/// `MessageAction`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageAction {
    /// The invitation is sent.
    #[default]
    Send,
    /// A user who is there gets a new temporary password and a new invitation.
    Resend,
    /// Nothing is sent.
    Suppress,
}

/// Makes a user, `FORCE_CHANGE_PASSWORD` until the temporary password has been changed. Without a password in a pool in
/// which a code can be the first factor, the user is `CONFIRMED` and has none.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UsernameExists`], [`Error::AliasExists`];
/// [`Error::InvalidParameter`] for a name or attribute that does not fit; [`Error::InvalidPassword`]; what the *pre sign-up*
/// trigger's failure gives; [`Error::CodeDeliveryFailure`] or a function's failure when the user was made but could not be invited; when inviting again,
/// [`Error::UserNotFound`] and [`Error::UnsupportedUserState`].
pub async fn admin_create_user(service: &Service, request: AdminCreateUser) -> Result<User, Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    let password = first_password(service, pool, &request)?;
    let user = if request.message_action == MessageAction::Resend {
        renew(service, pool, &request.username, password.as_ref()).await?
    } else {
        make(service, pool, &request, password.as_ref()).await?
    };
    if let Some(password) = password.filter(|_| request.message_action != MessageAction::Suppress) {
        let mediums: &[Medium] = match request.desired_delivery_mediums.as_slice() {
            [] => &[Medium::Sms],
            desired => desired,
        };
        let to = Addressee {
            pool,
            client_id: None,
            user: &user,
            caller: &request.caller,
        };
        invitation::send(service, &to, &password, mediums).await?;
    }
    Ok(user)
}

/// The password that was given, if it keeps to the policy, or a new one; none where the user can do without.
fn first_password(
    service: &Service,
    pool: &UserPool,
    request: &AdminCreateUser,
) -> Result<Option<Password>, Error> {
    let settings = &pool.settings;
    if let Some(given) = &request.temporary_password {
        settings
            .password_policy
            .check(given, Operation::AdminCreateUser)?;
        return Ok(Some(given.clone()));
    }
    let passwordless =
        settings.allows_passwordless_users() && request.message_action != MessageAction::Resend;
    Ok((!passwordless).then(|| temporary_password::generate(&settings.password_policy, service.entropy())))
}

async fn make(
    service: &Service,
    pool: &UserPool,
    request: &AdminCreateUser,
    password: Option<&Password>,
) -> Result<User, Error> {
    let attributes: Vec<(&str, &str)> = request
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let status = if password.is_some() {
        UserStatus::ForceChangePassword
    } else {
        UserStatus::Confirmed
    };
    let new = NewUser {
        login: &request.username,
        username: None,
        sub: request.sub.clone(),
        attributes: &attributes,
        required: Required::Waived,
        status,
        password,
        sms_mfa_enabled: false,
        force_alias_creation: request.force_alias_creation,
        migratable: false,
        origin: Some(Origin {
            source: trigger::pre_sign_up::Source::AdminCreateUser,
            client_id: None,
            caller: &request.caller,
            validation_data: triggers::given(&request.validation_data),
        }),
    };
    insert_user(service, pool, &new).await
}

/// Gives a user who has not signed in yet a new temporary password; the days that it is good for begin again.
async fn renew(
    service: &Service,
    pool: &UserPool,
    username: &str,
    password: Option<&Password>,
) -> Result<User, Error> {
    let user = get(service, pool, username).await?;
    let credential = match password {
        Some(password) => Some(Credential::new(
            service,
            pool,
            &user.username,
            password,
            user.credential.as_ref(),
        )?),
        None => user.credential.clone(),
    };
    let now = service.now();
    update_user(service, pool, user, |user| {
        if user.status != UserStatus::ForceChangePassword {
            return Err(Error::UnsupportedUserState(text::resend_not_possible(
                &user.username,
            )));
        }
        let former = user.credential.take();
        user.credential = credential
            .clone()
            .map(|credential| credential.after(former.as_ref(), pool));
        user.lockout = Lockout::default();
        user.modified_at = now;
        Ok(())
    })
    .await
}
