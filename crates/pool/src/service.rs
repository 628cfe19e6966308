//! What every use case needs: the ports, the master key, and where in the world this is.

use std::sync::Arc;

use crate::app_client::AppClient;
use crate::branding::Branding;
use crate::encryption_sdk::WrappingKeys;
use crate::error::{Error, text};
use crate::group::Group;
use crate::id::{AppClientId, GroupId, UserPoolId};
use crate::jwt::VerifyingKeys;
use crate::master_key;
use crate::ports::{Change, Clock, Courier, Entropy, Functions, Store, StoreError, Unready};
use crate::registry::{LoadedClient, LoadedKeyPair, LoadedPool, Registry};
use crate::seal::{Purpose, Sealed, Sealer};
use crate::secret::ClientSecret;
use crate::sign_in::Uncounted;
use crate::telemetry::PoolLabels;
use crate::time::Time;
use crate::user_pool::{self, UserPool};

/// The outside, behind its five traits.
#[derive(Clone)]
pub struct Ports {
    /// Where state is kept.
    pub store: Arc<dyn Store>,
    /// The way to Lambda functions.
    pub functions: Arc<dyn Functions>,
    /// The way to people.
    pub courier: Arc<dyn Courier>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

/// Where these pools are, as ids, ARNs and tokens show it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The region in ids and ARNs, like `us-east-1`.
    pub region: String,
    /// The account in ARNs: twelve digits.
    pub account: String,
    /// Where clients reach the server: heads the links in messages.
    pub public_url: String,
    /// How the `iss` claim reads.
    pub issuer: Issuer,
}

/// The form of the `iss` claim.
#[derive(Clone, Debug)]
pub enum Issuer {
    /// `<public URL>/<pool id>`: the keys can be fetched there.
    PublicUrl(String),
    /// `https://cognito-idp.<region>.amazonaws.com/<pool id>`, for verifiers that insist on it.
    Aws,
}

impl Place {
    /// The issuer of a pool's tokens.
    #[must_use]
    pub fn issuer(&self, pool: &UserPoolId) -> String {
        match &self.issuer {
            Issuer::PublicUrl(url) => format!("{}/{pool}", url.trim_end_matches('/')),
            Issuer::Aws => format!("https://cognito-idp.{}.amazonaws.com/{pool}", pool.region()),
        }
    }

    /// The ARN of a pool.
    #[must_use]
    pub fn arn(&self, pool: &UserPoolId) -> String {
        pool.arn(&self.account)
    }
}

/// All pools of one place. Use cases are functions over it.
pub struct Service {
    pub(crate) ports: Ports,
    pub(crate) place: Place,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) wrapping_keys: WrappingKeys,
    pub(crate) pool_labels: PoolLabels,
    pub(crate) uncounted: Uncounted,
    node_name: String,
    registry: Registry,
}

impl Service {
    /// Puts the parts together.
    #[must_use]
    pub fn new(ports: Ports, place: Place, sealer: impl Into<Arc<Sealer>>) -> Self {
        Self {
            ports,
            place,
            sealer: sealer.into(),
            wrapping_keys: WrappingKeys::default(),
            pool_labels: PoolLabels::default(),
            uncounted: Uncounted::default(),
            node_name: "a nameless node".to_owned(),
            registry: Registry::default(),
        }
    }

    /// The same with keys that encrypt codes for custom senders.
    #[must_use]
    pub fn with_wrapping_keys(mut self, keys: WrappingKeys) -> Self {
        self.wrapping_keys = keys;
        self
    }

    /// The same under a name by which people find the process, among others on the same database.
    #[must_use]
    pub fn with_node_name(mut self, name: String) -> Self {
        self.node_name = name;
        self
    }

    /// The name by which people find the process.
    pub(crate) fn node_name(&self) -> &str {
        &self.node_name
    }

