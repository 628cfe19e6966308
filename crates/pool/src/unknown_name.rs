//! What is remembered of a name that leads to nobody: as much as of a user.
//!
//! Where an app client hides who does not exist, wrong passwords and codes lock such a name, codes that were asked for are
//! counted, and a session works once, as for everybody else; and each of these is one write, so that neither an answer nor
//! its time tells the two apart. A record goes an hour after the last of it: by then nothing in it counts any more.
//!
//! Chosen: of the real service it is not known whether unknown names lock (*Managing user existence error responses* is
//! silent), but a lock that only users have would name them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::id::{Sub, UserPoolId};
use crate::ports::{Change, Conflict, StoreError};
use crate::pretence;
use crate::service::Service;
use crate::time::{Span, Time};
use crate::user::{CodePurpose, IssuedCode, Lockout};
use crate::user_pool::UserPool;

/// The longest time for which anything of it counts.
const KEPT_FOR: Span = Span::hours(1);

/// How often a change is tried against a moving target. Each failure means that another change went through.
const ATTEMPTS: u32 = 100;

/// A name that leads to nobody. The name itself is not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownName {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// The id that nobody of this name is said to have, a keyed digest.
    pub sub: Sub,
    /// Wrong passwords and codes of late.
    pub lockout: Lockout,
    /// Codes that are said to have been sent.
    pub codes: BTreeMap<CodePurpose, IssuedCode>,
    /// Sessions that were used, each until it would have ended anyway.
    pub used_sessions: BTreeMap<String, Time>,
    /// When it goes.
    pub expires_at: Time,
    /// Counts the writes; 0 before the first.
    pub version: i64,
}

impl UnknownName {
    fn new(user_pool_id: UserPoolId, sub: Sub, version: i64) -> Self {
        Self {
            user_pool_id,
            sub,
            lockout: Lockout::default(),
            codes: BTreeMap::new(),
            used_sessions: BTreeMap::new(),
            expires_at: Time(0),
            version,
        }
    }

    /// Remembers that what is known by `id` was used; false when it had been used before.
    pub(crate) fn use_once(&mut self, id: &str, ends_at: Time, now: Time) -> bool {
        self.used_sessions.retain(|_, ends_at| now < *ends_at);
        self.used_sessions.insert(id.to_owned(), ends_at).is_none()
    }
}

/// What is remembered of the name that was typed, or of the user name that is said to stand behind it. One read.
pub(crate) async fn find(service: &Service, pool: &UserPool, login: &str) -> Result<UnknownName, Error> {
    read(service, &pool.id, pretence::sub(service, pool, login)).await
}

/// Applies `change` to the record as read, and commits; when somebody was faster, applies it to the newer one.
///
/// # Errors
/// What `change` gives, nothing being written then.
pub(crate) async fn update<C>(service: &Service, mut name: UnknownName, mut change: C) -> Result<(), Error>
where
    C: FnMut(&mut UnknownName) -> Result<(), Error> + Send,
{
    for _ in 0..ATTEMPTS {
        let now = service.now();
        let mut changed = name.clone();
        change(&mut changed)?;
        changed.expires_at = now.plus(KEPT_FOR);
        let put = Change::PutUnknownName {
            name: Box::new(changed),
            now,
        };
        match service.commit(vec![put]).await {
            Err(StoreError::Conflict(Conflict::Changed)) => {
                name = read(service, &name.user_pool_id, name.sub).await?;
            }
            done => return done.map_err(Error::from),
        }
    }
    Err(Error::internal("an unknown name never stood still"))
}

async fn read(service: &Service, user_pool_id: &UserPoolId, sub: Sub) -> Result<UnknownName, Error> {
    let found = service.store().find_unknown_name(user_pool_id, &sub).await?;
    let version = found.as_ref().map_or(0, |name| name.version);
    let found = found.filter(|name| service.now() < name.expires_at);
    Ok(found.unwrap_or_else(|| UnknownName::new(user_pool_id.clone(), sub, version)))
}
