//! `ListUsers`: a pool's users, filtered, page by page.

use model::{AttributeType, ListUsersRequest, ListUsersResponse};
use pool::error::Error;
use pool::user::{self, ListUsers};

use super::attributes;
use super::call::Call;
use super::user_pool::count;

pub(super) async fn list_users(
    call: &Call<'_>,
    request: ListUsersRequest,
) -> Result<ListUsersResponse, Error> {
    let page = ListUsers {
        user_pool_id: request.user_pool_id,
        attributes_to_get: request.attributes_to_get,
        limit: request.limit.map(count),
        pagination_token: request.pagination_token,
        filter: request.filter,
    };
    let listed = user::list_users(call.service, page).await?;
    let users = listed.users.into_iter().map(|listed| {
        let shown = listed.attributes.into_iter();
        let shown = shown.map(|(name, value)| AttributeType {
            name,
            value: Some(value.into()),
        });
        attributes::user(&listed.user, shown.collect())
    });
    Ok(ListUsersResponse {
        users: Some(users.collect()),
        pagination_token: listed.pagination_token,
    })
}
