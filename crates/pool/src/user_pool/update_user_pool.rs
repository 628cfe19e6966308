//! `UpdateUserPool`, and the loop in which every change of a pool is made.

use super::{UserPool, UserPoolSettings, describe_user_pool::read};
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// How often a change is made again when others change the same pool.
const TRIES: u32 = 8;

/// A pool's new settings.
#[derive(Clone, Debug)]
pub struct UpdateUserPool {
    /// The pool.
    pub user_pool_id: String,
    /// The new name; `None` keeps the name, the one thing that is not reset.
    pub name: Option<String>,
    /// All settings: those that the request left out are Cognito's defaults again.
    pub settings: UserPoolSettings,
}

/// Replaces a pool's settings.
///
/// # Errors
/// [`Error::ResourceNotFound`], [`Error::InvalidParameter`] for settings that do not go together.
pub async fn update_user_pool(service: &Service, request: UpdateUserPool) -> Result<(), Error> {
    let UpdateUserPool {
        user_pool_id,
        name,
        mut settings,
    } = request;
    settings.complete();
    settings.check()?;
    change_user_pool(service, &user_pool_id, |pool| {
        if let Some(name) = &name {
            pool.name.clone_from(name);
        }
        settings.check_web_authn(&pool.web_authn)?;
        pool.settings = settings.clone();
        Ok(())
    })
    .await
}

/// Reads the pool, changes it and commits; again when somebody else was faster.
pub(crate) async fn change_user_pool(
    service: &Service,
    id: &str,
    mut change: impl FnMut(&mut UserPool) -> Result<(), Error>,
) -> Result<(), Error> {
    for _ in 0..TRIES {
        let mut pool = read(service, id).await?;
        change(&mut pool)?;
        pool.modified_at = service.now();
        match service
            .commit(vec![Change::ReplaceUserPool(Box::new(pool))])
            .await
        {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
