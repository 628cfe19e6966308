//! A secret of the settings: written there, or referred to and read again now and then.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use migration::Deadline;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::aws::{Reference, Texts, Unreadable};

/// What reading a secret may take of a try.
const LONGEST_READ: Duration = Duration::from_secs(1);
/// What could not be read is left alone for that long, as long as there is an older value.
const PAUSE: Duration = Duration::from_secs(30);
/// The same where there is no value yet: those who wait behind one another are not to ask one after the other.
const SHORT_PAUSE: Duration = Duration::from_secs(1);

/// A secret. It cannot be printed; clones share what was read.
#[derive(Clone)]
pub struct Secret(Kind);

#[derive(Clone)]
enum Kind {
    Written(SecretString),
    Referred(Arc<Referred>),
}

struct Referred {
    texts: Arc<Texts>,
    reference: Reference,
    lifetime: Duration,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    value: Option<SecretString>,
    /// When to read again.
    due: Option<Instant>,
    /// When somebody asked for another value because this one was refused.
    renewed: Option<Instant>,
    /// Why the last reading failed, and when.
    failed: Option<(Instant, Unreadable)>,
}

impl Secret {
    /// Takes a text in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Kind::Written(SecretString::from(text.into())))
    }

    /// One that is read when it is needed, and again when it is older than `lifetime`.
    #[must_use]
    pub fn referred(texts: Arc<Texts>, reference: Reference, lifetime: Duration) -> Self {
        Self(Kind::Referred(Arc::new(Referred {
            texts,
            reference,
            lifetime,
            held: Mutex::default(),
        })))
    }

    /// The value, read where it is due. What cannot be read now keeps its last value.
    ///
    /// # Errors
    /// [`Unreadable`] when there is none.
    pub async fn current(&self, deadline: Deadline) -> Result<SecretString, Unreadable> {
        match &self.0 {
            Kind::Written(text) => Ok(text.clone()),
            Kind::Referred(referred) => referred.current(deadline).await,
        }
    }

    /// Reads it again because it was refused, at most twice a minute. Whether it is another now.
    pub(crate) async fn renew(&self, deadline: Deadline) -> bool {
        match &self.0 {
            Kind::Written(_) => false,
            Kind::Referred(referred) => referred.renew(deadline).await,
        }
    }

    /// Why it is older than it should be.
    pub(crate) fn trouble(&self) -> Option<String> {
        match &self.0 {
            Kind::Written(_) => None,
            Kind::Referred(referred) => {
                let held = referred.held.try_lock().ok()?;
                held.failed.as_ref().map(|(_, error)| error.to_string())
            }
        }
    }
}

impl Referred {
    /// One caller reads while the others wait for the same value.
    async fn current(&self, deadline: Deadline) -> Result<SecretString, Unreadable> {
        let mut held = self.held.lock().await;
        let now = Instant::now();
        if let (Some(value), Some(due)) = (&held.value, held.due)
            && now < due
        {
            return Ok(value.clone());
        }
        if let (None, Some((at, error))) = (&held.value, &held.failed)
            && now < *at + SHORT_PAUSE
        {
            return Err(error.clone());
        }
        match self.read(deadline).await {
            Ok(value) => {
                held.failed = None;
                held.due = Some(now + self.lifetime);
                Ok(held.value.insert(value).clone())
            }
            Err(error) => {
                held.failed = Some((Instant::now(), error.clone()));
                held.due = Some(now + PAUSE);
                held.value.clone().ok_or(error)
            }
        }
    }

    async fn renew(&self, deadline: Deadline) -> bool {
        let mut held = self.held.lock().await;
        let now = Instant::now();
        if held.renewed.is_some_and(|renewed| now < renewed + PAUSE) {
            return false;
        }
        held.renewed = Some(now);
        let Ok(value) = self.read(deadline).await else {
            return false;
        };
        let old = held.value.replace(value.clone());
        held.due = Some(now + self.lifetime);
        held.failed = None;
        old.is_none_or(|old| old.expose_secret() != value.expose_secret())
    }

    async fn read(&self, deadline: Deadline) -> Result<SecretString, Unreadable> {
        let soon = Deadline::after(LONGEST_READ).min(deadline);
        let text = self.texts.read(&self.reference, soon).await?;
        // Consoles and `printf` leave a line end behind.
        Ok(SecretString::from(text.expose_secret().trim_end()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Written(_) => f.write_str("Secret(…)"),
            Kind::Referred(referred) => write!(f, "Secret({})", referred.reference),
        }
    }
}
