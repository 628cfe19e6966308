//! `ConfirmSignUp`: the code of a sign-up comes back.

use model::{ConfirmSignUpRequest, ConfirmSignUpResponse};
use pool::error::Error;
use pool::sign_up::{self, ConfirmSignUp};

use super::call::Call;

pub(super) async fn confirm_sign_up(
    call: &Call<'_>,
    request: ConfirmSignUpRequest,
) -> Result<ConfirmSignUpResponse, Error> {
    let confirmation = ConfirmSignUp {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        code: request.confirmation_code.into_inner().into(),
        force_alias_creation: request.force_alias_creation.unwrap_or_default(),
        caller: call.caller(request.client_metadata),
    };
    sign_up::confirm_sign_up(call.service, &confirmation).await?;
    Ok(ConfirmSignUpResponse::default())
}
