//! `ListWebAuthnCredentials`.

use super::{MOST, Passkey};
use crate::error::Error;
use crate::page;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;

/// Which passkeys.
#[derive(Debug)]
pub struct ListWebAuthnCredentials {
    /// Whose.
    pub access_token: AccessToken,
    /// At most so many, 0 to 20; 0 and none are 20.
    pub max_results: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of passkeys, the oldest first.
#[derive(Debug)]
pub struct ListedWebAuthnCredentials {
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists the passkeys of a user.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for a token that was not given for this user.
pub async fn list_web_authn_credentials(
    service: &Service,
    request: &ListWebAuthnCredentials,
) -> Result<ListedWebAuthnCredentials, Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let passkeys = bearer.user.passkeys;
    let listing = [
        "ListWebAuthnCredentials",
        bearer.pool.pool.id.as_str(),
        bearer.user.sub.as_str(),
    ];
    let after: Option<String> = page::open_token(service, &listing, request.next_token.as_deref())?;
    // Where the last passkey of the page before is gone, the listing starts anew.
    let start = passkeys
        .iter()
        .position(|passkey| Some(&passkey.credential_id) == after.as_ref());
    let limit = match request.max_results.map(usize::try_from) {
        Some(Ok(limit)) if (1..=MOST).contains(&limit) => limit,
        _ => MOST,
    };
    let mut rest = passkeys.into_iter().skip(start.map_or(0, |found| found + 1));
    let shown: Vec<Passkey> = rest.by_ref().take(limit).collect();
    let last = shown.last().map(|passkey| &passkey.credential_id);
    let next_token = page::token(service, &listing, last.filter(|_| rest.next().is_some()))?;
    Ok(ListedWebAuthnCredentials {
        passkeys: shown,
        next_token,
    })
}