    /// Where these pools are.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Time {
        self.ports.clock.now()
    }

    /// Whether the store can do its work now, and this node holds the keys for it.
    ///
    /// # Errors
    /// [`Unready`] says what is amiss.
    pub async fn check_store(&self) -> Result<(), Unready> {
        self.store().ready().await?;
        master_key::look(self).await
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.ports.store
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.ports.entropy
    }

    /// The pool of this id, ready for use.
    ///
    /// # Errors
    /// [`Error::ResourceNotFound`] when there is none.
    pub async fn user_pool(&self, id: &str) -> Result<Arc<LoadedPool>, Error> {
        let unknown = || Error::ResourceNotFound(text::pool_unknown(id));
        let parsed = UserPoolId::parse(id).ok_or_else(unknown)?;
        let now = self.now();
        let before = match self.registry.pools.get(&parsed, now) {
            Ok(found) => return Ok(found),
            Err(before) => before,
        };
        let pool = self.store().find_user_pool(&parsed).await?.ok_or_else(unknown)?;
        let loaded = Arc::new(self.load_pool(pool)?);
        self.registry.pools.put(parsed, Arc::clone(&loaded), now, before);
        Ok(loaded)
    }

    /// The app client of this id, ready for use; `None` when there is none.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn find_app_client(&self, id: &str) -> Result<Option<Arc<LoadedClient>>, Error> {
        let Some(parsed) = AppClientId::parse(id) else {
            return Ok(None);
        };
        let now = self.now();
        let before = match self.registry.clients.get(&parsed, now) {
            Ok(found) => return Ok(Some(found)),
            Err(before) => before,
        };
        let Some(client) = self.store().find_app_client(&parsed).await? else {
            return Ok(None);
        };
        let loaded = Arc::new(self.load_client(client)?);
        self.registry
            .clients
            .put(parsed, Arc::clone(&loaded), now, before);
        Ok(Some(loaded))
    }

    /// The group of this id; `None` when it is gone.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn find_group(
        &self,
        user_pool_id: &UserPoolId,
        id: &GroupId,
    ) -> Result<Option<Arc<Group>>, Error> {
        let (key, now) = ((user_pool_id.clone(), id.clone()), self.now());
        let before = match self.registry.groups.get(&key, now) {
            Ok(found) => return Ok(Option::clone(&found)),
            Err(before) => before,
        };
        let group = self.store().find_group_by_id(user_pool_id, id).await?;
        let group = group.map(Arc::new);
        self.registry
            .groups
            .put(key, Arc::new(group.clone()), now, before);
        Ok(group)
    }

    /// What the pages look like for an app client, or for all without it.
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) async fn find_branding(
        &self,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Option<Arc<Branding>>, Error> {
        let (key, now) = ((user_pool_id.clone(), client_id.cloned()), self.now());
        let before = match self.registry.brandings.get(&key, now) {
            Ok(found) => return Ok(Option::clone(&found)),
            Err(before) => before,
        };
        let branding = self.store().find_branding(user_pool_id, client_id).await?;
        let branding = branding.map(Arc::new);
        self.registry
            .brandings
            .put(key, Arc::new(branding.clone()), now, before);
        Ok(branding)
    }

    /// Lets go of what was read of it, which the store has shown to be stale.
    pub(crate) fn forget_branding(&self, user_pool_id: &UserPoolId, client_id: Option<&AppClientId>) {
        let key = (user_pool_id.clone(), client_id.cloned());
        self.registry.brandings.forget(&key);
    }

    /// Commits, and lets go of what the registry had read of it before.
    pub(crate) async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let touched: Vec<_> = changes.iter().map(touched).collect();
        let outcome = self.store().commit(changes).await;
        for touched in touched {
            match touched {
                Touched::Pool(id) => {
                    self.registry.pools.forget(&id);
                    self.registry
                        .clients
                        .forget_all(|_, loaded| loaded.client.user_pool_id == id);
                }
                Touched::Client(id) => self.registry.clients.forget(&id),
                Touched::Group(pool, id) => self.registry.groups.forget(&(pool, id)),
                Touched::Branding(pool, client) => self.registry.brandings.forget(&(pool, client)),
                Touched::Nothing => {}
            }
        }
        outcome
    }

    fn load_pool(&self, mut pool: UserPool) -> Result<LoadedPool, Error> {
        pool.signing_keys.forget_past(self.now());
        let open = |key| user_pool::open_signing_key(self, &pool.id, key);
        let pairs = pool.signing_keys.pairs().iter().map(|pair| {
            Ok(LoadedKeyPair {
                id_token: open(&pair.id_token)?,
                access_token: open(&pair.access_token)?,
            })
        });
        let key_pairs = pairs.collect::<Result<Vec<_>, Error>>()?;
        let keys = key_pairs
            .iter()
            .flat_map(|pair| [&pair.id_token, &pair.access_token]);
        let verifying_keys = VerifyingKeys::new(keys).map_err(Error::internal)?;
        Ok(LoadedPool {
            pool,
            key_pairs,
            verifying_keys,
        })
    }

    fn load_client(&self, client: AppClient) -> Result<LoadedClient, Error> {
        let secret = self.client_secret(&client)?;
        Ok(LoadedClient { client, secret })
    }

    /// The secret of an app client, unsealed, if it has one.
    pub(crate) fn client_secret(&self, client: &AppClient) -> Result<Option<ClientSecret>, Error> {
        let Some(sealed) = &client.sealed_secret else {
            return Ok(None);
        };
        let sealed = Sealed::from_bytes(sealed.0.clone());
        let bytes = self
            .sealer
            .open(Purpose::ClientSecret, &[client.id.as_str()], &sealed)
            .map_err(Error::internal)?;
        let text = std::str::from_utf8(&bytes).map_err(Error::internal)?;
        Ok(Some(ClientSecret::new(text.to_owned())))
    }
}

