//! `REFRESH_TOKEN_AUTH`: new ID and access tokens for a sign-in that has taken place.

use trigger::pre_token_generation::Source;

use super::step::Step;
use crate::error::{Error, text};
use crate::subject::check_secret_hash;
use crate::token::{self, Grant, Presented, Tokens, Worth};

/// Exchanges a refresh token. The secret hash is over the user's real name, since the request names nobody.
pub(super) async fn refresh(step: &Step<'_>) -> Result<Tokens, Error> {
    let (service, parameters) = (step.service, step.parameters);
    let (pool, client) = (&step.subject.pool, &step.subject.client);
    let refresh_token = parameters.required("REFRESH_TOKEN")?;
    let hash = parameters.get("SECRET_HASH");
    if client.secret.is_some() && hash.is_none() {
        return Err(Error::NotAuthorized(text::secret_hash_missing(&client.client.id)));
    }
    let presented = Presented::new(service, step.subject, refresh_token).await?;
    check_secret_hash(client, presented.user.username.as_str(), hash)?;
    if presented.worth(service)? != Worth::Good {
        return Err(Error::not_authorized(text::REFRESH_TOKEN_REVOKED));
    }
    presented
        .check_device(service, &pool.pool, parameters.get("DEVICE_KEY"))
        .await?;
    let grant = Grant {
        service,
        pool,
        client: &client.client,
        user: &presented.user,
        caller: step.caller,
        source: Source::RefreshTokens,
    };
    token::issue(&grant, &presented.sign_in).await
}
