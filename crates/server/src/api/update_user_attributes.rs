//! `UpdateUserAttributes`: a signed-in user changes attributes.

use model::{UpdateUserAttributesRequest, UpdateUserAttributesResponse};
use pool::error::Error;
use pool::own_attributes::{self, UpdateUserAttributes};

use super::call::Call;
use super::{attributes, delivery};

pub(super) async fn update_user_attributes(
    call: &Call<'_>,
    request: UpdateUserAttributesRequest,
) -> Result<UpdateUserAttributesResponse, Error> {
    let update = UpdateUserAttributes {
        access_token: request.access_token.into_inner().into(),
        attributes: attributes::pairs(request.user_attributes),
        caller: call.caller(request.client_metadata),
    };
    let sent = own_attributes::update_user_attributes(call.service, &update).await?;
    Ok(UpdateUserAttributesResponse {
        code_delivery_details_list: Some(sent.into_iter().map(delivery::details).collect()),
    })
}
