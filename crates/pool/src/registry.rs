//! Pools and app clients that have been read lately, with their keys unsealed and parsed.
//!
//! Parsing an RSA key costs as much as signing with it, so a sign-in must find it ready. A change that is made through
//! this process is seen at once; one made elsewhere within [`STALE_AFTER`].

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use crate::app_client::AppClient;
use crate::id::{AppClientId, UserPoolId};
use crate::jwt::{SigningKey, VerifyingKeys};
use crate::secret::ClientSecret;
use crate::time::{Span, Time};
use crate::user_pool::UserPool;

/// How old what the registry answers can be.
pub const STALE_AFTER: Span = Span::seconds(5);

/// A pool, ready to sign tokens.
#[derive(Debug)]
pub struct LoadedPool {
    /// The pool.
    pub pool: UserPool,
    /// Signs ID tokens.
    pub id_token_key: SigningKey,
    /// Signs access tokens.
    pub access_token_key: SigningKey,
    /// Verify what either has signed.
    pub verifying_keys: VerifyingKeys,
}

/// An app client, its secret unsealed.
#[derive(Debug)]
pub struct LoadedClient {
    /// The app client.
    pub client: AppClient,
    /// Its secret, if it has one.
    pub secret: Option<ClientSecret>,
}

/// What has been read lately.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    pub(crate) pools: Recent<UserPoolId, LoadedPool>,
    pub(crate) clients: Recent<AppClientId, LoadedClient>,
}

/// Values by key, each with the time at which it was read.
#[derive(Debug)]
pub(crate) struct Recent<K, V>(RwLock<HashMap<K, (Time, Arc<V>)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Hash + Eq, V> Recent<K, V> {
    /// The value, unless it has grown stale.
    pub(crate) fn get(&self, key: &K, now: Time) -> Option<Arc<V>> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = entries.get(key)?;
        (now.since(*read_at) < STALE_AFTER).then(|| Arc::clone(value))
    }

    /// Remembers what has just been read.
    pub(crate) fn put(&self, key: K, value: Arc<V>, now: Time) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, (now, value));
    }

    /// Forgets what has just been changed.
    pub(crate) fn forget(&self, key: &K) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
