//! Refresh tokens: the sign-in itself, sealed, so that the store need not remember it; and what one is worth when it comes
//! back.

use super::family::{TokenFamily, Worth};
use super::{SignIn, is_revoked};
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::registry::LoadedPool;
use crate::seal::{Purpose, Sealed};
use crate::secret::RefreshToken;
use crate::service::Service;
use crate::subject::Subject;
use crate::user::User;
use crate::user_pool::UserPool;

/// A refresh token that has come back to the app client that got it, in time.
pub(crate) struct Presented {
    /// What it says.
    pub(crate) sign_in: SignIn,
    /// Whose it is.
    pub(crate) user: User,
    /// What has become of its family, if anything has.
    pub(super) family: Option<TokenFamily>,
}

impl Presented {
    /// Believes a refresh token as far as it speaks for itself and its user is still there. One read.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`]: it is none of this pool's, has another app client, has expired, or its user is gone.
    pub(crate) async fn new(service: &Service, subject: &Subject, token: &str) -> Result<Self, Error> {
        let pool = &subject.pool.pool.id;
        let sign_in =
            open(service, pool, token).ok_or_else(|| Error::not_authorized(text::INVALID_REFRESH_TOKEN))?;
        if sign_in.client_id != subject.client.client.id {
            return Err(Error::not_authorized(text::REFRESH_TOKEN_OF_OTHER_CLIENT));
        }
        if service.now() >= sign_in.expires_at {
            return Err(Error::not_authorized(text::REFRESH_TOKEN_EXPIRED));
        }
        Self::of(service, pool, sign_in).await
    }

    /// The same with the user and the family as they are now.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`] when the user is gone.
    pub(super) async fn again(self, service: &Service) -> Result<Self, Error> {
        Self::of(service, &self.user.user_pool_id, self.sign_in).await
    }

    async fn of(service: &Service, pool: &UserPoolId, sign_in: SignIn) -> Result<Self, Error> {
        let found = service
            .store()
            .find_bearer(pool, &sign_in.sub, &sign_in.origin_jti)
            .await?;
        let (user, family) = found.ok_or_else(|| Error::not_authorized(text::REFRESH_TOKEN_USER_DELETED))?;
        Ok(Self {
            sign_in,
            user,
            family,
        })
    }

    /// What the token is worth now.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`] when the user is disabled.
    pub(crate) fn worth(&self, service: &Service) -> Result<Worth, Error> {
        if !self.user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        if is_revoked(&self.user, self.sign_in.auth_time) {
            return Ok(Worth::Revoked);
        }
        let worth = |family: &TokenFamily| family.worth(&self.sign_in.jti, service.now());
        Ok(self.family.as_ref().map_or(Worth::Good, worth))
    }

    /// Whether the token comes from the device that it was given to. In a pool that tracks devices a refresh has to name that
    /// device, and the device has to be confirmed and not forgotten (amplify-android issue 2506, *Tracking and remembering
    /// devices using Amazon Cognito Your User Pools*; the text as observed). A pool that has stopped to do so asks for nothing.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`].
    pub(crate) async fn check_device(
        &self,
        service: &Service,
        pool: &UserPool,
        said: Option<&str>,
    ) -> Result<(), Error> {
        let tracked = pool.settings.device_configuration().is_some();
        let Some(key) = self.sign_in.device_key.as_ref().filter(|_| tracked) else {
            return Ok(());
        };
        let is_there = said == Some(key.as_str())
            && service
                .store()
                .find_device(&pool.id, &self.user.sub, key)
                .await?
                .is_some();
        is_there
            .then_some(())
            .ok_or_else(|| Error::not_authorized(text::INVALID_REFRESH_TOKEN))
    }
}

/// Seals a sign-in for its pool.
pub(crate) fn seal(service: &Service, pool: &LoadedPool, sign_in: &SignIn) -> Result<RefreshToken, Error> {
    let bound_to = [pool.pool.id.as_str()];
    let sealed = service
        .sealer
        .seal_json(Purpose::RefreshToken, &bound_to, sign_in, service.entropy())
        .map_err(Error::internal)?;
    Ok(RefreshToken::new(sealed.to_url_text()))
}

/// Opens a refresh token of `pool`; `None` when it is none.
pub(super) fn open(service: &Service, pool: &UserPoolId, token: &str) -> Option<SignIn> {
    let sealed = Sealed::from_url_text(token).ok()?;
    service
        .sealer
        .open_json(Purpose::RefreshToken, &[pool.as_str()], &sealed)
        .ok()
}
