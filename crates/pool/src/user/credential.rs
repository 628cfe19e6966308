//! Passwords at rest: an SRP verifier, sealed for its pool and user. The password itself is kept nowhere.

use tracing::span::EnteredSpan;
use trigger::Password;

use super::{Credential, User};
use crate::error::Error;
use crate::id::Username;
use crate::seal::{Purpose, Sealed};
use crate::service::Service;
use crate::srp::{Identity, Verifier};
use crate::telemetry::TRACES;
use crate::user_pool::UserPool;

impl Credential {
    /// What is kept of a new password. Costs one exponentiation. `former` is the credential that it takes the place of.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be sealed.
    pub(crate) fn new(
        service: &Service,
        pool: &UserPool,
        username: &Username,
        password: &Password,
        former: Option<&Self>,
    ) -> Result<Self, Error> {
        let _span = tracing::info_span!(target: TRACES, "make verifier").entered();
        let mut salt = [0; 16];
        service.entropy().fill(&mut salt);
        let verifier = Verifier::new(
            &Identity::new(pool.id.as_str(), username.as_str()),
            password.expose(),
            salt,
        );
        let sealed = service
            .sealer
            .seal(
                Purpose::Verifier,
                &[pool.id.as_str(), username.as_str()],
                &verifier.to_bytes(),
                service.entropy(),
            )
            .map_err(Error::internal)?;
        Ok(Self {
            sealed_verifier: sealed.into_bytes(),
            set_at: service.now(),
            generation: former.map_or(0, |former| former.generation).wrapping_add(1),
            former: former.map_or_else(Vec::new, |former| former.as_history(pool)),
        })
    }

    /// The same as the one that follows `former`: another password may have been set since this one was made.
    #[must_use]
    pub(crate) fn after(mut self, former: Option<&Self>, pool: &UserPool) -> Self {
        self.generation = former.map_or(0, |former| former.generation).wrapping_add(1);
        self.former = former.map_or_else(Vec::new, |former| former.as_history(pool));
        self
    }

    /// The verifier.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be opened: it was sealed under another master key, or altered.
    pub(crate) fn verifier(
        &self,
        service: &Service,
        pool: &UserPool,
        username: &Username,
    ) -> Result<Verifier, Error> {
        Self::open(service, pool, username, &self.sealed_verifier)
    }

    /// The verifier in a sealed one of this user.
    ///
    /// # Errors
    /// See [`Credential::verifier`].
    pub(super) fn open(
        service: &Service,
        pool: &UserPool,
        username: &Username,
        sealed: &[u8],
    ) -> Result<Verifier, Error> {
        let sealed = Sealed::from_bytes(sealed.to_vec());
        let bytes = service
            .sealer
            .open(Purpose::Verifier, &[pool.id.as_str(), username.as_str()], &sealed)
            .map_err(Error::internal)?;
        Verifier::from_bytes(&bytes).map_err(Error::internal)
    }
}

impl User {
    /// Whether `password` is the user's. Costs one exponentiation whether or not there is a password to compare with.
    ///
    /// # Errors
    /// See [`Credential::verifier`].
    pub(crate) fn has_password(
        &self,
        service: &Service,
        pool: &UserPool,
        password: &Password,
    ) -> Result<bool, Error> {
        let Some(credential) = &self.credential else {
            spend_the_work(pool, self.username.as_str(), password);
            return Ok(false);
        };
        let _span = check_password();
        let verifier = credential.verifier(service, pool, &self.username)?;
        Ok(verifier.matches_password(
            &Identity::new(pool.id.as_str(), self.username.as_str()),
            password.expose(),
        ))
    }
}

/// Does for nobody what a comparison with a real verifier costs, so that the time tells nothing.
pub(crate) fn spend_the_work(pool: &UserPool, username: &str, password: &Password) {
    let _span = check_password();
    let verifier = Verifier::new(
        &Identity::new(pool.id.as_str(), username),
        password.expose(),
        [0; 16],
    );
    std::hint::black_box(&verifier);
}

/// The span of a comparison, with a real verifier or with none: a trace does not tell them apart either.
fn check_password() -> EnteredSpan {
    tracing::info_span!(target: TRACES, "check password").entered()
}
