//! `AdminSetUserPassword`.

use trigger::Password;

use super::admin_get_user::get;
use super::{CodePurpose, Credential, Lockout, UserStatus, update_user};
use crate::error::Error;
use crate::service::Service;
use crate::user_pool::password_policy::Operation;

/// A password that an administrator sets.
#[derive(Debug)]
pub struct AdminSetUserPassword {
    /// The pool.
    pub user_pool_id: String,
    /// The user, by any name that signs in.
    pub username: String,
    /// The password.
    pub password: Password,
    /// Whether the user keeps it (`CONFIRMED`) or must change it at the next sign-in (`FORCE_CHANGE_PASSWORD`).
    pub permanent: bool,
}

/// Sets a user's password, whatever the status was. Tokens stay good (observed); a lock and an outstanding reset end.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::InvalidPassword`];
/// [`Error::PasswordHistoryPolicyViolation`].
pub async fn admin_set_user_password(service: &Service, request: AdminSetUserPassword) -> Result<(), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    let user = get(service, pool, &request.username).await?;
    pool.settings
        .password_policy
        .check(&request.password, Operation::AdminSetUserPassword)?;
    user.check_history(service, pool, &request.password)?;
    let credential = Credential::new(
        service,
        pool,
        &user.username,
        &request.password,
        user.credential.as_ref(),
    )?;
    let status = if request.permanent {
        UserStatus::Confirmed
    } else {
        UserStatus::ForceChangePassword
    };
    let now = service.now();
    update_user(service, pool, user, |user| {
        user.credential = Some(credential.clone().after(user.credential.as_ref(), pool));
        user.status = status;
        user.migratable = false;
        user.lockout = Lockout::default();
        user.codes.remove(&CodePurpose::ResetPassword);
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
