//! Rotating the keys that sign a pool's tokens. No operation of Cognito: there the service does it by itself.

use std::sync::Arc;

use super::describe_user_pool::read;
use super::signing_keys::{KeyPair, KeyState, SealedKey, SigningKeys};
use super::update_user_pool::change_user_pool;
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::jwt::SigningKey;
use crate::seal::Purpose;
use crate::service::Service;
use crate::time::Time;

/// A pair of keys, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedKeyPair {
    /// `kid` of ID tokens.
    pub id_token_kid: String,
    /// `kid` of access tokens.
    pub access_token_kid: String,
    /// From when on it signs.
    pub signs_from: Time,
    /// What it is for now.
    pub state: KeyState,
}

/// Lists a pool's pairs of keys in the order in which they sign.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool.
pub async fn list_signing_keys(
    service: &Service,
    user_pool_id: &str,
) -> Result<Vec<DescribedKeyPair>, Error> {
    let (pool, now) = (read(service, user_pool_id).await?, service.now());
    let kid = |key: &SealedKey| open(service, &pool.id, key).map(|key| key.kid().to_owned());
    let described = pool.signing_keys.pairs().iter().enumerate().map(|(n, pair)| {
        Ok(DescribedKeyPair {
            id_token_kid: kid(&pair.id_token)?,
            access_token_kid: kid(&pair.access_token)?,
            signs_from: pair.signs_from,
            state: pool.signing_keys.state(n, now),
        })
    });
    described.collect()
}

/// Makes the pair of keys that will sign a pool's tokens next. It is published at once and signs once every verifier can be
/// expected to know it.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] while a pair waits already.
pub async fn rotate_signing_keys(service: &Service, user_pool_id: &str) -> Result<(), Error> {
    let pool = read(service, user_pool_id).await?;
    check_none_waits(&pool.signing_keys, service.now())?;
    let signs_from = SigningKeys::may_sign_from(service.now());
    let pair = new_pair(service, &pool.id, signs_from).await?;
    change_user_pool(service, user_pool_id, |pool| {
        let now = service.now();
        check_none_waits(&pool.signing_keys, now)?;
        pool.signing_keys.forget_past(now);
        pool.signing_keys.push(pair.clone());
        Ok(())
    })
    .await
}

fn check_none_waits(keys: &SigningKeys, now: Time) -> Result<(), Error> {
    match keys.next(now) {
        None => Ok(()),
        Some(_) => Err(Error::invalid_parameter(text::SIGNING_KEYS_WAIT)),
    }
}

/// Two new keys, sealed for their pool.
pub(super) async fn new_pair(
    service: &Service,
    pool: &UserPoolId,
    signs_from: Time,
) -> Result<KeyPair, Error> {
    let (id_token, access_token) = tokio::try_join!(new_key(service, pool), new_key(service, pool))?;
    Ok(KeyPair {
        id_token,
        access_token,
        signs_from,
    })
}

/// A new key. Finding two primes takes a tenth of a second, so another thread does it.
async fn new_key(service: &Service, pool: &UserPoolId) -> Result<SealedKey, Error> {
    let entropy = Arc::clone(&service.ports.entropy);
    let key = tokio::task::spawn_blocking(move || entropy.signing_key())
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)?;
    let pkcs8 = key.to_pkcs8().map_err(Error::internal)?;
    let sealed = service
        .sealer
        .seal(Purpose::SigningKey, &[pool.as_str()], &pkcs8, service.entropy())
        .map_err(Error::internal)?;
    Ok(SealedKey(sealed.into_bytes()))
}

/// A key of the pool, ready to sign.
pub(crate) fn open(service: &Service, pool: &UserPoolId, key: &SealedKey) -> Result<SigningKey, Error> {
    let sealed = crate::seal::Sealed::from_bytes(key.0.clone());
    let pkcs8 = service
        .sealer
        .open(Purpose::SigningKey, &[pool.as_str()], &sealed)
        .map_err(Error::internal)?;
    SigningKey::from_pkcs8(&pkcs8).map_err(Error::internal)
}
