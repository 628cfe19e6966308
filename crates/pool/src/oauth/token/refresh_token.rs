//! `grant_type=refresh_token`: new tokens with the scopes of the old, in rotation where the app client rotates.
//!
//! Source: *Token endpoint*, *Refresh tokens*. A refresh token of a sign-in through the API is good here too, and gives what it
//! gives there. Chosen: `scope` is not looked at, since the real service does not know it here.

use super::{Given, TokenError};
use crate::secret::RefreshToken;
use crate::service::Service;
use crate::subject::{Caller, Subject};
use crate::token::{self, Tokens};

/// Exchanges a refresh token.
pub(super) async fn grant(
    service: &Service,
    subject: &Subject,
    given: Given<'_>,
) -> Result<Tokens, TokenError> {
    if !subject
        .client
        .client
        .settings
        .oauth
        .allowed_oauth_flows_user_pool_client
    {
        return Err(TokenError::UnauthorizedClient);
    }
    let refresh_token = RefreshToken::new(given.required("refresh_token")?.to_owned());
    Ok(token::exchange(service, subject, &refresh_token, None, &Caller::default()).await?)
}
