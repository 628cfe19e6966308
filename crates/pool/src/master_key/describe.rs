//! What the master keys of a database are for, for whoever looks after them.

use super::rotation::RotationError;
use super::{MasterKeyRecord, all};
use crate::app_client::AppClient;
use crate::seal::MasterKeyId;
use crate::service::Service;
use crate::time::{Span, Time};

/// When everything short-lived has ended that a key had sealed: sessions, authorization codes, what keeps a browser signed in
/// (an hour), and messages that wait for their carrier (tried for a little more than an hour).
pub const SHORT_LIVED: Span = Span::hours(2);

/// A master key, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescribedMasterKey {
    /// Which.
    pub id: MasterKeyId,
    /// What it is for.
    pub state: MasterKeyState,
    /// Whether it is at hand.
    pub held: bool,
}

/// What a master key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MasterKeyState {
    /// It is at hand, and nothing was sealed under it.
    Unused,
    /// It seals.
    Sealing,
    /// It seals no more, and something that rests may be sealed under it.
    AtRest {
        /// When it ceased to seal.
        sealed_until: Option<Time>,
    },
    /// It seals no more, and nothing rests under it.
    Former {
        /// When it ceased to seal.
        sealed_until: Option<Time>,
        /// Until when refresh tokens that it has sealed may be worth something, as app clients are set now.
        refresh_tokens_until: Option<Time>,
    },
}

/// The master keys that the database knows, in the order in which they began to seal, and then those at hand besides.
///
/// # Errors
/// [`RotationError::Unknown`] when no node was ever started on the database; those of the store.
pub async fn describe(service: &Service) -> Result<Vec<DescribedMasterKey>, RotationError> {
    let record = service.store().find_master_key_record().await?;
    let record = record.ok_or(RotationError::Unknown)?;
    let longest = if record.keys.len() > 1 {
        longest_refresh_token_life(service).await?
    } else {
        Span::default()
    };
    let known = record.keys.iter().map(|key| DescribedMasterKey {
        id: key.id,
        held: service.sealer.holds(key.id),
        state: if key.id == record.sealing {
            MasterKeyState::Sealing
        } else if key.at_rest {
            MasterKeyState::AtRest {
                sealed_until: key.sealed_until,
            }
        } else {
            MasterKeyState::Former {
                sealed_until: key.sealed_until,
                refresh_tokens_until: key.sealed_until.map(|until| until.plus(longest)),
            }
        },
    });
    let besides = unused(service, &record).into_iter().map(|id| DescribedMasterKey {
        id,
        held: true,
        state: MasterKeyState::Unused,
    });
    Ok(known.chain(besides).collect())
}

/// The keys at hand that the database does not know.
fn unused(service: &Service, record: &MasterKeyRecord) -> Vec<MasterKeyId> {
    let held = service.sealer.master_keys();
    held.filter(|id| record.key(*id).is_none()).collect()
}

/// The longest that a refresh token of any app client lives.
async fn longest_refresh_token_life(service: &Service) -> Result<Span, RotationError> {
    let mut longest = Span::default();
    for pool in all::pools(service).await? {
        let clients = all::app_clients(service, &pool).await?;
        longest = clients
            .iter()
            .map(AppClient::refresh_token_life)
            .fold(longest, Span::max);
    }
    Ok(longest)
}
