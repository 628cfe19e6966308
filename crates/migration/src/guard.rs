//! What the function remembers between events, so that an old directory is asked once for one attempt and never by more
//! than it can bear.

use std::time::Duration;

use ring::hmac;
use tokio::time::timeout_at;
use trigger::{Event, MigrateUser, Password};

use crate::attempts::{Attempts, First, Known, Turn};
use crate::directory::{Cause, CouldNotAsk, Directory};
use crate::inquiry::Inquiry;
use crate::profile::Login;
use crate::shield::{Asker, Shield, ShieldChange, ShieldSettings};
use crate::standing::Standing;

/// Memory of one process. Nothing of it outlives the process, and nobody can be told from it.
pub struct Guard {
    attempts: Attempts,
    shield: Shield,
    key: hmac::Key,
}

/// A question about one person.
pub(crate) struct Question<'a> {
    pub(crate) event: &'a Event<MigrateUser>,
    pub(crate) login: &'a Login,
    /// The password to verify; without one the user is only found.
    pub(crate) password: Option<&'a Password>,
}

/// How a question went.
pub(crate) struct Answered {
    pub(crate) answer: Result<Standing, CouldNotAsk>,
    /// The same attempt had been made before; its verdict is given.
    pub(crate) repeated: bool,
    pub(crate) change: Option<ShieldChange>,
}

impl Guard {
    /// An empty memory. `key` must be a chance of this process, and known to nobody.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            attempts: Attempts::new(key),
            shield: Shield::default(),
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    /// Asks, where nobody has asked the same and the shield lets it through.
    pub(crate) async fn ask(
        &self,
        question: &Question<'_>,
        directory: &dyn Directory,
        settings: ShieldSettings,
        inquiry: &Inquiry,
    ) -> Answered {
        // The verdict on a password holds for a moment. To find somebody is no try that counts: what is found may be
        // another in the next moment, so that only those share it who ask at the same time.
        let keep = match question.password {
            Some(_) => Duration::from_secs(settings.repeat_seconds),
            None => Duration::ZERO,
        };
        let first = if settings.repeat_seconds == 0 {
            None
        } else {
            let attempt = self.attempts.digest(question.event);
            let most = usize::try_from(settings.repeat_entries).unwrap_or(usize::MAX);
            match self.attempts.turn(attempt, keep, most) {
                Turn::First(first) => Some(first),
                Turn::Again(verdict) => return Self::again(verdict, question, inquiry).await,
            }
        };
        let answer = self.ask_first(question, directory, settings, inquiry).await;
        if let Some(first) = first {
            tell(first, &answer);
        }
        Answered {
            answer,
            repeated: false,
            change: self.shield.take_change(),
        }
    }

    /// Finds somebody under whose name a person wants to sign up, behind the same shield.
    ///
    /// # Errors
    /// [`CouldNotAsk`] when there is no answer in time.
    pub async fn find_for_sign_up(
        &self,
        login: &Login,
        directory: &dyn Directory,
        settings: ShieldSettings,
        inquiry: &Inquiry,
    ) -> Result<Standing, CouldNotAsk> {
        let permit = self
            .shield
            .enter(None, settings)
            .map_err(|cause| CouldNotAsk::new(cause, "find"))?;
        let answer = timeout_at(inquiry.deadline().instant(), directory.find(login, inquiry))
            .await
            .unwrap_or_else(|_| Err(CouldNotAsk::new(Cause::TooSlow, "find")));
        permit.answer(&answer);
        answer
    }

    /// Waits for the verdict of the first, as long as there is time.
    async fn again(mut verdict: Known, question: &Question<'_>, inquiry: &Inquiry) -> Answered {
        let waited = timeout_at(inquiry.deadline().instant(), verdict.wait_for(Option::is_some)).await;
        let told = match waited {
            Ok(Ok(told)) => told.clone(),
            Ok(Err(_)) | Err(_) => None,
        };
        let answer = match told.as_deref() {
            Some(Ok(standing)) => Ok(standing.clone()),
            Some(Err((cause, operation))) => Err(CouldNotAsk::new(*cause, operation)),
            None => Err(CouldNotAsk::new(Cause::TooSlow, question.name())),
        };
        Answered {
            answer,
            repeated: true,
            change: None,
        }
    }

    async fn ask_first(
        &self,
        question: &Question<'_>,
        directory: &dyn Directory,
        settings: ShieldSettings,
        inquiry: &Inquiry,
    ) -> Result<Standing, CouldNotAsk> {
        let client = question.event.header().caller_context.client_id.as_deref();
        let asker = Asker {
            client: client.unwrap_or_default(),
            login: self.digest(question.login),
        };
        let permit = self
            .shield
            .enter(Some(asker), settings)
            .map_err(|cause| CouldNotAsk::new(cause, question.name()))?;
        let answer = async {
            match question.password {
                Some(password) => directory.verify(question.login, password, inquiry).await,
                None => directory.find(question.login, inquiry).await,
            }
        };
        // Holds the budget whatever the directory does.
        let answer = timeout_at(inquiry.deadline().instant(), answer)
            .await
            .unwrap_or_else(|_| Err(CouldNotAsk::new(Cause::TooSlow, question.name())));
        permit.answer(&answer);
        answer
    }

    fn digest(&self, login: &Login) -> [u8; 16] {
        let mut digest = [0; 16];
        let tag = hmac::sign(&self.key, login.normalised().as_bytes());
        digest.copy_from_slice(&tag.as_ref()[..16]);
        digest
    }
}

impl Question<'_> {
    fn name(&self) -> &'static str {
        if self.password.is_some() { "verify" } else { "find" }
    }
}

fn tell(first: First<'_>, answer: &Result<Standing, CouldNotAsk>) {
    first.tell(match answer {
        Ok(standing) => Ok(standing.clone()),
        Err(error) => Err((error.cause, error.operation)),
    });
}
