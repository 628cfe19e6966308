//! A user's authenticator app at rest: its secret, sealed for pool and user, and the last step whose code was used.

use zeroize::Zeroizing;

use super::totp;
use crate::error::{Error, text};
use crate::seal::{Purpose, Sealed};
use crate::secret::{ConfirmationCode, TotpSecret};
use crate::service::Service;
use crate::time::Time;
use crate::user::{MfaMethod, SoftwareToken, User};
use crate::user_pool::{Mfa, UserPool};

/// Bytes of a secret: 52 characters in Base32, as Cognito's `SecretCode` has.
const LENGTH: usize = 32;

/// Whether the pool lets its users set up an authenticator app.
///
/// # Errors
/// [`Error::SoftwareTokenMFANotFound`] when it does not.
pub(crate) fn offered(pool: &UserPool) -> Result<(), Error> {
    if pool.settings.mfa != Mfa::Off && pool.mfa_factors.offers(MfaMethod::SoftwareTokenMfa) {
        return Ok(());
    }
    Err(Error::SoftwareTokenMFANotFound(
        text::SOFTWARE_TOKEN_NOT_OFFERED.into(),
    ))
}

/// A secret that was given out and that no code has proven yet.
pub(crate) struct PendingToken {
    /// As it rests.
    pub(crate) token: SoftwareToken,
    /// For the user's app.
    pub(crate) secret_code: TotpSecret,
}

impl PendingToken {
    /// A new secret for this user.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be sealed.
    pub(crate) fn generate(service: &Service, pool: &UserPool, user: &User) -> Result<Self, Error> {
        let mut secret = Zeroizing::new([0; LENGTH]);
        service.entropy().fill(secret.as_mut_slice());
        let sealed = service
            .sealer
            .seal(
                Purpose::TotpSecret,
                &[pool.id.as_str(), user.sub.as_str()],
                secret.as_slice(),
                service.entropy(),
            )
            .map_err(Error::internal)?;
        Ok(Self {
            token: SoftwareToken::of_secret(sealed.into_bytes()),
            secret_code: TotpSecret::new(totp::base32(secret.as_slice())),
        })
    }
}

/// What a code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// It is the code of this step, which was not used.
    Right {
        /// The step.
        step: i64,
    },
    /// It was right, but this step or a later one has been used.
    Used,
    /// It is none of these.
    Wrong,
}

impl SoftwareToken {
    /// A secret at rest whose codes are to be judged.
    pub(super) fn of_secret(sealed_secret: Vec<u8>) -> Self {
        Self {
            sealed_secret,
            friendly_name: None,
            last_step: i64::MIN,
        }
    }

    /// Judges a code.
    ///
    /// # Errors
    /// [`Error::Internal`] when the secret cannot be opened: it was sealed under another master key, or altered.
    pub(crate) fn judge(
        &self,
        service: &Service,
        user: &User,
        code: &ConfirmationCode,
        now: Time,
    ) -> Result<Judged, Error> {
        let sealed = Sealed::from_bytes(self.sealed_secret.clone());
        let bound_to = [user.user_pool_id.as_str(), user.sub.as_str()];
        let secret = service
            .sealer
            .open(Purpose::TotpSecret, &bound_to, &sealed)
            .map_err(Error::internal)?;
        Ok(match totp::matching_step(&secret, code.expose(), now) {
            Some(step) if step > self.last_step => Judged::Right { step },
            Some(_) => Judged::Used,
            None => Judged::Wrong,
        })
    }
}
