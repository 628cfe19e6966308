//! `ListUserPoolClients`.

use super::AppClient;
use crate::error::Error;
use crate::id::AppClientId;
use crate::page;
use crate::service::Service;

/// Which page of a pool's app clients.
#[derive(Clone, Debug)]
pub struct ListUserPoolClients {
    /// The pool.
    pub user_pool_id: String,
    /// At most so many, 1 to 60; 60 when not given.
    pub max_results: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of app clients, in the order of their ids.
#[derive(Clone, Debug)]
pub struct ListedUserPoolClients {
    /// The app clients.
    pub app_clients: Vec<AppClient>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists a pool's app clients.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for a token that this listing has not
/// given.
pub async fn list_user_pool_clients(
    service: &Service,
    request: ListUserPoolClients,
) -> Result<ListedUserPoolClients, Error> {
    let pool = service.user_pool(&request.user_pool_id).await?;
    let id = &pool.pool.id;
    let listing = ["ListUserPoolClients", id.as_str()];
    let after: Option<AppClientId> = page::open_token(service, &listing, request.next_token.as_deref())?;
    let limit = request
        .max_results
        .unwrap_or(page::LARGEST)
        .clamp(1, page::LARGEST);
    let page = service
        .store()
        .list_app_clients(id, after.as_ref(), limit)
        .await?;
    let next_token = page::token(service, &listing, page.next.as_ref())?;
    Ok(ListedUserPoolClients {
        app_clients: page.app_clients,
        next_token,
    })
}
