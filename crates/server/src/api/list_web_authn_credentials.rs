//! `ListWebAuthnCredentials`: the passkeys of a user.

use model::{ListWebAuthnCredentialsRequest, ListWebAuthnCredentialsResponse, WebAuthnCredentialDescription};
use pool::error::Error;
use pool::web_authn::{self, ListWebAuthnCredentials, Passkey};

use super::call::Call;
use super::user_pool::{count, moment};

pub(super) async fn list_web_authn_credentials(
    call: &Call<'_>,
    request: ListWebAuthnCredentialsRequest,
) -> Result<ListWebAuthnCredentialsResponse, Error> {
    let page = ListWebAuthnCredentials {
        access_token: request.access_token.into_inner().into(),
        max_results: request.max_results.map(count),
        next_token: request.next_token,
    };
    let listed = web_authn::list_web_authn_credentials(call.service, &page).await?;
    Ok(ListWebAuthnCredentialsResponse {
        credentials: listed.passkeys.into_iter().map(description).collect(),
        next_token: listed.next_token,
    })
}

fn description(passkey: Passkey) -> WebAuthnCredentialDescription {
    WebAuthnCredentialDescription {
        authenticator_attachment: passkey.attachment,
        authenticator_transports: passkey.transports,
        created_at: moment(passkey.created_at),
        credential_id: passkey.credential_id,
        friendly_credential_name: passkey.friendly_name,
        relying_party_id: passkey.relying_party_id,
    }
}
