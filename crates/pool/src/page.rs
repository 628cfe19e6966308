//! Pages of a listing: the token that says where the next one starts.
//!
//! A token is sealed, so that it tells nothing and nobody can make one, and bound to the listing (and its pool and
//! filter), so that it works nowhere else. It holds a position, no state: it never goes stale.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, text};
use crate::seal::{Purpose, Sealed};
use crate::service::Service;

/// Most entries of a page, and how many come when nothing is asked for.
pub(crate) const LARGEST: u32 = 60;

/// The token for the page after `position`.
pub(crate) fn token<T: Serialize>(
    service: &Service,
    listing: &[&str],
    position: Option<&T>,
) -> Result<Option<String>, Error> {
    let Some(position) = position else { return Ok(None) };
    let sealed = service
        .sealer
        .seal_json(Purpose::PaginationToken, listing, position, service.entropy());
    Ok(Some(sealed.map_err(Error::internal)?.to_url_text()))
}

/// The position that a token stands for.
pub(crate) fn open_token<T: DeserializeOwned>(
    service: &Service,
    listing: &[&str],
    token: Option<&str>,
) -> Result<Option<T>, Error> {
    let Some(token) = token else { return Ok(None) };
    Sealed::from_url_text(token)
        .and_then(|sealed| {
            service
                .sealer
                .open_json(Purpose::PaginationToken, listing, &sealed)
        })
        .map(Some)
        .map_err(|_| Error::invalid_parameter(text::INVALID_PAGE_TOKEN))
}
