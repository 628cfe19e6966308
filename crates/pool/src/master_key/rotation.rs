//! One master key takes the place of another.
//!
//! A key that seals has to open everywhere. So it is proposed first; a node that lacks it says so, within the time in which
//! every node looks at the record; and only when none has, it is written down as the one that seals. Chosen over an order of
//! lines in every node's file: one commit decides for all nodes at once, none of them needs a restart for it, and a node that
//! was forgotten stops the change instead of being stopped by it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{KnownMasterKey, MasterKeyRecord};
use crate::ports::{Change, Conflict, StoreError, Unready};
use crate::seal::{MasterKeyId, SealError};
use crate::service::Service;
use crate::time::{Span, Time};

/// How often every node looks at the record.
pub const LOOKS_EVERY: Span = Span::seconds(1);

/// How long a proposal waits for nodes that lack the key: some looks.
pub const HEARD_WITHIN: Span = Span::seconds(5);

/// For how long a proposal keeps others off.
const PROPOSED_FOR: Span = Span::minutes(1);

/// How often a change of the record is tried against a moving target.
const ATTEMPTS: u32 = 100;

/// A key that is to seal next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which.
    pub id: MasterKeyId,
    /// When it was proposed.
    pub at: Time,
    /// The names of nodes that lack it.
    pub lacked_by: BTreeSet<String>,
}

/// Why a key cannot take over.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// It is not at hand here.
    #[error("the master key {0} is not at hand")]
    Lacking(MasterKeyId),
    /// Nodes that run lack it.
    #[error("the master key {id} is not in the file of {}", .nodes.join(" and "))]
    LackedBy {
        /// The key.
        id: MasterKeyId,
        /// The nodes, by their names.
        nodes: Vec<String>,
    },
    /// Somebody has another key take over.
    #[error("somebody is about to have the master key {0} seal")]
    Other(MasterKeyId),
    /// The database knows no keys: no node was ever started on it.
    #[error("the database knows no master key")]
    Unknown,
    /// It cannot be sealed with.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Proposes that a key seal next. Then [`HEARD_WITHIN`] has to pass.
///
/// # Errors
/// [`RotationError::Lacking`]; [`RotationError::Other`] while another is proposed; those of the store.
pub async fn propose(service: &Service, id: MasterKeyId) -> Result<(), RotationError> {
    if !service.sealer.holds(id) {
        return Err(RotationError::Lacking(id));
    }
    let now = service.now();
    let proposed = update(service, |record| {
        let other = record.proposed.as_ref();
        let other = other.filter(|other| other.id != id && now < other.at.plus(PROPOSED_FOR));
        if let Some(other) = other {
            return Err(RotationError::Other(other.id));
        }
        record.proposed = Some(Proposal {
            id,
            at: now,
            lacked_by: BTreeSet::new(),
        });
        Ok(())
    });
    proposed.await.map(drop)
}

/// Has a key that was proposed seal from now on, here at once and on all nodes within [`LOOKS_EVERY`].
///
/// # Errors
/// [`RotationError::LackedBy`] when a node has said that it lacks it; [`RotationError::Other`] when another was proposed
/// meanwhile; those of the store. The key before goes on sealing then.
pub async fn take_over(service: &Service, id: MasterKeyId) -> Result<(), RotationError> {
    let now = service.now();
    let record = update(service, |record| {
        let proposal = record.proposed.take();
        let proposal = proposal.ok_or(RotationError::Other(record.sealing))?;
        if proposal.id != id {
            return Err(RotationError::Other(proposal.id));
        }
        if !proposal.lacked_by.is_empty() {
            let nodes = proposal.lacked_by.into_iter().collect();
            return Err(RotationError::LackedBy { id, nodes });
        }
        record.go_over(service, id, now)
    });
    let record = record.await?;
    service.sealer.seal_under(record.sealing);
    Ok(())
}

/// What every node does now and then: seals under the key that the record names, and says so when it lacks one that is
/// proposed.
///
/// # Errors
/// [`Unready`] when it lacks a key that is needed already, or the record cannot be read.
pub async fn look(service: &Service) -> Result<(), Unready> {
    let Some(record) = service.store().find_master_key_record().await? else {
        return Ok(());
    };
    if lacks_what_is_proposed(service, &record) {
        let objected = update(service, |record| {
            let lacks = lacks_what_is_proposed(service, record);
            if let Some(proposal) = record.proposed.as_mut().filter(|_| lacks) {
                proposal.lacked_by.insert(service.node_name().to_owned());
            }
            Ok(())
        });
        // Somebody else's change is found at the next look.
        if let Err(RotationError::Store(error)) = objected.await {
            return Err(Unready::Unusable(error));
        }
    }
    if let Some(lacking) = record.needed().find(|id| !service.sealer.holds(*id)) {
        let reason = format!("the data is sealed with the master key {lacking}, which this server lacks");
        return Err(Unready::Fault(reason));
    }
    service.sealer.seal_under(record.sealing);
    Ok(())
}

fn lacks_what_is_proposed(service: &Service, record: &MasterKeyRecord) -> bool {
    record.proposed.as_ref().is_some_and(|proposal| {
        !service.sealer.holds(proposal.id) && !proposal.lacked_by.contains(service.node_name())
    })
}

impl MasterKeyRecord {
    fn go_over(&mut self, service: &Service, id: MasterKeyId, now: Time) -> Result<(), RotationError> {
        if self.sealing == id {
            return Ok(());
        }
        let digest_key = self.digest_key(&service.sealer);
        let digest_key = digest_key.ok_or(RotationError::Lacking(self.sealing))?;
        for key in self.keys.iter_mut().filter(|key| key.id == self.sealing) {
            key.sealed_until = Some(now);
        }
        // One that sealed before may do so again.
        self.keys.retain(|key| key.id != id);
        let next = KnownMasterKey::sealing(&service.sealer, id, &digest_key, service.entropy())?;
        self.keys.push(next);
        self.sealing = id;
        Ok(())
    }
}

/// Changes the record, however many do so at once. Gives it as it is then.
pub(super) async fn update<C>(service: &Service, mut change: C) -> Result<MasterKeyRecord, RotationError>
where
    C: FnMut(&mut MasterKeyRecord) -> Result<(), RotationError> + Send,
{
    let mut attempt = 0;
    loop {
        attempt += 1;
        let found = service.store().find_master_key_record().await?;
        let before = found.ok_or(RotationError::Unknown)?;
        let mut record = before.clone();
        change(&mut record)?;
        if record == before {
            return Ok(record);
        }
        let put = Change::PutMasterKeyRecord(Box::new(record.clone()));
        match service.commit(vec![put]).await {
            Ok(()) => {
                record.version += 1;
                return Ok(record);
            }
            Err(StoreError::Conflict(Conflict::Changed)) if attempt < ATTEMPTS => {}
            Err(other) => return Err(other.into()),
        }
    }
}
