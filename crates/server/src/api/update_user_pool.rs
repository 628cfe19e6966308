//! `UpdateUserPool`: replaces a pool's settings; what is left out is Cognito's default again.

use model::{UpdateUserPoolRequest, UpdateUserPoolResponse};
use pool::error::Error;
use pool::user_pool::{self, UpdateUserPool};

use super::call::Call;
use super::user_pool as wire;

pub(super) async fn update_user_pool(
    call: &Call<'_>,
    request: UpdateUserPoolRequest,
) -> Result<UpdateUserPoolResponse, Error> {
    let settings = wire::settings(&request)?;
    let update = UpdateUserPool {
        user_pool_id: request.user_pool_id,
        name: request.pool_name,
        settings,
    };
    user_pool::update_user_pool(call.service, update).await?;
    Ok(UpdateUserPoolResponse {})
}
