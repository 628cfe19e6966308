//! The log-out endpoint: where a browser goes once its session is gone.
//!
//! Source: *Logout endpoint*: a registered `logout_uri`, or the parameters of another sign-in. No token is revoked.

use super::authorization::{self, Pairs, Refused, once};
use crate::id::UserPoolId;
use crate::service::Service;

/// Where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To the app's own page.
    App(String),
    /// To the sign-in page, with the query as it came.
    SignIn,
}

/// Checks the query of a request to the log-out endpoint. `host` is as at [`authorization::check`].
///
/// # Errors
/// [`Refused`], after which nobody is logged out.
pub async fn check(
    service: &Service,
    host: Option<&UserPoolId>,
    pairs: &Pairs,
) -> Result<Destination, Refused> {
    let client_id = once(pairs, "client_id").ok().flatten();
    let page = |error| Refused::Page {
        error,
        client_id: client_id.map(str::to_owned),
    };
    let Ok(logout_uri) = once(pairs, "logout_uri") else {
        return Err(page("invalid_request"));
    };
    let Some(logout_uri) = logout_uri else {
        return authorization::check(service, host, pairs)
            .await
            .map(|_| Destination::SignIn);
    };
    let client = match client_id {
        Some(id) => service.find_app_client(id).await?,
        None => return Err(page("invalid_request")),
    };
    let client = client.filter(|client| host.is_none_or(|pool| client.client.user_pool_id == *pool));
    let Some(client) = client else {
        return Err(page("unauthorized_client"));
    };
    if client.client.settings.oauth.has_logout(logout_uri) {
        Ok(Destination::App(super::redirect(
            logout_uri,
            super::Part::Query,
            &[],
        )))
    } else {
        Err(page("redirect_mismatch"))
    }
}
