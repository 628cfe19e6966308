//! `DeleteWebAuthnCredential`: a passkey signs nobody in any more.

use model::{DeleteWebAuthnCredentialRequest, DeleteWebAuthnCredentialResponse};
use pool::error::Error;
use pool::web_authn;

use super::call::Call;

pub(super) async fn delete_web_authn_credential(
    call: &Call<'_>,
    request: DeleteWebAuthnCredentialRequest,
) -> Result<DeleteWebAuthnCredentialResponse, Error> {
    let token = request.access_token.into_inner().into();
    web_authn::delete_web_authn_credential(call.service, &token, &request.credential_id).await?;
    Ok(DeleteWebAuthnCredentialResponse {})
}
