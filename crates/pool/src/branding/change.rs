//! One branding's compare-and-swap loop, and where a request's branding is.

use super::Branding;
use crate::error::{Error, text};
use crate::id::{AppClientId, UserPoolId};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// How often a change is tried against a moving target.
const ATTEMPTS: u32 = 20;

/// Applies `change` to what is stored for the app client, or for all, and stores it; when somebody was faster, to the newer one.
/// A change that leaves all as it is writes nothing.
///
/// # Errors
/// What `change` gives, nothing being written then.
pub(super) async fn change(
    service: &Service,
    user_pool_id: &UserPoolId,
    client_id: Option<&AppClientId>,
    mut change: impl FnMut(&mut Branding) -> Result<(), Error> + Send,
) -> Result<Branding, Error> {
    for _ in 0..ATTEMPTS {
        let found = service.store().find_branding(user_pool_id, client_id).await?;
        let stored = found.unwrap_or_else(|| Branding::new(user_pool_id.clone(), client_id.cloned()));
        let mut branding = stored.clone();
        change(&mut branding)?;
        if branding == stored {
            // It may have come a moment ago, from another node.
            service.forget_branding(user_pool_id, client_id);
            return Ok(branding);
        }
        match service
            .commit(vec![Change::PutBranding(Box::new(branding.clone()))])
            .await
        {
            Err(StoreError::Conflict(Conflict::Changed)) => {}
            Err(failed) => return Err(failed.into()),
            Ok(()) => return Ok(branding),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}

/// The app client of a request, which must be the pool's; the API writes `ALL` for all of them.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub(super) async fn client_of(
    service: &Service,
    user_pool_id: &UserPoolId,
    client_id: Option<&str>,
) -> Result<Option<AppClientId>, Error> {
    let Some(id) = client_id.filter(|id| *id != super::ui_customization::ALL) else {
        return Ok(None);
    };
    let client = service.find_app_client(id).await?;
    let client = client.filter(|client| client.client.user_pool_id == *user_pool_id);
    let unknown = || Error::ResourceNotFound(text::CLIENT_NOT_FOUND.into());
    Ok(Some(client.ok_or_else(unknown)?.client.id.clone()))
}
