//! Where pools, app clients and users are kept.
//!
//! Reads are single look-ups. Writes are lists of [`Change`]s that happen all or not at all: a rule reads,
//! decides, and commits with the versions it has read; when somebody was faster the commit says so and the rule
//! looks again. So no transaction is ever open while a rule waits for a function or a courier.

use async_trait::async_trait;

use crate::app_client::AppClient;
use crate::branding::Branding;
use crate::device::Device;
use crate::group::Group;
use crate::id::{AppClientId, DeviceKey, GroupId, GroupName, LoginKey, Sub, UserPoolId};
use crate::master_key::MasterKeyRecord;
use crate::time::Time;
use crate::token::TokenFamily;
use crate::unknown_name::UnknownName;
use crate::user::User;
use crate::user_pool::UserPool;

use super::Delivery;

/// Keeps the state of all pools.
#[async_trait]
pub trait Store: Send + Sync {
    /// The pool of this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer; so do all methods here.
    async fn find_user_pool(&self, id: &UserPoolId) -> Result<Option<UserPool>, StoreError>;

    /// Pools in the order of their ids, after `after`, at most `limit`.
    async fn list_user_pools(
        &self,
        after: Option<&UserPoolId>,
        limit: u32,
    ) -> Result<UserPoolPage, StoreError>;

    /// The pool that a domain belongs to.
    async fn find_pool_of_domain(&self, domain: &str) -> Result<Option<UserPoolId>, StoreError>;

    /// The app client of this id, whatever its pool.
    async fn find_app_client(&self, id: &AppClientId) -> Result<Option<AppClient>, StoreError>;

    /// App clients of a pool in the order of their ids.
    async fn list_app_clients(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&AppClientId>,
        limit: u32,
    ) -> Result<AppClientPage, StoreError>;

    /// The user whom a user name or active alias signs in. One read.
    async fn find_user(
        &self,
        user_pool_id: &UserPoolId,
        login: &LoginKey,
    ) -> Result<Option<User>, StoreError>;

