//! `AdminDeleteUser`: deletes a user.

use model::AdminDeleteUserRequest;
use pool::error::Error;
use pool::user;

use super::call::Call;

pub(super) async fn admin_delete_user(call: &Call<'_>, request: AdminDeleteUserRequest) -> Result<(), Error> {
    user::admin_delete_user(call.service, &request.user_pool_id, request.username.expose()).await
}
