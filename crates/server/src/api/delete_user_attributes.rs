//! `DeleteUserAttributes`: a signed-in user takes attributes away.

use model::{DeleteUserAttributesRequest, DeleteUserAttributesResponse};
use pool::error::Error;
use pool::own_attributes::{self, DeleteUserAttributes};

use super::call::Call;

pub(super) async fn delete_user_attributes(
    call: &Call<'_>,
    request: DeleteUserAttributesRequest,
) -> Result<DeleteUserAttributesResponse, Error> {
    let deletion = DeleteUserAttributes {
        access_token: request.access_token.into_inner().into(),
        attribute_names: request.user_attribute_names,
    };
    own_attributes::delete_user_attributes(call.service, &deletion).await?;
    Ok(DeleteUserAttributesResponse {})
}
