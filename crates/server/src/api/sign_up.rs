//! `SignUp`: somebody makes a user of their own.

use model::{SignUpRequest, SignUpResponse};
use pool::error::Error;
use pool::sign_up::{self, SignUp};
use trigger::Password;

use super::call::Call;
use super::{attributes, delivery};

pub(super) async fn sign_up(call: &Call<'_>, request: SignUpRequest) -> Result<SignUpResponse, Error> {
    let new = SignUp {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        password: request
            .password
            .map(|password| Password::new(password.into_inner())),
        attributes: attributes::pairs(request.user_attributes.unwrap_or_default()),
        validation_data: attributes::pairs(request.validation_data.unwrap_or_default()),
        caller: call.caller(request.client_metadata),
    };
    let signed_up = sign_up::sign_up(call.service, &new).await?;
    Ok(SignUpResponse {
        code_delivery_details: signed_up.delivery.map(delivery::details),
        session: None,
        user_confirmed: signed_up.confirmed,
        user_sub: signed_up.sub.to_string(),
    })
}
