//! Whose keys sign: the function's own, or those of a role taken on, kept until shortly before they expire.

use std::time::Duration;

use migration::{Cause, CouldNotAsk};
use reqwest::Client;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::settings::{Role, Settings};
use super::sts::{self, Session};
use crate::aws::Credentials;
use crate::clock::wall_clock;
use crate::http::Limits;

/// New keys are fetched this long before the old ones end.
const EARLY: Duration = Duration::from_mins(5);
/// Keys that still hold are used that long before new ones are asked for again.
const PAUSE: Duration = Duration::from_secs(30);

pub(crate) struct Keys {
    own: Credentials,
    role: Option<RoleKeys>,
}

struct RoleKeys {
    http: Client,
    region: String,
    role: Role,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    session: Option<Session>,
    /// Not before then.
    again: Option<Instant>,
}

impl Keys {
    pub(crate) fn new(http: Client, settings: Settings) -> Self {
        let own = settings.credentials.unwrap_or_else(Credentials::anybodys);
        let region = settings.region;
        let role = settings.role.map(|role| RoleKeys {
            http,
            region,
            role,
            held: Mutex::default(),
        });
        Self { own, role }
    }

    /// The keys to sign with now.
    pub(crate) async fn current(&self, limits: Limits<'_>) -> Result<Credentials, CouldNotAsk> {
        match &self.role {
            None => Ok(self.own.clone()),
            Some(role) => role.current(&self.own, limits).await,
        }
    }
}

impl RoleKeys {
    /// One caller fetches while the others wait for the same keys. Keys that could not be renewed are used until they end.
    async fn current(&self, own: &Credentials, limits: Limits<'_>) -> Result<Credentials, CouldNotAsk> {
        let mut held = self.held.lock().await;
        let paused = held.again.is_some_and(|again| Instant::now() < again);
        let early = if paused { Duration::ZERO } else { EARLY };
        if let Some(session) = held.session.as_ref().filter(|session| holds(session, early)) {
            return Ok(session.credentials.clone());
        }
        match self.assume(own, limits).await {
            Ok(session) => {
                held.again = None;
                Ok(held.session.insert(session).credentials.clone())
            }
            Err(error) => {
                held.again = Some(Instant::now() + PAUSE);
                let old = held
                    .session
                    .as_ref()
                    .filter(|session| holds(session, Duration::ZERO));
                old.map(|session| session.credentials.clone()).ok_or(error)
            }
        }
    }

    /// To take a role on counts nowhere: once more where the connection broke, or where the external id is another now.
    async fn assume(&self, own: &Credentials, limits: Limits<'_>) -> Result<Session, CouldNotAsk> {
        let once = || sts::assume_role(&self.http, &self.region, &self.role, own, limits);
        let error = match once().await {
            Ok(session) => return Ok(session),
            Err(error) => error,
        };
        let again = match (error.cause, &self.role.external_id) {
            (Cause::Unreachable | Cause::Broken, _) => true,
            (Cause::NotAllowed, Some(external_id)) => external_id.renew(limits.deadline).await,
            _ => false,
        };
        if again { once().await } else { Err(error) }
    }
}

fn holds(session: &Session, early: Duration) -> bool {
    session
        .expires
        .duration_since(wall_clock())
        .is_ok_and(|left| left > early)
}
