//! A commit: its changes, applied in their order inside one transaction.

use pool::id::UserPoolId;
use pool::ports::{Change, StoreError};

use crate::session::Session;
use crate::user_count::Counts;
use crate::{
    app_client, branding, delivery, device, group, master_key_record, token_family, unknown_name, user,
    user_count, user_pool, user_pool_domain,
};

/// Applies `changes`. After an error the transaction has to be rolled back.
pub(crate) async fn apply(session: &mut impl Session, changes: &[Change]) -> Result<(), StoreError> {
    let mut counts = Counts::default();
    for change in changes {
        match change {
            Change::InsertUserPool(pool) => user_pool::insert(session, pool).await?,
            Change::ReplaceUserPool(pool) => user_pool::replace(session, (**pool).clone()).await?,
            Change::DeleteUserPool(id) => {
                delete_user_pool(session, id).await?;
                counts.forget(id);
            }
            Change::InsertDomain { domain, user_pool_id } => {
                user_pool_domain::insert(session, domain, user_pool_id).await?;
            }
            Change::DeleteDomain(domain) => user_pool_domain::delete(session, domain).await?,
            Change::InsertAppClient(client) => app_client::insert(session, client).await?,
            Change::ReplaceAppClient(client) => app_client::replace(session, (**client).clone()).await?,
            Change::DeleteAppClient(id) => {
                branding::delete_of_client(session, id).await?;
                app_client::delete(session, id).await?;
            }
            Change::PutBranding(newer) => branding::put(session, (**newer).clone()).await?,
            Change::InsertUser { user, logins } => {
                user::insert(session, user, logins).await?;
                counts.add(&user.user_pool_id, &user.sub, 1);
            }
            Change::ReplaceUser { user, logins } => {
                user::replace(session, (**user).clone(), logins.as_deref()).await?;
            }
            Change::DeleteUser { user_pool_id, sub } => {
                user::hold(session, user_pool_id, sub).await?;
                group::delete_of_user(session, user_pool_id, sub).await?;
                device::delete_of_user(session, user_pool_id, sub).await?;
                token_family::delete_of_user(session, user_pool_id, sub).await?;
                user::delete(session, user_pool_id, sub).await?;
                counts.add(user_pool_id, sub, -1);
            }
            Change::InsertGroup(new) => group::insert(session, new).await?,
            Change::ReplaceGroup(newer) => group::replace(session, (**newer).clone()).await?,
            Change::DeleteGroup { user_pool_id, id } => group::delete(session, user_pool_id, id).await?,
            Change::AddGroupMember {
                user_pool_id,
                group,
                sub,
            } => group::add_member(session, user_pool_id, group, sub).await?,
            Change::RemoveGroupMember {
                user_pool_id,
                group,
                sub,
            } => group::remove_member(session, user_pool_id, group, sub).await?,
            Change::InsertDevice(new) => device::insert(session, new).await?,
            Change::ReplaceDevice(newer) => device::replace(session, (**newer).clone()).await?,
            Change::DeleteDevice {
                user_pool_id,
                sub,
                key,
            } => device::delete(session, user_pool_id, sub, key).await?,
            Change::PutTokenFamily { family, now } => {
                token_family::put(session, (**family).clone(), *now).await?;
            }
            Change::PutUnknownName { name, now } => {
                unknown_name::put(session, (**name).clone(), *now).await?;
            }
            Change::InsertDelivery(message) => delivery::insert(session, message).await?,
            Change::ReplaceDelivery {
                delivery: message,
                was_due_at,
            } => {
                delivery::replace(session, message, *was_due_at).await?;
            }
            Change::DeleteDelivery(id) => delivery::delete(session, id).await?,
            Change::PutMasterKeyRecord(newer) => {
                master_key_record::put(session, (**newer).clone()).await?;
            }
        }
    }
    counts.write(session).await
}

/// A pool goes, and first all that is in it.
async fn delete_user_pool(session: &mut impl Session, id: &UserPoolId) -> Result<(), StoreError> {
    user_pool::hold(session, id).await?;
    group::delete_all(session, id).await?;
    device::delete_all(session, id).await?;
    token_family::delete_all(session, id).await?;
    unknown_name::delete_all(session, id).await?;
    user::delete_all(session, id).await?;
    user_count::delete(session, id).await?;
    branding::delete_all(session, id).await?;
    app_client::delete_all(session, id).await?;
    user_pool_domain::delete_all(session, id).await?;
    user_pool::delete(session, id).await
}
