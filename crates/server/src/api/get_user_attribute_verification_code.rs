//! `GetUserAttributeVerificationCode`: a code for an e-mail address or phone number of one's own.

use model::{GetUserAttributeVerificationCodeRequest, GetUserAttributeVerificationCodeResponse};
use pool::error::Error;
use pool::own_attributes::{self, GetUserAttributeVerificationCode};

use super::call::Call;
use super::delivery;

pub(super) async fn get_user_attribute_verification_code(
    call: &Call<'_>,
    request: GetUserAttributeVerificationCodeRequest,
) -> Result<GetUserAttributeVerificationCodeResponse, Error> {
    let wanted = GetUserAttributeVerificationCode {
        access_token: request.access_token.into_inner().into(),
        attribute_name: request.attribute_name,
        caller: call.caller(request.client_metadata),
    };
    let sent = own_attributes::get_user_attribute_verification_code(call.service, &wanted).await?;
    Ok(GetUserAttributeVerificationCodeResponse {
        code_delivery_details: Some(delivery::details(sent)),
    })
}
