//! A code on its way: drawn, kept as a digest, sent.

use super::window::Window;
use super::{CodeDelivery, digest, masked};
use crate::error::Error;
use crate::message::{self, Addressee, Occasion, Route};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::time::Time;
use crate::user::{CodePurpose, Destination, IssuedCode, User};
use crate::user_pool::UserPool;

/// A code of six digits that nobody has yet.
pub(crate) struct NewCode {
    code: ConfirmationCode,
    digest: Vec<u8>,
    purpose: CodePurpose,
    destination: Destination,
    now: Time,
}

impl NewCode {
    /// Draws a code for a user, to be sent to `destination`.
    pub(crate) fn draw(
        service: &Service,
        pool: &UserPool,
        user: &User,
        purpose: CodePurpose,
        destination: Destination,
    ) -> Self {
        let code = ConfirmationCode::new(service.entropy().digits(6));
        Self {
            digest: digest(service, pool, user, &code),
            code,
            purpose,
            destination,
            now: service.now(),
        }
    }

    /// Keeps it in place of the one before, inside a change of its user, and counts it.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when there were too many within the hour.
    pub(crate) fn keep(&self, user: &mut User) -> Result<(), Error> {
        let window = Window::of(self.purpose, user.codes.get(&self.purpose), self.now);
        window.check_sends()?;
        self.put(user, &window, window.sent + 1);
        Ok(())
    }

    /// Keeps the code that nobody has asked for: it does not count.
    pub(crate) fn keep_uncounted(&self, user: &mut User) {
        let window = Window::of(self.purpose, user.codes.get(&self.purpose), self.now);
        self.put(user, &window, window.sent);
    }

    fn put(&self, user: &mut User, window: &Window, sent: u32) {
        let issued = IssuedCode {
            digest: self.digest.clone(),
            issued_at: self.now,
            expires_at: self.now.plus(self.purpose.life()),
            window_started_at: window.started_at,
            sent,
            wrong_tries: window.wrong_tries,
            destination: Some(self.destination.clone()),
        };
        user.codes.insert(self.purpose, issued);
    }

    /// Sends it, once it is kept.
    ///
    /// # Errors
    /// Those of [`message::send_code`]. The code stays kept, and nobody has it.
    pub(crate) async fn send(
        self,
        service: &Service,
        to: &Addressee<'_>,
        occasion: Occasion,
    ) -> Result<CodeDelivery, Error> {
        let Destination { medium, value, .. } = self.destination;
        let route = Route {
            medium,
            destination: &value,
        };
        message::send_code(service, to, occasion, route, self.code).await?;
        Ok(CodeDelivery {
            medium,
            destination: masked(medium, &value),
        })
    }
}
