//! The passwords that a user had: they are kept, as verifiers, no longer and no more than the pool's policy asks for.
//!
//! Source: *Adding user pool password requirements*: the current password counts as the first of those that may not come back.

use trigger::Password;

use super::{Credential, FormerPassword, User};
use crate::error::{Error, text};
use crate::service::Service;
use crate::srp::Identity;
use crate::user_pool::UserPool;

impl Credential {
    /// The passwords that this one and its own former ones are to a new one.
    pub(super) fn as_history(&self, pool: &UserPool) -> Vec<FormerPassword> {
        let current = FormerPassword(self.sealed_verifier.clone());
        std::iter::once(&current)
            .chain(&self.former)
            .take(size(pool).saturating_sub(1))
            .cloned()
            .collect()
    }
}

impl User {
    /// Whether the user may have `password` next. Costs an exponentiation for each password that may not come back, and nothing
    /// where the policy has no history.
    ///
    /// # Errors
    /// [`Error::PasswordHistoryPolicyViolation`].
    pub(crate) fn check_history(
        &self,
        service: &Service,
        pool: &UserPool,
        password: &Password,
    ) -> Result<(), Error> {
        let Some(current) = &self.credential else {
            return Ok(());
        };
        let identity = Identity::new(pool.id.as_str(), self.username.as_str());
        let sealed = std::iter::once(&current.sealed_verifier)
            .chain(current.former.iter().map(|former| &former.0))
            .take(size(pool));
        for sealed in sealed {
            let verifier = Credential::open(service, pool, &self.username, sealed)?;
            if verifier.matches_password(&identity, password.expose()) {
                return Err(Error::PasswordHistoryPolicyViolation(
                    text::PASSWORD_IN_HISTORY.into(),
                ));
            }
        }
        Ok(())
    }
}

/// How many passwords may not come back.
fn size(pool: &UserPool) -> usize {
    let size = pool.settings.password_policy.password_history_size;
    size.map_or(0, |size| size as usize)
}