/// What of the registry a change makes stale.
enum Touched {
    Pool(UserPoolId),
    Client(AppClientId),
    Group(UserPoolId, GroupId),
    Branding(UserPoolId, Option<AppClientId>),
    /// Users, what belongs to them, and messages are not kept there.
    Nothing,
}

fn touched(change: &Change) -> Touched {
    match change {
        Change::InsertUserPool(pool) | Change::ReplaceUserPool(pool) => Touched::Pool(pool.id.clone()),
        Change::DeleteUserPool(id) => Touched::Pool(id.clone()),
        Change::InsertAppClient(client) | Change::ReplaceAppClient(client) => {
            Touched::Client(client.id.clone())
        }
        Change::DeleteAppClient(id) => Touched::Client(id.clone()),
        Change::InsertGroup(group) | Change::ReplaceGroup(group) => {
            Touched::Group(group.user_pool_id.clone(), group.id.clone())
        }
        Change::DeleteGroup { user_pool_id, id } => Touched::Group(user_pool_id.clone(), id.clone()),
        Change::PutBranding(branding) => {
            Touched::Branding(branding.user_pool_id.clone(), branding.client_id.clone())
        }
        Change::InsertUser { .. }
        | Change::ReplaceUser { .. }
        | Change::DeleteUser { .. }
        | Change::AddGroupMember { .. }
        | Change::RemoveGroupMember { .. }
        | Change::InsertDevice(_)
        | Change::ReplaceDevice(_)
        | Change::DeleteDevice { .. }
        | Change::PutTokenFamily { .. }
        | Change::PutUnknownName { .. }
        | Change::InsertDelivery(_)
        | Change::ReplaceDelivery { .. }
        | Change::InsertDomain { .. }
        | Change::DeleteDomain(_)
        | Change::PutMasterKeyRecord(_)
        | Change::DeleteDelivery(_) => Touched::Nothing,
    }
}
