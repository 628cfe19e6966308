//! `RevokeToken`: ends one sign-in.

use model::{RevokeTokenRequest, RevokeTokenResponse};
use pool::error::Error;
use pool::secret::ClientSecret;
use pool::token::{self, RevokeToken};

use super::call::Call;

/// `RevokeAssociatedSessions` has no effect without sessions of managed login, as the API reference says.
pub(super) async fn revoke_token(
    call: &Call<'_>,
    request: RevokeTokenRequest,
) -> Result<RevokeTokenResponse, Error> {
    let revocation = RevokeToken {
        token: request.token.into_inner().into(),
        client_id: request.client_id.into_inner(),
        client_secret: request
            .client_secret
            .map(|secret| ClientSecret::new(secret.into_inner())),
    };
    token::revoke_token(call.service, &revocation).await?;
    Ok(RevokeTokenResponse {})
}
