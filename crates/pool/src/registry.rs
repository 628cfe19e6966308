//! Pools, app clients and groups that have been read lately, with their keys unsealed and parsed.
//!
//! Parsing an RSA key costs as much as signing with it, so a sign-in must find it ready. A change that is made through
//! this process is seen at once; one made elsewhere within [`STALE_AFTER`].

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use crate::app_client::AppClient;
use crate::branding::Branding;
use crate::error::Error;
use crate::group::Group;
use crate::id::{AppClientId, GroupId, UserPoolId};
use crate::jwt::{Jwk, SigningKey, VerifyingKeys};
use crate::secret::{ClientSecret, secret_hash};
use crate::telemetry;
use crate::time::{Span, Time};
use crate::user_pool::{KeyState, UserPool};

/// How old what the registry answers can be.
pub const STALE_AFTER: Span = Span::seconds(5);

/// A pool, ready to sign tokens.
#[derive(Debug)]
pub struct LoadedPool {
    /// The pool, without keys that are past.
    pub pool: UserPool,
    /// The keys of the pool, in the same order.
    pub key_pairs: Vec<LoadedKeyPair>,
    /// Verify what any of them has signed.
    pub verifying_keys: VerifyingKeys,
}

/// Two keys that sign at the same time.
#[derive(Debug)]
pub struct LoadedKeyPair {
    /// Signs ID tokens.
    pub id_token: SigningKey,
    /// Signs access tokens.
    pub access_token: SigningKey,
}

impl LoadedPool {
    /// The keys that sign now.
    ///
    /// # Errors
    /// [`Error::Internal`] when the pool has none.
    pub(crate) fn signing_keys(&self, now: Time) -> Result<&LoadedKeyPair, Error> {
        self.key_pairs
            .get(self.pool.signing_keys.signing(now))
            .ok_or_else(|| Error::internal("the pool has no signing key"))
    }

    /// The public keys that verifiers may need now: those that sign first, as the real service lists them.
    #[must_use]
    pub fn published_keys(&self, now: Time) -> Vec<Jwk> {
        let keys = &self.pool.signing_keys;
        let signing = keys.signing(now);
        let others =
            (0..self.key_pairs.len()).filter(|n| *n != signing && keys.state(*n, now) != KeyState::Past);
        std::iter::once(signing)
            .chain(others)
            .filter_map(|n| self.key_pairs.get(n))
            .flat_map(|pair| [pair.id_token.jwk(), pair.access_token.jwk()])
            .collect()
    }
}

/// An app client, its secret unsealed.
#[derive(Debug)]
pub struct LoadedClient {
    /// The app client.
    pub client: AppClient,
    /// Its secret, if it has one.
    pub secret: Option<ClientSecret>,
}

impl LoadedClient {
    /// `SECRET_HASH` over `username` where the app client has a secret: the pool's own pages act for every app client.
    #[must_use]
    pub fn secret_hash(&self, username: &str) -> Option<String> {
        let secret = self.secret.as_ref()?;
        Some(secret_hash(username, self.client.id.as_str(), secret))
    }
}

/// What has been read lately.
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) pools: Recent<UserPoolId, LoadedPool>,
    pub(crate) clients: Recent<AppClientId, LoadedClient>,
    /// With `None` for one that is gone: users keep its id, and a sign-in must not look for it each time.
    pub(crate) groups: Recent<(UserPoolId, GroupId), Option<Arc<Group>>>,
    /// With `None` for an app client without one, and for a pool with none for all.
    pub(crate) brandings: Recent<(UserPoolId, Option<AppClientId>), Option<Arc<Branding>>>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            pools: Recent::named("user_pool"),
            clients: Recent::named("app_client"),
            groups: Recent::named("group"),
            brandings: Recent::named("branding"),
        }
    }
}

/// Values by key, each with the time at which it was read.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    /// What its look-ups are counted under.
    name: &'static str,
    entries: RwLock<Entries<K, V>>,
}

#[derive(Debug)]
struct Entries<K, V> {
    values: HashMap<K, (Time, Arc<V>)>,
    /// Counts what has been forgotten: who reads the store meanwhile may hold what is no longer so.
    forgotten: u64,
}

/// How much had been forgotten before a value was read from the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before(u64);

impl<K: Hash + Eq, V> Recent<K, V> {
    fn named(name: &'static str) -> Self {
        Self {
            name,
            entries: RwLock::new(Entries {
                values: HashMap::new(),
                forgotten: 0,
            }),
        }
    }

    /// The value, unless it has grown stale.
    ///
    /// # Errors
    /// What to give to [`Recent::put`] after the store has been read.
    pub(crate) fn get(&self, key: &K, now: Time) -> Result<Arc<V>, Before> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let found = match entries.values.get(key) {
            Some((read_at, value)) if now.since(*read_at) < STALE_AFTER => Ok(Arc::clone(value)),
            _ => Err(Before(entries.forgotten)),
        };
        drop(entries);
        telemetry::cache(self.name, found.is_ok());
        found
    }

    /// Remembers what has just been read, unless something was forgotten since `before`.
    pub(crate) fn put(&self, key: K, value: Arc<V>, now: Time, before: Before) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.forgotten == before.0 {
            entries.values.insert(key, (now, value));
        }
    }

    /// Forgets what has just been changed.
    pub(crate) fn forget(&self, key: &K) {
        self.forget_all(|other, _| other == key);
    }

    /// Forgets all that `stale` says.
    pub(crate) fn forget_all(&self, stale: impl Fn(&K, &V) -> bool) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.values.retain(|key, (_, value)| !stale(key, value));
        entries.forgotten += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_before_a_change_and_put_after_it_is_not_kept() {
        let recent = Recent::<&str, &str>::named("client");
        let before = recent.get(&"client", Time(0)).unwrap_err();
        recent.forget(&"client");
        recent.put("client", Arc::new("as it was"), Time(0), before);
        assert!(recent.get(&"client", Time(0)).is_err());
    }

    #[test]
    fn what_is_read_after_a_change_is_kept_until_it_is_stale() {
        let recent = Recent::<&str, &str>::named("client");
        recent.forget(&"client");
        let before = recent.get(&"client", Time(0)).unwrap_err();
        recent.put("client", Arc::new("as it is"), Time(0), before);
        assert_eq!(*recent.get(&"client", Time(0)).unwrap(), "as it is");
        assert!(recent.get(&"client", Time(0).plus(STALE_AFTER)).is_err());
    }
}
