//! The access token of an app client that acts for itself: no user, no ID token, no refresh token.
//!
//! Source: *Scopes, M2M, and resource servers*, *Client credentials* in the guide to the access token.

use serde_json::{Map, Value};

use super::{Tokens, pre_token_generation};
use crate::app_client::AppClient;
use crate::error::Error;
use crate::oauth::Scopes;
use crate::registry::LoadedPool;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::subject::Caller;

/// Gives an app client its token, after the pool's function has had its say (event version 3 alone).
///
/// # Errors
/// Those of the *pre token generation* trigger, and [`Error::Internal`].
pub(crate) async fn issue_to_app_client(
    service: &Service,
    pool: &LoadedPool,
    client: &AppClient,
    scopes: &Scopes,
    caller: &Caller,
) -> Result<Tokens, Error> {
    let customised =
        pre_token_generation::customise_for_app_client(service, &pool.pool, client, scopes, caller).await?;
    let issued_at = service.now().seconds();
    let life = client.access_token_life().as_seconds();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("sub", client.id.as_str().into());
    put("token_use", "access".into());
    put("scope", scopes.to_string().into());
    put("auth_time", issued_at.into());
    put("iss", service.place().issuer(&pool.pool.id).into());
    put("exp", (issued_at + life).into());
    put("iat", issued_at.into());
    put("version", 2.into());
    put("jti", service.entropy().uuid().into());
    put("client_id", client.id.as_str().into());
    customised.apply(client, &mut Map::new(), &mut claims);
    let keys = pool.signing_keys(service.now())?;
    let signed = keys.access_token.sign(&claims).map_err(Error::internal)?;
    Ok(Tokens {
        access_token: AccessToken::new(signed),
        id_token: None,
        refresh_token: None,
        expires_in: life,
        new_device: None,
    })
}
