//! A code comes back: whether it is the right one, and that it counts once.

use super::matches;
use super::window::Window;
use crate::error::{Error, text};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::time::Time;
use crate::user::{CodePurpose, IssuedCode, User, update_user};
use crate::user_pool::UserPool;

/// A right code, not yet spent.
pub(crate) struct Proof {
    purpose: CodePurpose,
    digest: Vec<u8>,
    now: Time,
}

/// Checks a code. A wrong one counts, and leaves the right one good.
///
/// # Errors
/// [`Error::ExpiredCode`] without a code that is still good, [`Error::CodeMismatch`], [`Error::LimitExceeded`] after too many
/// wrong ones.
pub(crate) async fn prove(
    service: &Service,
    pool: &UserPool,
    user: User,
    purpose: CodePurpose,
    given: &ConfirmationCode,
) -> Result<(User, Proof), Error> {
    let now = service.now();
    let issued = user.codes.get(&purpose).ok_or_else(expired)?;
    Window::of(purpose, Some(issued), now).check_tries()?;
    if now >= issued.expires_at {
        return Err(expired());
    }
    if matches(service, pool, &user, given, &issued.digest) {
        let digest = issued.digest.clone();
        return Ok((user, Proof { purpose, digest, now }));
    }
    // Judged again on the state that it is counted in: many guesses at once are counted one after another.
    update_user(service, pool, user, |user| {
        if let Some(issued) = user.codes.get_mut(&purpose) {
            let window = Window::of(purpose, Some(issued), now);
            window.check_tries()?;
            issued.window_started_at = window.started_at;
            issued.sent = window.sent;
            issued.wrong_tries = window.wrong_tries + 1;
        }
        Ok(())
    })
    .await?;
    Err(Error::CodeMismatch(text::WRONG_CODE.into()))
}

impl Proof {
    /// Takes the code from its user, inside a change of that user: another answer may have come first, and a code works once,
    /// and not after too many wrong ones.
    ///
    /// # Errors
    /// [`Error::ExpiredCode`], [`Error::LimitExceeded`].
    pub(crate) fn spend(&self, user: &mut User) -> Result<IssuedCode, Error> {
        let issued = user.codes.remove(&self.purpose).ok_or_else(expired)?;
        if issued.digest != self.digest {
            return Err(expired());
        }
        Window::of(self.purpose, Some(&issued), self.now).check_tries()?;
        Ok(issued)
    }
}

fn expired() -> Error {
    Error::ExpiredCode(text::EXPIRED_CODE.into())
}
