//! The levers as they stand: read when there is the first event, and again when they are older than they may be.
//!
//! A version that cannot be read or understood changes nothing but the log: the last good one stays. Without a good one
//! nobody is moved, since nobody knows whether somebody wanted them to.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use directory::Secret;
use directory::aws::{Reference, Texts, Unreadable};
use migration::{Deadline, DigestKey, Levers, version_of};
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::settings::levers::{LeversSettings, Lists, WrittenLevers, read};
use crate::settings::{Problems, Settings};

/// What reading levers may take of a try.
const LONGEST_READ: Duration = Duration::from_millis(700);
/// When there are none yet, they are read again after that long: those who wait behind one another are not to ask one after
/// the other.
const SHORT_PAUSE: Duration = Duration::from_secs(1);

pub(crate) struct Board {
    settings: LeversSettings,
    every: Duration,
    texts: Option<Arc<Texts>>,
    digest_key: Option<Secret>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    standing: Option<Arc<Standing>>,
    /// When to read again; never, where there is nothing to read again.
    due: Option<Instant>,
    read: Read,
    /// Read once; where there is none to read, it is not there either.
    key: Option<DigestKey>,
    trouble: Option<Trouble>,
}

/// What was read, by the digests of the texts, to tell whether there is anything new.
#[derive(Default, PartialEq, Eq)]
struct Read {
    levers: Option<String>,
    lists: [Option<String>; 2],
    /// Lists in files by size and time, so that long ones are read when they have changed.
    files: [Option<(u64, SystemTime)>; 2],
}

/// Levers in force.
pub(crate) struct Standing {
    pub(crate) levers: Levers,
    /// The first digits of their text's digest; absent where they are part of the configuration.
    pub(crate) version: Option<String>,
    pub(crate) key: Option<DigestKey>,
}

/// Why there are no levers.
#[derive(Clone)]
pub(crate) enum Trouble {
    Problems(Problems),
    Unreadable(Unreadable),
}

impl Trouble {
    pub(crate) fn is_mistake(&self) -> bool {
        match self {
            Self::Problems(_) => true,
            Self::Unreadable(error) => error.is_mistake(),
        }
    }

    /// As problems of a start.
    pub(crate) fn problems(self) -> Problems {
        match self {
            Self::Problems(problems) => problems,
            Self::Unreadable(error) => Problems::one("levers", error.to_string()),
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problems(problems) => f.write_str(&problems.to_string().replace('\n', "; ")),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

impl Board {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.levers.clone(),
            every: Duration::from_secs(settings.refresh.levers_seconds),
            texts: settings.texts.clone(),
            digest_key: settings.digest_key.clone(),
            state: Mutex::default(),
        }
    }

    /// The levers that count now, and why they are older than they should be. Whoever comes while they are read waits for
    /// the same: a kill switch holds for everybody.
    pub(crate) async fn current(&self) -> (Result<Arc<Standing>, Trouble>, Option<String>) {
        let mut state = self.state.lock().await;
        if state.due.is_none_or(|due| Instant::now() < due) {
            match (&state.standing, &state.trouble) {
                (Some(standing), trouble) => return (Ok(Arc::clone(standing)), trouble.as_ref().map(stays)),
                (None, Some(trouble)) => return (Err(trouble.clone()), None),
                (None, None) => {}
            }
        }
        state.trouble = self.renew(&mut state).await.err();
        let pause = match &state.standing {
            Some(_) => self.is_read_again().then_some(self.every),
            None => Some(SHORT_PAUSE),
        };
        state.due = pause.map(|pause| Instant::now() + pause);
        match (&state.standing, &state.trouble) {
            (Some(standing), trouble) => (Ok(Arc::clone(standing)), trouble.as_ref().map(stays)),
            (None, Some(trouble)) => (Err(trouble.clone()), None),
            // Without trouble they were read.
            (None, None) => (Err(Trouble::Problems(Problems(Vec::new()))), None),
        }
    }

    fn is_read_again(&self) -> bool {
        match &self.settings {
            LeversSettings::From(_) => true,
            LeversSettings::Written(written) => written.lists().iter().any(Option::is_some),
        }
    }

    async fn renew(&self, state: &mut State) -> Result<(), Trouble> {
        let deadline = Deadline::after(LONGEST_READ);
        if state.key.is_none() {
            state.key = self.key(deadline).await?;
        }
        let key = state.key.clone();
        let (version, written) = match &self.settings {
            LeversSettings::Written(written) => (None, written.as_ref().clone()),
            LeversSettings::From(reference) => {
                let text = self.text(reference, deadline).await?;
                (Some(version_of(&text)), parse(&text).map_err(Trouble::Problems)?)
            }
        };
        let lists = written.lists();
        let files = [stamp(lists[0].as_ref()), stamp(lists[1].as_ref())];
        let all_stamped = lists
            .iter()
            .zip(&files)
            .all(|(list, file)| list.is_none() || file.is_some());
        let there = state.standing.is_some();
        if there && all_stamped && state.read.levers == version && state.read.files == files {
            return Ok(());
        }
        let texts = Lists {
            logins: self.list(lists[0].as_ref(), deadline).await?,
            tombstones: self.list(lists[1].as_ref(), deadline).await?,
        };
        let read = Read {
            levers: version.clone(),
            lists: [&texts.logins, &texts.tombstones].map(|text| text.as_deref().map(version_of)),
            files,
        };
        if there && read == state.read {
            return Ok(());
        }
        let levers = written.levers(&texts, key.as_ref()).map_err(Trouble::Problems)?;
        state.standing = Some(Arc::new(Standing { levers, version, key }));
        state.read = read;
        Ok(())
    }

    async fn list(
        &self,
        reference: Option<&Reference>,
        deadline: Deadline,
    ) -> Result<Option<String>, Trouble> {
        match reference {
            Some(reference) => self.text(reference, deadline).await.map(Some),
            None => Ok(None),
        }
    }

    async fn key(&self, deadline: Deadline) -> Result<Option<DigestKey>, Trouble> {
        let Some(secret) = &self.digest_key else {
            return Ok(None);
        };
        let secret = secret.current(deadline).await.map_err(Trouble::Unreadable)?;
        let key = DigestKey::new(secret.expose_secret().as_bytes()).ok_or_else(|| {
            let advice = format!(
                "is too short; write at least {} characters of chance, like those of `openssl rand -hex 32`",
                DigestKey::SHORTEST
            );
            Trouble::Problems(Problems::one("digest_key", advice))
        })?;
        Ok(Some(key))
    }

    async fn text(&self, reference: &Reference, deadline: Deadline) -> Result<String, Trouble> {
        let Some(texts) = &self.texts else {
            let problem = Problems::one("levers", format!("{reference} cannot be read here"));
            return Err(Trouble::Problems(problem));
        };
        let text = texts.read(reference, deadline).await;
        text.map(|text| text.expose_secret().to_owned())
            .map_err(Trouble::Unreadable)
    }
}

fn stays(trouble: &Trouble) -> String {
    format!("the last good levers stay: {trouble}")
}

fn parse(text: &str) -> Result<WrittenLevers, Problems> {
    let mut problems = Problems(Vec::new());
    match text.parse::<toml::Table>() {
        Ok(table) => match read(table, "levers.", &mut problems) {
            Some(written) if problems.0.is_empty() => Ok(written),
            _ => Err(problems),
        },
        Err(error) => Err(Problems::one("levers", error.message())),
    }
}

/// What tells one version of a file from another; `None` for what is no file.
fn stamp(reference: Option<&Reference>) -> Option<(u64, SystemTime)> {
    let metadata = std::fs::metadata(reference?.path()?).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}
