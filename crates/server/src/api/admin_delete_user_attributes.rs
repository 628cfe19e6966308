//! `AdminDeleteUserAttributes`: takes attributes away, all or none.

use model::{AdminDeleteUserAttributesRequest, AdminDeleteUserAttributesResponse};
use pool::error::Error;
use pool::user::{self, AdminDeleteUserAttributes};

use super::call::Call;

pub(super) async fn admin_delete_user_attributes(
    call: &Call<'_>,
    request: AdminDeleteUserAttributesRequest,
) -> Result<AdminDeleteUserAttributesResponse, Error> {
    let deletion = AdminDeleteUserAttributes {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        attribute_names: request.user_attribute_names,
    };
    user::admin_delete_user_attributes(call.service, deletion).await?;
    Ok(AdminDeleteUserAttributesResponse {})
}
