//! `AdminDeleteSoftwareToken`: a user's authenticator app goes.

use model::{AdminDeleteSoftwareTokenRequest, AdminDeleteSoftwareTokenResponse};
use pool::error::Error;
use pool::mfa;

use super::call::Call;

pub(super) async fn admin_delete_software_token(
    call: &Call<'_>,
    request: AdminDeleteSoftwareTokenRequest,
) -> Result<AdminDeleteSoftwareTokenResponse, Error> {
    mfa::admin_delete_software_token(call.service, &request.user_pool_id, request.username.expose()).await?;
    Ok(AdminDeleteSoftwareTokenResponse {})
}
