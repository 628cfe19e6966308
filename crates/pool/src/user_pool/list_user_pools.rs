//! `ListUserPools`.

use super::UserPool;
use crate::error::Error;
use crate::id::UserPoolId;
use crate::page;
use crate::service::Service;

/// What binds the tokens of this listing.
const LISTING: &[&str] = &["ListUserPools"];

/// Which page of the pools.
#[derive(Clone, Debug)]
pub struct ListUserPools {
    /// At most so many, 1 to 60.
    pub max_results: u32,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of pools, in the order of their ids.
#[derive(Clone, Debug)]
pub struct ListedUserPools {
    /// The pools.
    pub user_pools: Vec<UserPool>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists the pools.
///
/// # Errors
/// [`Error::InvalidParameter`] for a token that this listing has not given.
pub async fn list_user_pools(service: &Service, request: ListUserPools) -> Result<ListedUserPools, Error> {
    let after: Option<UserPoolId> = page::open_token(service, LISTING, request.next_token.as_deref())?;
    let limit = request.max_results.clamp(1, page::LARGEST);
    let page = service.store().list_user_pools(after.as_ref(), limit).await?;
    let next_token = page::token(service, LISTING, page.next.as_ref())?;
    Ok(ListedUserPools {
        user_pools: page.user_pools,
        next_token,
    })
}
