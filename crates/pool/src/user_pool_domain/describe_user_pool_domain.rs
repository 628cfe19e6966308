//! `DescribeUserPoolDomain`.

use super::UserPoolDomain;
use crate::error::Error;
use crate::id::UserPoolId;
use crate::service::Service;
use crate::user_pool::read_user_pool;

/// A domain and its pool.
#[derive(Clone, Debug)]
pub struct DescribedUserPoolDomain {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// The domain.
    pub domain: UserPoolDomain,
}

/// The domain of this name; `None` when there is none, which the real service answers with an empty description (observed).
///
/// # Errors
/// Those of the store.
pub async fn describe_user_pool_domain(
    service: &Service,
    name: &str,
) -> Result<Option<DescribedUserPoolDomain>, Error> {
    let Some(user_pool_id) = service.store().find_pool_of_domain(name).await? else {
        return Ok(None);
    };
    let pool = match read_user_pool(service, user_pool_id.as_str()).await {
        // Deleted between the two reads.
        Err(Error::ResourceNotFound(_)) => return Ok(None),
        other => other?,
    };
    let domain = pool.domains.named(name).cloned();
    Ok(domain.map(|domain| DescribedUserPoolDomain { user_pool_id, domain }))
}
