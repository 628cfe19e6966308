//! `AdminSetUserPassword`: sets a password, for good or until the next sign-in.

use model::{AdminSetUserPasswordRequest, AdminSetUserPasswordResponse};
use pool::error::Error;
use pool::user::{self, AdminSetUserPassword};
use trigger::Password;

use super::call::Call;

pub(super) async fn admin_set_user_password(
    call: &Call<'_>,
    request: AdminSetUserPasswordRequest,
) -> Result<AdminSetUserPasswordResponse, Error> {
    let set = AdminSetUserPassword {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        password: Password::new(request.password.into_inner()),
        permanent: request.permanent.unwrap_or_default(),
    };
    user::admin_set_user_password(call.service, set).await?;
    Ok(AdminSetUserPasswordResponse {})
}
