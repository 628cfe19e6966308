//! Refresh tokens: the sign-in itself, sealed, so that the store need not remember it.

use super::SignIn;
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::registry::LoadedPool;
use crate::seal::{Purpose, Sealed};
use crate::secret::RefreshToken;
use crate::service::Service;

/// Seals a sign-in for its pool.
pub(super) fn seal(service: &Service, pool: &LoadedPool, sign_in: &SignIn) -> Result<RefreshToken, Error> {
    let bound_to = [pool.pool.id.as_str()];
    let sealed = service
        .sealer
        .seal_json(Purpose::RefreshToken, &bound_to, sign_in, service.entropy())
        .map_err(Error::internal)?;
    Ok(RefreshToken::new(sealed.to_url_text()))
}

/// Opens a refresh token of `pool`.
///
/// # Errors
/// [`Error::NotAuthorized`] when it is not one.
pub(crate) fn open(service: &Service, pool: &UserPoolId, token: &str) -> Result<SignIn, Error> {
    let invalid = |_| Error::not_authorized(text::INVALID_REFRESH_TOKEN);
    let sealed = Sealed::from_url_text(token).map_err(invalid)?;
    service
        .sealer
        .open_json(Purpose::RefreshToken, &[pool.as_str()], &sealed)
        .map_err(invalid)
}
