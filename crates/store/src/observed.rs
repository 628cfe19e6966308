//! A store that is timed: every read and commit of whichever engine, in one place.

use std::sync::Arc;

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
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::telemetry;

/// A store that counts and times what is asked of it.
pub struct Observed(Arc<dyn Store>);

impl Observed {
    /// Around a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

/// Waits for a read and counts it.
async fn read<T>(
    name: &'static str,
    asked: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let since = Instant::now();
    let span = telemetry::span(name);
    let answer = asked.instrument(span.clone()).await;
    telemetry::note(&span, &answer);
    telemetry::read(name, &answer, since.elapsed());
    answer
}

#[async_trait]
impl Store for Observed {
    async fn find_user_pool(&self, id: &UserPoolId) -> Result<Option<UserPool>, StoreError> {
        read("find_user_pool", self.0.find_user_pool(id)).await
    }

    async fn list_user_pools(
        &self,
        after: Option<&UserPoolId>,
        limit: u32,
    ) -> Result<UserPoolPage, StoreError> {
        read("list_user_pools", self.0.list_user_pools(after, limit)).await
    }

    async fn find_pool_of_domain(&self, domain: &str) -> Result<Option<UserPoolId>, StoreError> {
        read("find_pool_of_domain", self.0.find_pool_of_domain(domain)).await
    }

    async fn find_app_client(&self, id: &AppClientId) -> Result<Option<AppClient>, StoreError> {
        read("find_app_client", self.0.find_app_client(id)).await
    }

    async fn list_app_clients(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&AppClientId>,
        limit: u32,
    ) -> Result<AppClientPage, StoreError> {
        read(
            "list_app_clients",
            self.0.list_app_clients(user_pool_id, after, limit),
        )
        .await
    }

    async fn find_user(
        &self,
        user_pool_id: &UserPoolId,
        login: &LoginKey,
    ) -> Result<Option<User>, StoreError> {
        read("find_user", self.0.find_user(user_pool_id, login)).await
    }

    async fn find_user_by_sub(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<User>, StoreError> {
        read("find_user_by_sub", self.0.find_user_by_sub(user_pool_id, sub)).await
    }

    async fn find_bearer(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        origin_jti: &str,
    ) -> Result<Option<(User, Option<TokenFamily>)>, StoreError> {
        read("find_bearer", self.0.find_bearer(user_pool_id, sub, origin_jti)).await
    }

    async fn find_group(
        &self,
        user_pool_id: &UserPoolId,
        name: &GroupName,
    ) -> Result<Option<Group>, StoreError> {
        read("find_group", self.0.find_group(user_pool_id, name)).await
    }

    async fn find_group_by_id(
        &self,
        user_pool_id: &UserPoolId,
        id: &GroupId,
    ) -> Result<Option<Group>, StoreError> {
        read("find_group_by_id", self.0.find_group_by_id(user_pool_id, id)).await
    }

    async fn list_groups(
        &self,
        user_pool_id: &UserPoolId,
        after: Option<&GroupName>,
        limit: u32,
    ) -> Result<Vec<Group>, StoreError> {
        read("list_groups", self.0.list_groups(user_pool_id, after, limit)).await
    }

    async fn count_groups(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        read("count_groups", self.0.count_groups(user_pool_id)).await
    }

    async fn list_group_members(
        &self,
        user_pool_id: &UserPoolId,
        group: &GroupId,
        after: Option<&Sub>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        read(
            "list_group_members",
            self.0.list_group_members(user_pool_id, group, after, limit),
        )
        .await
    }

    async fn find_device(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        key: &DeviceKey,
    ) -> Result<Option<Device>, StoreError> {
        read("find_device", self.0.find_device(user_pool_id, sub, key)).await
    }

    async fn list_devices(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
        after: Option<&DeviceKey>,
        limit: u32,
    ) -> Result<Vec<Device>, StoreError> {
        read(
            "list_devices",
            self.0.list_devices(user_pool_id, sub, after, limit),
        )
        .await
    }

    async fn list_all_devices(&self, after: Option<&Device>, limit: u32) -> Result<Vec<Device>, StoreError> {
        read("list_all_devices", self.0.list_all_devices(after, limit)).await
    }

    async fn find_unknown_name(
        &self,
        user_pool_id: &UserPoolId,
        sub: &Sub,
    ) -> Result<Option<UnknownName>, StoreError> {
        read("find_unknown_name", self.0.find_unknown_name(user_pool_id, sub)).await
    }

    async fn find_branding(
        &self,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Option<Branding>, StoreError> {
        read("find_branding", self.0.find_branding(user_pool_id, client_id)).await
    }

    async fn find_branding_by_style(
        &self,
        user_pool_id: &UserPoolId,
        style_id: &str,
    ) -> Result<Option<Branding>, StoreError> {
        read(
            "find_branding_by_style",
            self.0.find_branding_by_style(user_pool_id, style_id),
        )
        .await
    }

    async fn list_users(&self, user_pool_id: &UserPoolId, query: &UserQuery) -> Result<UserPage, StoreError> {
        read("list_users", self.0.list_users(user_pool_id, query)).await
    }

    async fn estimate_users(&self, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
        read("estimate_users", self.0.estimate_users(user_pool_id)).await
    }

    async fn due_deliveries(&self, now: Time, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        read("due_deliveries", self.0.due_deliveries(now, limit)).await
    }

    async fn find_master_key_record(&self) -> Result<Option<MasterKeyRecord>, StoreError> {
        read("find_master_key_record", self.0.find_master_key_record()).await
    }

    async fn ready(&self) -> Result<(), Unready> {
        let since = Instant::now();
        let answer = self.0.ready().await;
        telemetry::ready(since.elapsed());
        answer
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let since = Instant::now();
        let span = telemetry::span("commit");
        let answer = self.0.commit(changes).instrument(span.clone()).await;
        telemetry::note(&span, &answer);
        telemetry::commit(&answer, since.elapsed());
        answer
    }
}
