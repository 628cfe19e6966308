//! `AssociateSoftwareToken`: a secret for the user's authenticator app.
//!
//! A user who is signed in has it kept, beside the app in use: that one stays good until the new one is verified. In the
//! middle of a sign-in the session carries it, and nothing is written.

use super::{Holder, PendingToken, offered};
use crate::error::Error;
use crate::secret::{SessionToken, TotpSecret};
use crate::service::Service;
use crate::sign_in::mfa_setup;
use crate::token::authorize;
use crate::user::update_user;

/// A secret that was given out.
#[derive(Debug)]
pub struct AssociatedSoftwareToken {
    /// `SecretCode`: 52 characters of Base32.
    pub secret_code: TotpSecret,
    /// For `VerifySoftwareToken`, in the middle of a sign-in.
    pub session: Option<SessionToken>,
}

/// Gives out a secret.
///
/// # Errors
/// [`Error::SoftwareTokenMFANotFound`] in a pool without authenticator apps; those of [`authorize`], or
/// [`Error::NotAuthorized`] for a session that does not ask for a set-up.
pub async fn associate_software_token(
    service: &Service,
    holder: &Holder,
) -> Result<AssociatedSoftwareToken, Error> {
    let token = match holder {
        Holder::Session(session) => return mfa_setup::associate(service, session).await,
        Holder::AccessToken(token) => token,
    };
    let bearer = authorize(service, token).await?;
    let pool = &bearer.pool.pool;
    offered(pool)?;
    let pending = PendingToken::generate(service, pool, &bearer.user)?;
    update_user(service, pool, bearer.user, |user| {
        user.software_tokens.pending = Some(pending.token.clone());
        Ok(())
    })
    .await?;
    Ok(AssociatedSoftwareToken {
        secret_code: pending.secret_code,
        session: None,
    })
}
