//! A commit: its changes, applied in their order inside one transaction.

use pool::id::UserPoolId;
use pool::ports::{Change, StoreError};

use crate::session::Session;
use crate::user_count::Counts;
use crate::{app_client, user, user_count, user_pool};

/// Applies `changes`. After an error the transaction has to be rolled back.
pub(crate) async fn apply(session: &mut impl Session, changes: Vec<Change>) -> Result<(), StoreError> {
    let mut counts = Counts::default();
    for change in changes {
        match change {
            Change::InsertUserPool(pool) => user_pool::insert(session, &pool).await?,
            Change::ReplaceUserPool(pool) => user_pool::replace(session, *pool).await?,
            Change::DeleteUserPool(id) => {
                delete_user_pool(session, &id).await?;
                counts.forget(&id);
            }
            Change::InsertAppClient(client) => app_client::insert(session, &client).await?,
            Change::ReplaceAppClient(client) => app_client::replace(session, *client).await?,
            Change::DeleteAppClient(id) => app_client::delete(session, &id).await?,
            Change::InsertUser { user, logins } => {
                user::insert(session, &user, &logins).await?;
                counts.add(&user.user_pool_id, &user.sub, 1);
            }
            Change::ReplaceUser { user, logins } => user::replace(session, *user, logins.as_deref()).await?,
            Change::DeleteUser { user_pool_id, sub } => {
                user::delete(session, &user_pool_id, &sub).await?;
                counts.add(&user_pool_id, &sub, -1);
            }
        }
    }
    counts.write(session).await
}

/// A pool goes, and first all that is in it.
async fn delete_user_pool(session: &mut impl Session, id: &UserPoolId) -> Result<(), StoreError> {
    user::delete_all(session, id).await?;
    user_count::delete(session, id).await?;
    app_client::delete_all(session, id).await?;
    user_pool::delete(session, id).await
}
