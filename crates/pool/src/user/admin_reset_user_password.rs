//! `AdminResetUserPassword`: the password ends, and the user gets a code to set another.

use super::admin_get_user::get;
use super::{CodePurpose, UserStatus, update_user};
use crate::code::NewCode;
use crate::error::{Error, text};
use crate::message::{Addressee, Occasion};
use crate::recovery;
use crate::service::Service;
use crate::subject::Caller;

/// `AdminResetUserPassword`.
#[derive(Debug)]
pub struct AdminResetUserPassword {
    /// The pool.
    pub user_pool_id: String,
    /// The user, by any name that signs in.
    pub username: String,
    /// For the triggers.
    pub caller: Caller,
}

/// Makes the user `RESET_REQUIRED` and sends a code for `ConfirmForgotPassword`. Sign-ins that have begun end; tokens stay good.
/// A password in the old directory ends too: nobody is asked for it any more.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::NotAuthorized`] where administrators
/// alone recover (chosen; documented that recovery must be set up), and for a user who has no password of their own;
/// [`Error::InvalidParameter`] without a verified contact, the user being as before; too many codes; what sending one gives,
/// the reset being due.
pub async fn admin_reset_user_password(
    service: &Service,
    request: &AdminResetUserPassword,
) -> Result<(), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    recovery::check_allowed(pool)?;
    let user = get(service, pool, &request.username).await?;
    let contact = recovery::contact(pool, &user);
    if !recovery::may_be_reset(&user) {
        return Err(Error::not_authorized(text::RESET_NOT_IN_THIS_STATE));
    }
    let contact = contact.ok_or_else(|| Error::invalid_parameter(text::NO_VERIFIED_CONTACT))?;
    let code = NewCode::draw(service, pool, &user, CodePurpose::ResetPassword, contact);
    let now = service.now();
    let user = update_user(service, pool, user, |user| {
        if !recovery::may_be_reset(user) {
            return Err(Error::not_authorized(text::RESET_NOT_IN_THIS_STATE));
        }
        code.keep(user)?;
        user.status = UserStatus::ResetRequired;
        user.migratable = false;
        if let Some(credential) = &mut user.credential {
            // The verifier stays, so that the next password can be held against it; what was begun with it does not.
            credential.generation = credential.generation.wrapping_add(1);
        }
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let to = Addressee {
        pool,
        client_id: None,
        user: &user,
        caller: &request.caller,
    };
    code.send(service, &to, Occasion::ForgotPassword).await?;
    Ok(())
}
