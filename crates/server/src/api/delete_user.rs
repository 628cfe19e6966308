//! `DeleteUser`: a signed-in user goes.

use model::DeleteUserRequest;
use pool::error::Error;
use pool::own_attributes;

use super::call::Call;

pub(super) async fn delete_user(call: &Call<'_>, request: DeleteUserRequest) -> Result<(), Error> {
    own_attributes::delete_user(call.service, &request.access_token.into_inner().into()).await
}
