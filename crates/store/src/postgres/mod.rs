//! The store on PostgreSQL: any number of nodes on one database.
//!
//! Questions share a few connections, each with many under way; a transaction has one for itself. A read whose connection
//! is lost is asked once more on another. What a lost connection means for a write is told in `writers`.

mod connect_error;
mod connection;
mod copy;
mod dialect;
mod error;
mod hosts;
mod places;
mod readers;
mod replica;
mod schema;
mod session;
mod text;
mod tls;
mod url;
mod writers;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pool::app_client::AppClient;
use pool::branding::Branding;
use pool::device::Device;
use pool::group::Group;
use pool::id::{AppClientId, DeviceKey, GroupId, GroupName, LoginKey, Sub, UserPoolId};
use pool::master_key::MasterKeyRecord;
use pool::ports::{
    AppClientPage, Change, Delivery, Store, StoreError, Unready, UserPage, UserPoolPage, UserQuery,
};
use pool::time::Time;
use pool::token::TokenFamily;
use pool::unknown_name::UnknownName;
use pool::user::User;
use pool::user_pool::UserPool;

pub use connect_error::ConnectError;
pub use error::Said;
pub use url::{DatabaseUrl, UrlError};

pub(crate) use self::connection::Connection;
use self::connection::{SHORT_LIMIT, USUAL_LIMIT};
use self::error::is_lost;
use self::readers::Readers;
use self::replica::Replica;
use self::schema::Purpose;
use self::session::PostgresSession;
use self::writers::Writers;
use crate::migration::Applied;
use crate::{
    app_client, branding, delivery, device, group, listing, master_key_record, migration, telemetry,
    token_family, unknown_name, user, user_count, user_pool, user_pool_domain,
};

/// How the database is used.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// Where it is.
    pub url: DatabaseUrl,
    /// A replica for listings of users, groups and members, which may lag behind; nothing else is ever read there.
    pub read_url: Option<DatabaseUrl>,
    /// The most connections that this process holds, beside those to a replica. At least four.
    pub connections: usize,
    /// Whether the tables are brought to this release's state.
    pub migrate: bool,
}

impl PostgresSettings {
    /// As many connections as one node usually does with.
    pub const USUAL_CONNECTIONS: usize = 20;

    /// The usual settings for a database.
    #[must_use]
    pub fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            read_url: None,
            connections: Self::USUAL_CONNECTIONS,
            migrate: true,
        }
    }
}

/// All pools in one database of PostgreSQL.
#[derive(Debug)]
pub struct PostgresStore {
    /// What a sign-in reads.
    readers: Readers,
    /// A page of a listing takes longer than a look-up, which is not to wait behind it.
    listings: Readers,
    /// Where pages are read instead, as long as it answers.
    replica: Option<Replica>,
    writers: Arc<Writers>,
}

impl PostgresStore {
    /// Connects, checks the database and brings one of an earlier release to the present tables. Needs a tokio runtime, and
    /// works in that one alone.
    ///
    /// # Errors
    /// [`ConnectError`] says what is wrong and what to do about it.
    pub async fn open(settings: PostgresSettings) -> Result<Self, ConnectError> {
        telemetry::postgres();
        let first = hosts::connect(&settings.url).await?;
        let purpose = if settings.migrate {
            Purpose::Serve
        } else {
            Purpose::ServeAsTheyAre
        };
        schema::prepare(&first, &settings.url, purpose).await?;
        let readers = (settings.connections / 5).max(1);
        let listings = (settings.connections / 10).max(1);
        let writers = settings.connections.saturating_sub(readers + listings);
        let replica = settings.read_url.map(|url| {
            let readers = Readers::new("listings", url.for_reading(), listings, USUAL_LIMIT);
            Replica::new(readers)
        });
        Ok(Self {
            readers: Readers::new("reads", settings.url.clone(), readers, SHORT_LIMIT),
            listings: Readers::new("listings", settings.url.clone(), listings, USUAL_LIMIT),
            replica,
            writers: Arc::new(Writers::new(settings.url, writers, first)),
        })
    }
}

/// A connection that reads or fills the whole database.
pub(crate) async fn open_for_transfer(url: &DatabaseUrl, moving: bool) -> Result<Connection, ConnectError> {
    let connection = hosts::connect(url).await?;
    let purpose = if moving { Purpose::Fill } else { Purpose::Serve };
    schema::prepare(&connection, url, purpose).await?;
    Ok(connection)
}

/// What a database records of its tables.
pub(crate) async fn recorded(url: &DatabaseUrl) -> Result<Applied, ConnectError> {
    let connection = hosts::connect(url).await?;
    schema::recorded(&connection, url).await
}

/// A session on a connection.
pub(crate) fn session(connection: &Connection, limit: Duration) -> PostgresSession<'_> {
    PostgresSession { connection, limit }
}

/// Asks a question on a connection of some readers, and once more when that connection turns out to be lost.
macro_rules! ask {
    ($readers:expr, $session:ident => $question:expr) => {{
        let readers = &$readers;
        let _place = readers.place().await?;
        let mut once_more = true;
        loop {
            let connection = readers.connection().await?;
            let mut session = PostgresSession {
                connection: &connection,
                limit: readers.limit(),
            };
            let $session = &mut session;
            match $question.await {
                Err(error) if once_more && is_lost(&error) => {
                    telemetry::retry("read");
                    once_more = false;
                }
                answer => break answer,
            }
        }
    }};
}

