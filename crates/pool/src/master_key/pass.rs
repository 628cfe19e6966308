//! A pass over everything that rests: what a former key has sealed is sealed anew under the one that seals.
//!
//! Page by page, beside nodes that serve: a record is replaced if it is still as it was read, so that whoever changes it
//! meanwhile loses nothing, and is read again otherwise. The key of a value stands in its header, so a pass that was stopped
//! needs no note of how far it came: the next one passes over what is done. Only a pass that finds nothing ends a rotation, and
//! only one that began when all requests from before the change had ended.

use super::all;
use super::anew::{Anew, Touched};
use super::kept::Kept;
use super::rotation::{RotationError, update};
use crate::device::Device;
use crate::id::UserPoolId;
use crate::ports::{Conflict, StoreError, UserCursor, UserQuery};
use crate::seal::MasterKeyId;
use crate::service::Service;
use crate::time::{Span, Time};

/// How many records are read at a time.
const PAGE: u32 = 500;

/// How many are written in one commit, which others wait for.
const COMMIT: usize = 100;

/// How often one record is tried while others change it.
const ATTEMPTS: u32 = 100;

/// When everything has ended that a node had begun before it heard of the change: a look, and the longest request.
pub const REQUESTS_END_WITHIN: Span = Span::seconds(70);

/// A pass, from page to page.
#[derive(Debug)]
pub struct Pass {
    sealing: MasterKeyId,
    former: Vec<MasterKeyId>,
    began: Time,
    /// When the last former key ceased to seal.
    since: Option<Time>,
    pools: Vec<UserPoolId>,
    place: Place,
    progress: Progress,
    touched: Touched,
}

/// Where a pass is.
#[derive(Debug)]
enum Place {
    /// At a pool itself and its app clients.
    Pool(usize),
    /// At the users of a pool, after one of them.
    Users(usize, Option<UserCursor>),
    /// At the devices of all users, after one of them.
    Devices(Option<Box<Device>>),
    End,
}

/// How far a pass has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// With what.
    pub part: &'static str,
    /// How many records of it are done.
    pub done: u64,
    /// About how many there are; `None` where nobody counts them.
    pub of: Option<u64>,
}

/// What a pass has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// How many values a former key had sealed. They are sealed anew.
    pub anew: u64,
    /// How many values no key that is at hand opens, or that are damaged. They are as they were.
    pub shut: u64,
}

