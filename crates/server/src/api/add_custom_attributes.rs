//! `AddCustomAttributes`: adds attributes to a pool's schema, for good.

use model::{AddCustomAttributesRequest, AddCustomAttributesResponse};
use pool::error::Error;
use pool::user_pool::{self, AddCustomAttributes};

use super::call::Call;
use super::schema;

pub(super) async fn add_custom_attributes(
    call: &Call<'_>,
    request: AddCustomAttributesRequest,
) -> Result<AddCustomAttributesResponse, Error> {
    let added = AddCustomAttributes {
        user_pool_id: request.user_pool_id,
        custom_attributes: schema::requests(request.custom_attributes),
    };
    user_pool::add_custom_attributes(call.service, added).await?;
    Ok(AddCustomAttributesResponse {})
}