/// Asks for a page: at the replica where there is one that answers, else at the primary.
macro_rules! ask_for_page {
    ($store:expr, $session:ident => $question:expr) => {{
        if let Some(replica) = $store.replica.as_ref().filter(|replica| replica.is_asked()) {
            let answer: Result<_, StoreError> =
                async { ask!(replica.readers, $session => $question) }.await;
            if replica.has_answered(&answer) {
                return answer;
            }
        }
        ask!($store.listings, $session => $question)
    }};
}

#[async_trait]
impl Store for PostgresStore {
    async fn find_user_pool(&self, id: &UserPoolId) -> Result<Option<UserPool>, StoreError> {
        ask!(self.readers, session => user_pool::find(session, id))
    }

    async fn list_user_pools(
        &self,
        after: Option<&UserPoolId>,
        limit: u32,
    ) -> Result<UserPoolPage, StoreError> {
        ask!(self.readers, session => user_pool::list(session, after, limit))
    }

    async fn find_pool_of_domain(&self, domain: &str) -> Result<Option<UserPoolId>, StoreError> {
        ask!(self.readers, session => user_pool_domain::find_pool(session, domain))
    }

    async fn find_app_client(&self, id: &AppClientId) -> Result<Option<AppClient>, StoreError> {
        ask!(self.readers, session => app_client::find(session, id))
    }

    async fn list_app_clients(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&AppClientId>,
        limit: u32,
    ) -> Result<AppClientPage, StoreError> {
        ask!(self.readers, session => app_client::list(session, user_pool_id, after, limit))
    }

    async fn find_user(
        &self,
        user_pool_id: &UserPoolId,
        login: &LoginKey,
    ) -> Result<Option<User>, StoreError> {
        ask!(self.readers, session => user::find_by_login(session, user_pool_id, login))
    }

    async fn find_user_by_sub(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<User>, StoreError> {
        ask!(self.readers, session => user::find_by_sub(session, user_pool_id, sub))
    }

    async fn find_bearer(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        origin_jti: &str,
    ) -> Result<Option<(User, Option<TokenFamily>)>, StoreError> {
        ask!(self.readers, session => token_family::find_bearer(session, user_pool_id, sub, origin_jti))
    }

    async fn find_group(
        &self,
        user_pool_id: &UserPoolId,
        name: &GroupName,
    ) -> Result<Option<Group>, StoreError> {
        ask!(self.readers, session => group::find_by_name(session, user_pool_id, name))
    }

    async fn find_group_by_id(
        &self,
        user_pool_id: &UserPoolId,
        id: &GroupId,
    ) -> Result<Option<Group>, StoreError> {
        ask!(self.readers, session => group::find_by_id(session, user_pool_id, id))
    }

    async fn list_groups(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&GroupName>,
        limit: u32,
    ) -> Result<Vec<Group>, StoreError> {
        ask_for_page!(self, session => group::list(session, user_pool_id, after, limit))
    }

    async fn count_groups(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        ask!(self.readers, session => group::count(session, user_pool_id))
    }

    async fn list_group_members(
        &self,
        user_pool_id: &UserPoolId,
        group: &GroupId,
        after: Option<&Sub>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        ask_for_page!(self, session => group::list_members(session, user_pool_id, group, after, limit))
    }

    async fn find_device(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        key: &DeviceKey,
    ) -> Result<Option<Device>, StoreError> {
        ask!(self.readers, session => device::find(session, user_pool_id, sub, key))
    }

    async fn list_devices(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        after: Option<&DeviceKey>,
        limit: u32,
    ) -> Result<Vec<Device>, StoreError> {
        ask!(self.readers, session => device::list(session, user_pool_id, sub, after, limit))
    }

    async fn list_all_devices(&self, after: Option<&Device>, limit: u32) -> Result<Vec<Device>, StoreError> {
        ask!(self.readers, session => device::list_all(session, after, limit))
    }

    async fn find_unknown_name(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<UnknownName>, StoreError> {
        ask!(self.readers, session => unknown_name::find(session, user_pool_id, sub))
    }

    async fn find_branding(
        &self,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Option<Branding>, StoreError> {
        ask!(self.readers, session => branding::find(session, user_pool_id, client_id))
    }

    async fn find_branding_by_style(
        &self,
        user_pool_id: &UserPoolId,
        style_id: &str,
    ) -> Result<Option<Branding>, StoreError> {
        ask!(self.readers, session => branding::find_by_style(session, user_pool_id, style_id))
    }

    async fn list_users(&self, user_pool_id: &UserPoolId, query: &UserQuery) -> Result<UserPage, StoreError> {
        ask_for_page!(self, session => listing::list(session, user_pool_id, query))
    }

    async fn estimate_users(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        ask!(self.readers, session => user_count::estimate(session, user_pool_id))
    }

    async fn due_deliveries(&self, now: Time, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        ask!(self.readers, session => delivery::due(session, now, limit))
    }

    async fn find_master_key_record(&self) -> Result<Option<MasterKeyRecord>, StoreError> {
        ask!(self.readers, session => master_key_record::find(session))
    }

    async fn ready(&self) -> Result<(), Unready> {
        let recorded = ask!(self.readers, session => migration::recorded(session))?;
        migration::check(&recorded)?;
        if ask!(self.readers, session => session::is_read_only(session))?
            || self.writers.are_read_only().await?
        {
            return Err(Unready::ReadOnly);
        }
        Ok(())
    }

    /// A caller who goes away meanwhile does not stop it, as on SQLite.
    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let writers = Arc::clone(&self.writers);
        let committed = tokio::spawn(async move { writers.commit(changes).await });
        // A panic has dropped the connection, and with it the transaction.
        committed.await.unwrap_or_else(|_| {
            Err(StoreError::Failed(
                "the write panicked and has been undone".into(),
            ))
        })
    }
}
