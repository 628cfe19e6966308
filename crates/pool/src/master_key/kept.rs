//! How the records are read and written that hold something sealed.

use async_trait::async_trait;

use super::anew::Resting;
use crate::app_client::AppClient;
use crate::device::Device;
use crate::ports::{Change, StoreError};
use crate::service::Service;
use crate::user::User;
use crate::user_pool::UserPool;

/// A record with something sealed in it, and how it is read and written.
#[async_trait]
pub(super) trait Kept: Resting + Clone + Send + Sync {
    /// The change that writes it.
    fn replaced(self) -> Change;

    /// The record as it is now; `None` when it is gone.
    async fn read_again(&self, service: &Service) -> Result<Option<Self>, StoreError>
    where
        Self: Sized;
}

#[async_trait]
impl Kept for UserPool {
    fn replaced(self) -> Change {
        Change::ReplaceUserPool(Box::new(self))
    }

    async fn read_again(&self, service: &Service) -> Result<Option<Self>, StoreError> {
        service.store().find_user_pool(&self.id).await
    }
}

#[async_trait]
impl Kept for AppClient {
    fn replaced(self) -> Change {
        Change::ReplaceAppClient(Box::new(self))
    }

    async fn read_again(&self, service: &Service) -> Result<Option<Self>, StoreError> {
        service.store().find_app_client(&self.id).await
    }
}

#[async_trait]
impl Kept for User {
    fn replaced(self) -> Change {
        Change::ReplaceUser {
            user: Box::new(self),
            logins: None,
        }
    }

    async fn read_again(&self, service: &Service) -> Result<Option<Self>, StoreError> {
        service
            .store()
            .find_user_by_sub(&self.user_pool_id, &self.sub)
            .await
    }
}

#[async_trait]
impl Kept for Device {
    fn replaced(self) -> Change {
        Change::ReplaceDevice(Box::new(self))
    }

    async fn read_again(&self, service: &Service) -> Result<Option<Self>, StoreError> {
        service
            .store()
            .find_device(&self.user_pool_id, &self.sub, &self.key)
            .await
    }
}
