//! The user info endpoint: what an access token may know of its user.
//!
//! Source: *The user attributes endpoint*. Values are texts, truth values included, as its sample shows.

use serde_json::{Map, Value};

use super::scope::OPENID;
use crate::error::Error;
use crate::id::UserPoolId;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token;

/// `sub`, the attributes that the token's scopes show and its app client may read, and `username`. `host` is as at
/// [`authorization::check`](super::authorization::check).
///
/// # Errors
/// [`Error::NotAuthorized`] and others of a token that is worth nothing, is another pool's, or lacks `openid`.
pub async fn user_info(
    service: &Service,
    host: Option<&UserPoolId>,
    access_token: &AccessToken,
) -> Result<Map<String, Value>, Error> {
    let authorized = token::authorize_for(service, access_token, OPENID).await?;
    let user = &authorized.user;
    if host.is_some_and(|pool| user.user_pool_id != *pool) {
        return Err(Error::not_authorized(crate::error::text::INVALID_ACCESS_TOKEN));
    }
    let client = &authorized.client.client;
    let mut known = Map::new();
    known.insert("sub".to_owned(), user.sub.as_str().into());
    for (name, value) in user.attributes.iter() {
        if authorized.scopes.show(name) && client.may_read(name) {
            known.insert(name.to_owned(), value.into());
        }
    }
    known.insert("username".to_owned(), user.username.as_str().into());
    Ok(known)
}
