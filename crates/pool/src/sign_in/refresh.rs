//! `REFRESH_TOKEN_AUTH`: new ID and access tokens for a sign-in that has taken place.

use trigger::pre_token_generation::Source;

use super::step::Step;
use crate::error::{Error, text};
use crate::subject::check_secret_hash;
use crate::token::{self, Grant, Tokens};

/// Exchanges a refresh token. The secret hash is over the user's real name, since the request names nobody.
pub(super) async fn refresh(step: &Step<'_>) -> Result<Tokens, Error> {
    let (service, parameters) = (step.service, step.parameters);
    let (pool, client) = (&step.subject.pool, &step.subject.client);
    let refresh_token = parameters.required("REFRESH_TOKEN")?;
    let hash = parameters.get("SECRET_HASH");
    if client.secret.is_some() && hash.is_none() {
        return Err(Error::NotAuthorized(text::secret_hash_missing(&client.client.id)));
    }
    let sign_in = token::open_refresh_token(service, &pool.pool.id, refresh_token)?;
    if sign_in.client_id != client.client.id {
        return Err(Error::not_authorized(text::REFRESH_TOKEN_OF_OTHER_CLIENT));
    }
    if service.now() >= sign_in.expires_at {
        return Err(Error::not_authorized(text::REFRESH_TOKEN_EXPIRED));
    }
    let user = service
        .store()
        .find_user_by_sub(&pool.pool.id, &sign_in.sub)
        .await?
        .ok_or_else(|| Error::not_authorized(text::REFRESH_TOKEN_USER_DELETED))?;
    check_secret_hash(client, user.username.as_str(), hash)?;
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if token::is_revoked(&user, sign_in.auth_time) {
        return Err(Error::not_authorized(text::REFRESH_TOKEN_REVOKED));
    }
    let grant = Grant {
        service,
        pool,
        client: &client.client,
        user: &user,
        caller: step.caller,
        source: Source::RefreshTokens,
    };
    token::issue(&grant, &sign_in).await
}