impl Pass {
    /// Begins a pass.
    ///
    /// # Errors
    /// [`RotationError::Lacking`] when the key that seals is not at hand; those of the store.
    pub async fn begin(service: &Service) -> Result<Self, RotationError> {
        let began = service.now();
        let record = service.store().find_master_key_record().await?;
        let record = record.ok_or(RotationError::Unknown)?;
        if !service.sealer.seal_under(record.sealing) {
            return Err(RotationError::Lacking(record.sealing));
        }
        let former = record.keys.iter().filter(|key| key.id != record.sealing);
        let pools = all::pools(service).await?;
        let mut users = 0;
        for pool in &pools {
            users += service.store().estimate_users(pool).await?;
        }
        Ok(Self {
            sealing: record.sealing,
            since: former.clone().filter_map(|key| key.sealed_until).max(),
            former: former.map(|key| key.id).collect(),
            began,
            pools,
            place: Place::Pool(0),
            progress: Progress {
                part: "users",
                done: 0,
                of: Some(users),
            },
            touched: Touched::default(),
        })
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// What it has found so far.
    #[must_use]
    pub fn found(&self) -> Found {
        let Touched { anew, shut } = self.touched;
        Found { anew, shut }
    }

    /// Whether a pass that began when this one did, and finds nothing, is the last: `requests_end_within` after the change
    /// ([`REQUESTS_END_WITHIN`] where nothing is known of the nodes).
    #[must_use]
    pub fn waits_until(&self, requests_end_within: Span) -> Option<Time> {
        let settled = self.since?.plus(requests_end_within);
        (self.began < settled).then_some(settled)
    }

    /// Does the next page. Gives whether there is more to do.
    ///
    /// # Errors
    /// [`RotationError`]; what was done is done.
    pub async fn go_on(&mut self, service: &Service) -> Result<bool, RotationError> {
        match &self.place {
            Place::Pool(n) => {
                let n = *n;
                if let Some(pool) = self.pools.get(n).cloned() {
                    self.pool(service, n, &pool).await?;
                } else {
                    self.place = Place::Devices(None);
                    self.progress = Progress {
                        part: "devices",
                        done: 0,
                        of: None,
                    };
                }
            }
            Place::Users(n, after) => {
                let (n, after) = (*n, after.clone());
                self.users(service, n, after).await?;
            }
            Place::Devices(after) => {
                let page = service.store().list_all_devices(after.as_deref(), PAGE).await?;
                let more = page.len() == PAGE as usize;
                self.place = match page.last().cloned().filter(|_| more) {
                    Some(last) => Place::Devices(Some(Box::new(last))),
                    None => Place::End,
                };
                self.seal(service, page).await?;
            }
            Place::End => {}
        }
        Ok(!matches!(self.place, Place::End))
    }

    /// A pool's own keys, and its app clients.
    async fn pool(&mut self, service: &Service, n: usize, id: &UserPoolId) -> Result<(), RotationError> {
        let pool = service.store().find_user_pool(id).await?;
        self.seal(service, pool.into_iter().collect()).await?;
        self.seal(service, all::app_clients(service, id).await?).await?;
        self.place = Place::Users(n, None);
        Ok(())
    }

    async fn users(
        &mut self,
        service: &Service,
        n: usize,
        after: Option<UserCursor>,
    ) -> Result<(), RotationError> {
        let Some(pool) = self.pools.get(n) else {
            return Ok(());
        };
        let query = UserQuery {
            filter: None,
            after,
            limit: PAGE,
        };
        let page = service.store().list_users(pool, &query).await?;
        self.place = match page.next {
            Some(after) => Place::Users(n, Some(after)),
            None => Place::Pool(n + 1),
        };
        self.progress.done += page.users.len() as u64;
        self.seal(service, page.users).await
    }

    /// Seals records anew as far as they need it, and writes those.
    async fn seal<R: Kept>(&mut self, service: &Service, records: Vec<R>) -> Result<(), RotationError> {
        let anew = Anew {
            service,
            former: &self.former,
        };
        let mut to_write = Vec::new();
        for mut record in records {
            let touched = anew.seal(&mut record)?;
            self.touched += touched;
            if touched.anew > 0 {
                to_write.push(record);
            }
        }
        for batch in to_write.chunks(COMMIT) {
            let changes = batch.iter().cloned().map(R::replaced).collect();
            match service.commit(changes).await {
                Ok(()) => {}
                // One of them has changed since it was read, or is waited for: each on its own, then.
                Err(StoreError::Conflict(_) | StoreError::Busy) => {
                    for record in batch {
                        one(&anew, record).await?;
                    }
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }
}

/// Seals one record anew as it is now, however often others change it meanwhile.
async fn one<R: Kept>(anew: &Anew<'_>, record: &R) -> Result<(), RotationError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let Some(mut newest) = record.read_again(anew.service).await? else {
            return Ok(());
        };
        if anew.seal(&mut newest)?.anew == 0 {
            return Ok(());
        }
        match anew.service.commit(vec![newest.replaced()]).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(Conflict::Changed) | StoreError::Busy) if attempt < ATTEMPTS => {}
            Err(other) => return Err(other.into()),
        }
    }
}

/// Writes down that nothing rests under the former keys any more, after a pass that has found nothing and waited for nobody:
/// nodes can do without them from now on.
///
/// # Errors
/// [`RotationError::Other`] when another key seals by now; those of the store.
pub async fn let_go_of_former(service: &Service, pass: &Pass) -> Result<(), RotationError> {
    let written = update(service, |record| {
        if record.sealing != pass.sealing {
            return Err(RotationError::Other(record.sealing));
        }
        for key in record.keys.iter_mut().filter(|key| pass.former.contains(&key.id)) {
            key.at_rest = false;
        }
        Ok(())
    });
    written.await.map(drop)
}
