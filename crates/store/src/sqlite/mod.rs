//! The store on SQLite: one file, one thread that writes, connections that read.
//!
//! Reads run where they are called: they take some microseconds, less than handing them to another thread. Writes go
//! to the one writer, which makes all that are waiting durable with one write to the disk.

mod backup;
mod check;
mod connection;
mod directory;
mod error;
mod readers;
mod session;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;

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

pub use backup::{BackedUp, BackupError, BackupProgress, backup};
pub use check::Check;
pub use connection::OpenError;
pub use directory::make_directory;

pub(crate) use self::session::SqliteSession;

use self::check::Checker;
use self::error::EngineError;
use self::readers::Readers;
use self::session::at_once;
use self::writer::Writer;
use crate::migration::Applied;
use crate::{
    app_client, branding, change, delivery, device, group, listing, master_key_record, migration, telemetry,
    token_family, unknown_name, user, user_count, user_pool, user_pool_domain,
};

/// All pools in one SQLite file.
///
/// When it is dropped, the writes that are under way are finished and the write-ahead log is brought into the file.
/// Several processes may have one file open; writes of one then wait for those of the other.
#[derive(Debug)]
pub struct SqliteStore {
    // In this order: the writer goes last, so that it closes the file and folds the log into it.
    checker: Checker,
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file at `path`, or makes it, and its directory, readable by their owner alone. Brings a file of an
    /// earlier release to the present tables.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with the file and what to do about it.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let connection = connection::open_writer(path)?;
        telemetry::sqlite();
        let writer = Writer::start(connection).map_err(OpenError::Thread)?;
        Ok(Self {
            checker: Checker::idle(),
            readers: Readers::new(path),
            writer,
        })
    }

    /// The same, to serve from: when the last run did not end by itself, the file is read from end to end beside the
    /// work, and nothing more is written once it turns out to be damaged.
    ///
    /// # Errors
    /// [`OpenError`], as for [`SqliteStore::open`].
    pub fn open_checked(path: &Path) -> Result<Self, OpenError> {
        // Opening folds a short log into the file.
        let was_left_open = check::was_left_open(path);
        let mut store = Self::open(path)?;
        if was_left_open {
            store.checker = Checker::start(path).map_err(OpenError::Thread)?;
        }
        Ok(store)
    }

    /// What is known of the file.
    #[must_use]
    pub fn check(&self) -> Check {
        self.checker.outcome()
    }
}

/// A connection that reads or fills the whole file.
pub(crate) fn open_for_transfer(path: &Path, moving: bool) -> Result<rusqlite::Connection, OpenError> {
    connection::open(path, moving)
}

/// What a file records of its tables.
pub(crate) fn recorded(path: &Path) -> Result<Applied, OpenError> {
    connection::recorded(path)
}

/// Runs a statement that binds nothing.
pub(crate) fn run(connection: &rusqlite::Connection, sql: &str) -> Result<(), StoreError> {
    connection.execute_batch(sql).map_err(error::store_error)
}

#[async_trait]
impl Store for SqliteStore {
    async fn find_user_pool(&self, id: &UserPoolId) -> Result<Option<UserPool>, StoreError> {
        self.readers.read(|session| at_once(user_pool::find(session, id)))
    }

    async fn list_user_pools(
        &self,
        after: Option<&UserPoolId>,
        limit: u32,
    ) -> Result<UserPoolPage, StoreError> {
        self.readers
            .read(|session| at_once(user_pool::list(session, after, limit)))
    }

    async fn find_pool_of_domain(&self, domain: &str) -> Result<Option<UserPoolId>, StoreError> {
        self.readers
            .read(|session| at_once(user_pool_domain::find_pool(session, domain)))
    }

    async fn find_app_client(&self, id: &AppClientId) -> Result<Option<AppClient>, StoreError> {
        self.readers
            .read(|session| at_once(app_client::find(session, id)))
    }

    async fn list_app_clients(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&AppClientId>,
        limit: u32,
    ) -> Result<AppClientPage, StoreError> {
        self.readers
            .read(|session| at_once(app_client::list(session, user_pool_id, after, limit)))
    }

    async fn find_user(
        &self,
        user_pool_id: &UserPoolId,
        login: &LoginKey,
    ) -> Result<Option<User>, StoreError> {
        self.readers
            .read(|session| at_once(user::find_by_login(session, user_pool_id, login)))
    }

