//! `AdminInitiateAuth`: begins a sign-in for a server with the rights of an administrator.

use model::{AdminInitiateAuthRequest, InitiateAuthResponse};
use pool::error::Error;
use pool::sign_in::{self, InitiateAuth};
use pool::subject::Face;

use super::call::Call;
use super::{initiate_auth, outcome};

/// The answer has the members of `InitiateAuth`'s.
pub(super) async fn admin_initiate_auth(
    call: &Call<'_>,
    request: AdminInitiateAuthRequest,
) -> Result<InitiateAuthResponse, Error> {
    let begin = InitiateAuth {
        face: Face::Admin {
            user_pool_id: request.user_pool_id,
        },
        client_id: request.client_id.into_inner(),
        flow: initiate_auth::flow(request.auth_flow),
        parameters: outcome::parameters(request.auth_parameters),
        caller: call.caller(request.client_metadata),
    };
    outcome::response(sign_in::initiate_auth(call.service, &begin).await?)
}
