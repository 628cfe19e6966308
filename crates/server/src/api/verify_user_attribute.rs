//! `VerifyUserAttribute`: the code for an e-mail address or phone number comes back.

use model::{VerifyUserAttributeRequest, VerifyUserAttributeResponse};
use pool::error::Error;
use pool::own_attributes::{self, VerifyUserAttribute};

use super::call::Call;

pub(super) async fn verify_user_attribute(
    call: &Call<'_>,
    request: VerifyUserAttributeRequest,
) -> Result<VerifyUserAttributeResponse, Error> {
    let verification = VerifyUserAttribute {
        access_token: request.access_token.into_inner().into(),
        attribute_name: request.attribute_name,
        code: request.code.into_inner().into(),
    };
    own_attributes::verify_user_attribute(call.service, &verification).await?;
    Ok(VerifyUserAttributeResponse {})
}
