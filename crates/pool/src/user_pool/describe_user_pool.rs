//! `DescribeUserPool`.

use super::UserPool;
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::service::Service;

/// A pool as it stands now.
#[derive(Clone, Debug)]
pub struct DescribedUserPool {
    /// The pool.
    pub user_pool: UserPool,
    /// `EstimatedNumberOfUsers`.
    pub estimated_users: u64,
}

/// Describes a pool. The schema does not list `identities`, which the real answer adds.
///
/// # Errors
/// [`Error::ResourceNotFound`] when there is none of this id.
pub async fn describe_user_pool(service: &Service, id: &str) -> Result<DescribedUserPool, Error> {
    let user_pool = read(service, id).await?;
    let estimated_users = service.store().estimate_users(&user_pool.id).await?;
    Ok(DescribedUserPool {
        user_pool,
        estimated_users,
    })
}

/// The pool as the store has it, for those who change it or must not see a stale one.
pub(crate) async fn read(service: &Service, id: &str) -> Result<UserPool, Error> {
    let unknown = || Error::ResourceNotFound(text::pool_unknown(id));
    let parsed = UserPoolId::parse(id).ok_or_else(unknown)?;
    service.store().find_user_pool(&parsed).await?.ok_or_else(unknown)
}
