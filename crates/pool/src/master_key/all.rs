//! All pools and all their app clients, which are few beside users: whole, not by pages.

use crate::app_client::AppClient;
use crate::id::UserPoolId;
use crate::ports::StoreError;
use crate::service::Service;

/// How many are read at a time.
const PAGE: u32 = 60;

/// The ids of all pools.
pub(super) async fn pools(service: &Service) -> Result<Vec<UserPoolId>, StoreError> {
    let (mut pools, mut after) = (Vec::new(), None);
    loop {
        let page = service.store().list_user_pools(after.as_ref(), PAGE).await?;
        pools.extend(page.user_pools.into_iter().map(|pool| pool.id));
        after = page.next;
        if after.is_none() {
            return Ok(pools);
        }
    }
}

/// The app clients of a pool.
pub(super) async fn app_clients(service: &Service, pool: &UserPoolId) -> Result<Vec<AppClient>, StoreError> {
    let (mut clients, mut after) = (Vec::new(), None);
    loop {
        let page = service
            .store()
            .list_app_clients(pool, after.as_ref(), PAGE)
            .await?;
        clients.extend(page.app_clients);
        after = page.next;
        if after.is_none() {
            return Ok(clients);
        }
    }
}
