//! `DeleteUserPool`: deletes a pool, its app clients and its users.

use model::DeleteUserPoolRequest;
use pool::error::Error;
use pool::user_pool;

use super::call::Call;

pub(super) async fn delete_user_pool(call: &Call<'_>, request: DeleteUserPoolRequest) -> Result<(), Error> {
    user_pool::delete_user_pool(call.service, &request.user_pool_id).await
}
