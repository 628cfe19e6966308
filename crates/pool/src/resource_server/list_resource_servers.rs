//! `ListResourceServers`.

use super::ResourceServer;
use crate::error::Error;
use crate::page;
use crate::service::Service;
use crate::user_pool::read_user_pool;

/// Most entries of a page, and how many come when nothing is asked for. Source: API reference.
const LARGEST: u32 = 50;

/// Which page of a pool's resource servers.
#[derive(Clone, Debug)]
pub struct ListResourceServers {
    /// The pool.
    pub user_pool_id: String,
    /// At most so many, 1 to 50; 50 when not given.
    pub max_results: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of resource servers, in the order of their identifiers.
#[derive(Clone, Debug)]
pub struct ListedResourceServers {
    /// The resource servers.
    pub resource_servers: Vec<ResourceServer>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists a pool's resource servers.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for a token that this listing has not given.
pub async fn list_resource_servers(
    service: &Service,
    request: ListResourceServers,
) -> Result<ListedResourceServers, Error> {
    let pool = read_user_pool(service, &request.user_pool_id).await?;
    let listing = ["ListResourceServers", pool.id.as_str()];
    let after: Option<String> = page::open_token(service, &listing, request.next_token.as_deref())?;
    let limit = request.max_results.unwrap_or(LARGEST).clamp(1, LARGEST) as usize;
    let mut servers = pool.resource_servers;
    servers.retain(|server| after.as_ref().is_none_or(|after| server.identifier > *after));
    let more = servers.len() > limit;
    servers.truncate(limit);
    let last = servers.last().filter(|_| more).map(|server| &server.identifier);
    let next_token = page::token(service, &listing, last)?;
    Ok(ListedResourceServers {
        resource_servers: servers,
        next_token,
    })
}
