//! `VerifySoftwareToken`: the first code of an authenticator app proves that it has the secret.

use super::{Holder, Judged, offered};
use crate::error::{Error, text};
use crate::secret::{ConfirmationCode, SessionToken};
use crate::service::Service;
use crate::sign_in::mfa_setup;
use crate::time::Time;
use crate::token::authorize;
use crate::user::{SoftwareToken, User, update_user};

/// `VerifySoftwareToken`.
#[derive(Debug)]
pub struct VerifySoftwareToken {
    /// Who sets it up.
    pub holder: Holder,
    /// `UserCode`.
    pub user_code: ConfirmationCode,
    /// `FriendlyDeviceName`.
    pub friendly_device_name: Option<String>,
}

/// Registers the app whose code this is; an earlier one goes. A user who is signed in turns the factor on by
/// `SetUserMFAPreference` afterwards; one who was asked for it in a sign-in has it turned on, and gets a session for the answer to
/// `MFA_SETUP`.
///
/// # Errors
/// [`Error::EnableSoftwareTokenMFA`] for a wrong code; [`Error::SoftwareTokenMFANotFound`] in a pool without authenticator apps
/// and without a secret given out before; those of [`authorize`], or [`Error::NotAuthorized`] for a session that is not
/// from `AssociateSoftwareToken`.
pub async fn verify_software_token(
    service: &Service,
    request: &VerifySoftwareToken,
) -> Result<Option<SessionToken>, Error> {
    let token = match &request.holder {
        Holder::Session(session) => return mfa_setup::verify(service, session, request).await.map(Some),
        Holder::AccessToken(token) => token,
    };
    let bearer = authorize(service, token).await?;
    let pool = &bearer.pool.pool;
    offered(pool)?;
    let now = service.now();
    update_user(service, pool, bearer.user, |user| {
        let pending = user.software_tokens.pending.clone();
        let pending = pending
            .ok_or_else(|| Error::SoftwareTokenMFANotFound(text::SOFTWARE_TOKEN_NOT_ASSOCIATED.into()))?;
        let token = verified(service, user, pending, request, now)?;
        user.software_tokens.register(token);
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(None)
}

/// The app, if the code is of this secret. The code is used by it: the next sign-in wants a newer one, as observed.
pub(crate) fn verified(
    service: &Service,
    user: &User,
    token: SoftwareToken,
    request: &VerifySoftwareToken,
    now: Time,
) -> Result<SoftwareToken, Error> {
    match token.judge(service, user, &request.user_code, now)? {
        Judged::Right { step } => Ok(SoftwareToken {
            friendly_name: request.friendly_device_name.clone(),
            last_step: step,
            ..token
        }),
        Judged::Used | Judged::Wrong => Err(Error::EnableSoftwareTokenMFA(
            text::SOFTWARE_TOKEN_MISMATCH.into(),
        )),
    }
}
