//! `GlobalSignOut`: ends all sign-ins of the bearer of an access token.

use model::{GlobalSignOutRequest, GlobalSignOutResponse};
use pool::error::Error;
use pool::token;

use super::call::Call;

pub(super) async fn global_sign_out(
    call: &Call<'_>,
    request: GlobalSignOutRequest,
) -> Result<GlobalSignOutResponse, Error> {
    token::global_sign_out(call.service, &request.access_token.into_inner().into()).await?;
    Ok(GlobalSignOutResponse {})
}
