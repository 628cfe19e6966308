//! `ForgotPassword`: sends a code that resets the password.

use model::{CodeDeliveryDetailsType, DeliveryMediumType, ForgotPasswordRequest, ForgotPasswordResponse};
use pool::error::Error;
use pool::forgot_password::{self, ForgotPassword};
use pool::ports::Medium;

use super::call::Call;

pub(super) async fn forgot_password(
    call: &Call<'_>,
    request: ForgotPasswordRequest,
) -> Result<ForgotPasswordResponse, Error> {
    let forgotten = ForgotPassword {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        caller: call.caller(request.client_metadata),
    };
    let delivery = forgot_password::forgot_password(call.service, &forgotten).await?;
    let details = CodeDeliveryDetailsType {
        attribute_name: Some(delivery.medium.attribute().to_owned()),
        delivery_medium: Some(match delivery.medium {
            Medium::Email => DeliveryMediumType::Email,
            Medium::Sms => DeliveryMediumType::Sms,
        }),
        destination: Some(delivery.destination),
    };
    Ok(ForgotPasswordResponse {
        code_delivery_details: Some(details),
    })
}