    /// The user with this `sub`. One read.
    async fn find_user_by_sub(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<User>, StoreError>;

    /// The user with this `sub` and, with it, what has become of the tokens of one of their sign-ins. One read.
    async fn find_bearer(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        origin_jti: &str,
    ) -> Result<Option<(User, Option<TokenFamily>)>, StoreError>;

    /// The group of this name.
    async fn find_group(
        &self,
        user_pool_id: &UserPoolId,
        name: &GroupName,
    ) -> Result<Option<Group>, StoreError>;

    /// The group of this id.
    async fn find_group_by_id(
        &self,
        user_pool_id: &UserPoolId,
        id: &GroupId,
    ) -> Result<Option<Group>, StoreError>;

    /// Groups of a pool in the order of their names, after `after`, at most `limit`.
    async fn list_groups(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&GroupName>,
        limit: u32,
    ) -> Result<Vec<Group>, StoreError>;

    /// How many groups a pool has.
    async fn count_groups(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError>;

    /// Members of a group in the order of their `sub`, after `after`, at most `limit`.
    async fn list_group_members(
        &self,
        user_pool_id: &UserPoolId,
        group: &GroupId,
        after: Option<&Sub>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;

    /// A device of a user.
    async fn find_device(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        key: &DeviceKey,
    ) -> Result<Option<Device>, StoreError>;

    /// Devices of a user in the order of their keys, after `after`, at most `limit`.
    async fn list_devices(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        after: Option<&DeviceKey>,
        limit: u32,
    ) -> Result<Vec<Device>, StoreError>;

    /// Devices of all users of all pools in one order, behind `after`, at most `limit`.
    async fn list_all_devices(&self, after: Option<&Device>, limit: u32) -> Result<Vec<Device>, StoreError>;

    /// What is remembered of a name that leads to nobody, even when its time is up.
    async fn find_unknown_name(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<UnknownName>, StoreError>;

    /// What the pages look like for an app client, or for all without it.
    async fn find_branding(
        &self,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Option<Branding>, StoreError>;

    /// The branding with the managed login style of this id.
    async fn find_branding_by_style(
        &self,
        user_pool_id: &UserPoolId,
        style_id: &str,
    ) -> Result<Option<Branding>, StoreError>;

    /// A page of users.
    async fn list_users(&self, user_pool_id: &UserPoolId, query: &UserQuery) -> Result<UserPage, StoreError>;

    /// About how many users a pool has; cheap at any size, may lag.
    async fn estimate_users(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError>;

    /// Messages whose time has come by `now`, the longest overdue first, at most `limit`.
    async fn due_deliveries(&self, now: Time, limit: u32) -> Result<Vec<Delivery>, StoreError>;

    /// By what the store knows its master keys; `None` when no node was ever started on it.
    async fn find_master_key_record(&self) -> Result<Option<MasterKeyRecord>, StoreError>;

    /// Whether the store can do its work now: it answers, takes writes, and its tables are this release's. Nothing is written.
    ///
    /// # Errors
    /// [`Unready`] says what is amiss.
    async fn ready(&self) -> Result<(), Unready>;

    /// Makes all of `changes` durable, or none. Returns only when a crash can no longer lose them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the state is no longer what the rule had read, or a name is taken.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;
}

/// One change of the state. `version` of what is replaced must still be the one that was read; the store
/// raises it by one.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new pool; its id must be free.
    InsertUserPool(Box<UserPool>),
    /// New settings for a pool.
    ReplaceUserPool(Box<UserPool>),
    /// The pool, its app clients and its users go.
    DeleteUserPool(UserPoolId),
    /// A domain of a pool that must be there; the name must be free.
    InsertDomain {
        /// The name.
        domain: String,
        /// The pool.
        user_pool_id: UserPoolId,
    },
    /// The domain's name is free again.
    DeleteDomain(String),
    /// A new app client; its id must be free.
    InsertAppClient(Box<AppClient>),
    /// New settings for an app client.
    ReplaceAppClient(Box<AppClient>),
    /// The app client goes.
    DeleteAppClient(AppClientId),
    /// A new user and all names that sign them in, each of which must be free in the pool.
    InsertUser {
        /// The user.
        user: Box<User>,
        /// User name and active aliases.
        logins: Vec<LoginKey>,
    },
    /// The user's new state.
    ReplaceUser {
        /// The state, with the version that was read.
        user: Box<User>,
        /// The names that sign the user in from now on; `None` leaves them as they are.
        logins: Option<Vec<LoginKey>>,
    },
    /// The user and their names go.
    DeleteUser {
        /// The pool.
        user_pool_id: UserPoolId,
        /// The user.
        sub: Sub,
    },
    /// A new group; its id and name must be free.
    InsertGroup(Box<Group>),
    /// A group's new state; its name stays.
    ReplaceGroup(Box<Group>),
    /// The group goes, and nobody is in it any more.
    DeleteGroup {
        /// The pool.
        user_pool_id: UserPoolId,
        /// The group.
        id: GroupId,
    },
    /// The user is listed with the group, which must be there. The user's own record says it too, in the same commit.
    AddGroupMember {
        /// The pool.
        user_pool_id: UserPoolId,
        /// The group.
        group: GroupId,
        /// The user.
        sub: Sub,
    },
    /// The user is not listed with the group any more.
    RemoveGroupMember {
        /// The pool.
        user_pool_id: UserPoolId,
        /// The group.
        group: GroupId,
        /// The user.
        sub: Sub,
    },
    /// A new device of a user who must be there; its key must be free.
    InsertDevice(Box<Device>),
    /// A device's new state.
    ReplaceDevice(Box<Device>),
    /// The device goes; one that is gone already is fine.
    DeleteDevice {
        /// The pool.
        user_pool_id: UserPoolId,
        /// The user.
        sub: Sub,
        /// The device.
        key: DeviceKey,
    },
    /// What has become of a sign-in's tokens, written for the first time (version 0) or anew. The user's records whose time
    /// is up by `now` go with it.
    PutTokenFamily {
        /// The record.
        family: Box<TokenFamily>,
        /// The present moment.
        now: Time,
    },
    /// What is remembered of a name that leads to nobody, written for the first time (version 0) or anew. Some of those
    /// whose time is up by `now` go with it.
    PutUnknownName {
        /// The record.
        name: Box<UnknownName>,
        /// The present moment.
        now: Time,
    },
    /// What the pages look like for an app client or for all, written for the first time (version 0) or anew. It goes with the
    /// app client and with the pool.
    PutBranding(Box<Branding>),
    /// A message that was accepted; its id must be free.
    InsertDelivery(Box<Delivery>),
    /// A message's next try, unless somebody else has moved it since it was due at `was_due_at`.
    ReplaceDelivery {
        /// The new state.
        delivery: Box<Delivery>,
        /// The time that was read.
        was_due_at: Time,
    },
    /// A message has come to its end.
    DeleteDelivery(String),
    /// By what the store knows its master keys, written for the first time (version 0) or anew.
    PutMasterKeyRecord(Box<MasterKeyRecord>),
}

/// Why a commit was turned down; nothing of it happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// A user name or alias belongs to another user of the pool.
    #[error("the name belongs to another user")]
    LoginTaken(LoginKey),
    /// The id of a new pool, app client or user is in use.
    #[error("the id is in use")]
    IdTaken,
    /// What was to be replaced has changed since it was read; or what was to be replaced, deleted or added to is gone.
    #[error("the record has changed meanwhile")]
    Changed,
}

/// The store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The state does not allow it.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// So many are before this one that its turn does not come in time; nothing of it happened.
    #[error("the store has too much to do")]
    Busy,
    /// The store is down, full or broken; the source says more, for the log.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why the store cannot do its work now. The texts are for whoever runs it and name nothing secret.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// It fails, or does not answer; the source says more, for the log.
    #[error("the database cannot be used")]
    Unusable(#[from] StoreError),
    /// Something is broken that somebody has to mend, in words for them.
    #[error("{0}")]
    Fault(String),
    /// It answers questions alone.
    #[error("the database takes no writes")]
    ReadOnly,
    /// Its tables are not those that this release works with.
    #[error("the database's tables are not this release's: {0}")]
    Tables(String),
}

/// Pools in order, and whether more follow.
#[derive(Clone, Debug, Default)]
pub struct UserPoolPage {
    /// The pools.
    pub user_pools: Vec<UserPool>,
    /// The last one's id when more follow.
    pub next: Option<UserPoolId>,
}

/// App clients in order, and whether more follow.
#[derive(Clone, Debug, Default)]
pub struct AppClientPage {
    /// The app clients.
    pub app_clients: Vec<AppClient>,
    /// The last one's id when more follow.
    pub next: Option<AppClientId>,
}

/// Which users a listing wants.
#[derive(Clone, Debug)]
pub struct UserQuery {
    /// Only those that match.
    pub filter: Option<UserFilter>,
    /// Where the last page ended.
    pub after: Option<UserCursor>,
    /// At most so many.
    pub limit: u32,
}

/// One condition on one searchable column. Values are normalised by the rule (case folded where the pool ignores
/// case); the store compares them byte by byte with the equally normalised [`User::search_keys`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFilter {
    /// What is compared.
    pub key: crate::user::SearchKey,
    /// With what.
    pub value: String,
    /// How.
    pub comparison: crate::user::Comparison,
}

/// Where a page ended: the value of the filtered key (empty without filter) and the user's `sub`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserCursor {
    /// The last user's value of the filtered key.
    pub key: String,
    /// The last user.
    pub sub: Sub,
}

/// A page of users.
#[derive(Clone, Debug, Default)]
pub struct UserPage {
    /// The users, in the order of (filtered key, `sub`).
    pub users: Vec<User>,
    /// Where the next page starts, when there is more.
    pub next: Option<UserCursor>,
}
