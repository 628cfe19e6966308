//! `AdminConfirmSignUp`: an administrator confirms a user without a code. It verifies no address.

use super::confirm_sign_up::check_unconfirmed;
use crate::error::Error;
use crate::message::Addressee;
use crate::service::Service;
use crate::subject::Caller;
use crate::triggers::post_confirmation::{self, Source};
use crate::user::{CodePurpose, UserStatus, admin_get_user, update_user};

/// `AdminConfirmSignUp`.
#[derive(Debug)]
pub struct AdminConfirmSignUp {
    /// The pool.
    pub user_pool_id: String,
    /// The user, by any name that signs in.
    pub username: String,
    /// For the triggers.
    pub caller: Caller,
}

/// Confirms a user.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::NotAuthorized`] for a user who is not
/// `UNCONFIRMED`; what the failure of the *post confirmation* trigger gives, the user being confirmed.
pub async fn admin_confirm_sign_up(service: &Service, request: &AdminConfirmSignUp) -> Result<(), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    let user = admin_get_user(service, &request.user_pool_id, &request.username).await?;
    let now = service.now();
    let user = update_user(service, pool, user, |user| {
        check_unconfirmed(user)?;
        user.codes.remove(&CodePurpose::ConfirmSignUp);
        user.status = UserStatus::Confirmed;
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let of = Addressee {
        pool,
        client_id: None,
        user: &user,
        caller: &request.caller,
    };
    post_confirmation::fire(service, &of, Source::ConfirmSignUp).await
}
