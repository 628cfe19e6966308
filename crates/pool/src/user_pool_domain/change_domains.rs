//! The loop in which the domains of a pool are changed, together with the index that keeps names unique.

use super::UserPoolDomains;
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;
use crate::user_pool::read_user_pool;

/// How often a change is made again when others change the same pool.
const TRIES: u32 = 8;

/// Reads the pool, changes its domains and commits, names that come and go included; again when somebody else was faster.
pub(super) async fn change_domains(
    service: &Service,
    user_pool_id: &str,
    mut change: impl FnMut(&mut UserPoolDomains) -> Result<(), Error>,
) -> Result<(), Error> {
    for _ in 0..TRIES {
        let mut pool = read_user_pool(service, user_pool_id).await?;
        let before = pool.domains.clone();
        change(&mut pool.domains)?;
        pool.modified_at = service.now();
        let mut changes = names(&before, &pool.domains, &pool.id);
        changes.push(Change::ReplaceUserPool(Box::new(pool)));
        match service.commit(changes).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(Conflict::IdTaken)) => {
                return Err(Error::invalid_parameter(text::DOMAIN_TAKEN));
            }
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}

/// The names that go, then those that come.
fn names(before: &UserPoolDomains, after: &UserPoolDomains, pool: &UserPoolId) -> Vec<Change> {
    let gone = before.names().filter(|name| after.named(name).is_none());
    let new = after.names().filter(|name| before.named(name).is_none());
    let delete = |name: &str| Change::DeleteDomain(name.to_owned());
    let insert = |name: &str| Change::InsertDomain {
        domain: name.to_owned(),
        user_pool_id: pool.clone(),
    };
    gone.map(delete).chain(new.map(insert)).collect()
}
