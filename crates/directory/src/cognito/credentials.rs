//! Whose keys sign: the function's own, or those of a role taken on, kept until shortly before they expire.

use std::time::{Duration, SystemTime};

use migration::{CouldNotAsk, Deadline};
use reqwest::Client;
use tokio::sync::Mutex;

use super::settings::{Credentials, Role, Settings};
use super::sts::{self, Session};
use crate::clock::wall_clock;

/// New keys are fetched this long before the old ones end.
const EARLY: Duration = Duration::from_mins(5);

pub(crate) struct Keys {
    own: Credentials,
    role: Option<RoleKeys>,
}

struct RoleKeys {
    http: Client,
    region: String,
    role: Role,
    session: Mutex<Option<Session>>,
}

impl Keys {
    pub(crate) fn new(http: Client, settings: Settings) -> Self {
        let anybody = || Credentials::new("rehome".to_owned(), "rehome".to_owned(), None);
        let own = settings.credentials.unwrap_or_else(anybody);
        let region = settings.region;
        let role = settings.role.map(|role| RoleKeys {
            http,
            region,
            role,
            session: Mutex::new(None),
        });
        Self { own, role }
    }

    /// The keys to sign with now.
    pub(crate) async fn current(&self, deadline: Deadline) -> Result<Credentials, CouldNotAsk> {
        match &self.role {
            None => Ok(self.own.clone()),
            Some(role) => role.current(&self.own, deadline).await,
        }
    }
}

impl RoleKeys {
    /// One caller fetches while the others wait for the same keys.
    async fn current(&self, own: &Credentials, deadline: Deadline) -> Result<Credentials, CouldNotAsk> {
        let mut session = self.session.lock().await;
        if let Some(session) = session.as_ref().filter(|session| is_fresh(session.expires)) {
            return Ok(session.credentials.clone());
        }
        let assumed = sts::assume_role(&self.http, &self.region, &self.role, own, deadline).await?;
        Ok(session.insert(assumed).credentials.clone())
    }
}

fn is_fresh(expires: SystemTime) -> bool {
    expires
        .duration_since(wall_clock())
        .is_ok_and(|left| left > EARLY)
}
