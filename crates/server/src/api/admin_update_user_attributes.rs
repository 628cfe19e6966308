//! `AdminUpdateUserAttributes`: sets attributes, all or none.

use model::{AdminUpdateUserAttributesRequest, AdminUpdateUserAttributesResponse};
use pool::error::Error;
use pool::user::{self, AdminUpdateUserAttributes};

use super::attributes;
use super::call::Call;

pub(super) async fn admin_update_user_attributes(
    call: &Call<'_>,
    request: AdminUpdateUserAttributesRequest,
) -> Result<AdminUpdateUserAttributesResponse, Error> {
    let update = AdminUpdateUserAttributes {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        attributes: attributes::pairs(request.user_attributes),
    };
    user::admin_update_user_attributes(call.service, update).await?;
    Ok(AdminUpdateUserAttributesResponse {})
}
