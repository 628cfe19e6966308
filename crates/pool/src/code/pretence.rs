//! Codes of nobody, where an app client hides who does not exist: never sent and never right, but counted as those of users
//! are.

use super::window::Window;
use crate::error::{Error, text};
use crate::pretence;
use crate::service::Service;
use crate::unknown_name;
use crate::user::{CodePurpose, IssuedCode};
use crate::user_pool::UserPool;

/// Counts a code that was asked for under a name that gets none.
///
/// # Errors
/// [`Error::LimitExceeded`] when there were too many within the hour.
pub(crate) async fn pretend_to_send(
    service: &Service,
    pool: &UserPool,
    login: &str,
    purpose: CodePurpose,
) -> Result<(), Error> {
    let name = unknown_name::find(service, pool, login).await?;
    let (now, mut digest) = (service.now(), vec![0; 32]);
    service.entropy().fill(&mut digest);
    unknown_name::update(service, name, |name| {
        let window = Window::of(purpose, name.codes.get(&purpose), now);
        window.check_sends()?;
        let pretended = IssuedCode {
            digest: digest.clone(),
            issued_at: now,
            expires_at: now.plus(purpose.life()),
            window_started_at: window.started_at,
            sent: window.sent + 1,
            wrong_tries: window.wrong_tries,
            destination: None,
        };
        name.codes.insert(purpose, pretended);
        Ok(())
    })
    .await
}

/// Counts a code that was given under such a name. It is wrong, whatever it is.
///
/// # Errors
/// [`Error::CodeMismatch`]; [`Error::LimitExceeded`] after too many within the hour.
pub(crate) async fn pretend_to_compare<T>(
    service: &Service,
    pool: &UserPool,
    login: &str,
    purpose: CodePurpose,
) -> Result<T, Error> {
    let name = unknown_name::find(service, pool, login).await?;
    let now = service.now();
    pretence::read_nobody();
    unknown_name::update(service, name, |name| {
        let window = Window::of(purpose, name.codes.get(&purpose), now);
        window.check_tries()?;
        let pretended = name.codes.entry(purpose).or_insert_with(|| IssuedCode {
            digest: vec![0; 32],
            issued_at: now,
            expires_at: now,
            window_started_at: now,
            sent: 0,
            wrong_tries: 0,
            destination: None,
        });
        pretended.window_started_at = window.started_at;
        pretended.sent = window.sent;
        pretended.wrong_tries = window.wrong_tries + 1;
        Ok(())
    })
    .await?;
    Err(Error::CodeMismatch(text::WRONG_CODE.into()))
}
