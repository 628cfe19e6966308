//! `GetTokensFromRefreshToken`: new tokens for a refresh token, and another of these where the app client rotates.

use model::{GetTokensFromRefreshTokenRequest, GetTokensFromRefreshTokenResponse};
use pool::error::Error;
use pool::secret::ClientSecret;
use pool::token::{self, GetTokensFromRefreshToken};

use super::call::Call;
use super::outcome;

pub(super) async fn get_tokens_from_refresh_token(
    call: &Call<'_>,
    request: GetTokensFromRefreshTokenRequest,
) -> Result<GetTokensFromRefreshTokenResponse, Error> {
    let refresh = GetTokensFromRefreshToken {
        refresh_token: request.refresh_token.into_inner().into(),
        client_id: request.client_id.into_inner(),
        client_secret: request
            .client_secret
            .map(|secret| ClientSecret::new(secret.into_inner())),
        device_key: request.device_key,
        caller: call.caller(request.client_metadata),
    };
    let tokens = token::get_tokens_from_refresh_token(call.service, &refresh).await?;
    Ok(GetTokensFromRefreshTokenResponse {
        authentication_result: Some(outcome::result(&tokens)),
    })
}