    async fn find_user_by_sub(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<User>, StoreError> {
        self.readers
            .read(|session| at_once(user::find_by_sub(session, user_pool_id, sub)))
    }

    async fn find_bearer(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        origin_jti: &str,
    ) -> Result<Option<(User, Option<TokenFamily>)>, StoreError> {
        self.readers
            .read(|session| at_once(token_family::find_bearer(session, user_pool_id, sub, origin_jti)))
    }

    async fn find_group(
        &self,
        user_pool_id: &UserPoolId,
        name: &GroupName,
    ) -> Result<Option<Group>, StoreError> {
        self.readers
            .read(|session| at_once(group::find_by_name(session, user_pool_id, name)))
    }

    async fn find_group_by_id(
        &self,
        user_pool_id: &UserPoolId,
        id: &GroupId,
    ) -> Result<Option<Group>, StoreError> {
        self.readers
            .read(|session| at_once(group::find_by_id(session, user_pool_id, id)))
    }

    async fn list_groups(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&GroupName>,
        limit: u32,
    ) -> Result<Vec<Group>, StoreError> {
        self.readers
            .read(|session| at_once(group::list(session, user_pool_id, after, limit)))
    }

    async fn count_groups(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        self.readers
            .read(|session| at_once(group::count(session, user_pool_id)))
    }

    async fn list_group_members(
        &self,
        user_pool_id: &UserPoolId,
        group: &GroupId,
        after: Option<&Sub>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        self.readers
            .read(|session| at_once(group::list_members(session, user_pool_id, group, after, limit)))
    }

    async fn find_device(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        key: &DeviceKey,
    ) -> Result<Option<Device>, StoreError> {
        self.readers
            .read(|session| at_once(device::find(session, user_pool_id, sub, key)))
    }

    async fn list_devices(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        after: Option<&DeviceKey>,
        limit: u32,
    ) -> Result<Vec<Device>, StoreError> {
        self.readers
            .read(|session| at_once(device::list(session, user_pool_id, sub, after, limit)))
    }

    async fn list_all_devices(&self, after: Option<&Device>, limit: u32) -> Result<Vec<Device>, StoreError> {
        self.readers
            .read(|session| at_once(device::list_all(session, after, limit)))
    }

    async fn find_unknown_name(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<UnknownName>, StoreError> {
        self.readers
            .read(|session| at_once(unknown_name::find(session, user_pool_id, sub)))
    }

    async fn find_branding(
        &self,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Option<Branding>, StoreError> {
        self.readers
            .read(|session| at_once(branding::find(session, user_pool_id, client_id)))
    }

    async fn find_branding_by_style(
        &self,
        user_pool_id: &UserPoolId,
        style_id: &str,
    ) -> Result<Option<Branding>, StoreError> {
        self.readers
            .read(|session| at_once(branding::find_by_style(session, user_pool_id, style_id)))
    }

    async fn list_users(&self, user_pool_id: &UserPoolId, query: &UserQuery) -> Result<UserPage, StoreError> {
        self.readers
            .read(|session| at_once(listing::list(session, user_pool_id, query)))
    }

    async fn estimate_users(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        self.readers
            .read(|session| at_once(user_count::estimate(session, user_pool_id)))
    }

    async fn due_deliveries(&self, now: Time, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        self.readers
            .read(|session| at_once(delivery::due(session, now, limit)))
    }

    async fn find_master_key_record(&self) -> Result<Option<MasterKeyRecord>, StoreError> {
        self.readers
            .read(|session| at_once(master_key_record::find(session)))
    }

    async fn ready(&self) -> Result<(), Unready> {
        if let Some(damage) = self.checker.damage() {
            let fault = EngineError::FoundDamaged(damage.to_owned());
            return Err(Unready::Fault(fault.to_string()));
        }
        let recorded = self
            .readers
            .read(|session| at_once(migration::recorded(session)))?;
        migration::check(&recorded)?;
        // On a full disk sign-ins go on: that alone is no reason to send them elsewhere.
        Ok(self.writer.check()?)
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(damage) = self.checker.damage() {
            return Err(StoreError::Failed(Box::new(EngineError::FoundDamaged(
                damage.to_owned(),
            ))));
        }
        self.writer
            .run(Box::new(move |connection| {
                at_once(change::apply(&mut SqliteSession(connection), &changes))
            }))
            .await
    }
}
