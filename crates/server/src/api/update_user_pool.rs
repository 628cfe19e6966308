//! `UpdateUserPool`: replaces a pool's settings; what is left out is Cognito's default again.

use model::{UpdateUserPoolRequest, UpdateUserPoolResponse};
use pool::error::{Error, text};
use pool::user_pool::{self, UpdateUserPool};

use super::call::Call;
use super::user_pool as wire;

pub(super) async fn update_user_pool(
    call: &Call<'_>,
    request: UpdateUserPoolRequest,
) -> Result<UpdateUserPoolResponse, Error> {
    if names_validity_twice(&request) {
        return Err(Error::invalid_parameter(text::TWO_NAMES_OF_VALIDITY));
    }
    let settings = wire::settings(&request)?;
    let update = UpdateUserPool {
        user_pool_id: request.user_pool_id,
        name: request.pool_name,
        settings,
    };
    user_pool::update_user_pool(call.service, update).await?;
    Ok(UpdateUserPoolResponse {})
}

/// `UnusedAccountValidityDays` is the older name of `TemporaryPasswordValidityDays`: an answer shows both, an update may bring
/// one. Zero counts as none, which is how Terraform's provider gets by (observed).
fn names_validity_twice(request: &UpdateUserPoolRequest) -> bool {
    let older = request
        .admin_create_user_config
        .as_ref()
        .and_then(|config| config.unused_account_validity_days);
    let newer = request
        .policies
        .as_ref()
        .and_then(|policies| policies.password_policy.as_ref())
        .and_then(|policy| policy.temporary_password_validity_days);
    older.is_some_and(|days| days != 0) && newer.is_some()
}
