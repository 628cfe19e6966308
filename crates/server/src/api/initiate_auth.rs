//! `InitiateAuth`: begins a sign-in.

use model::{AuthFlowType, InitiateAuthRequest, InitiateAuthResponse};
use pool::error::Error;
use pool::sign_in::{self, AuthFlow, InitiateAuth};
use pool::subject::Face;

use super::call::Call;
use super::outcome;

pub(super) async fn initiate_auth(
    call: &Call<'_>,
    request: InitiateAuthRequest,
) -> Result<InitiateAuthResponse, Error> {
    let begin = InitiateAuth {
        face: Face::Public,
        client_id: request.client_id.into_inner(),
        flow: flow(request.auth_flow),
        parameters: outcome::parameters(request.auth_parameters),
        caller: call.caller(request.client_metadata),
    };
    outcome::response(sign_in::initiate_auth(call.service, &begin).await?)
}

/// The flow by its type; two of the names mean the same.
pub(super) fn flow(flow: AuthFlowType) -> AuthFlow {
    match flow {
        AuthFlowType::UserSrpAuth => AuthFlow::UserSrpAuth,
        AuthFlowType::RefreshTokenAuth | AuthFlowType::RefreshToken => AuthFlow::RefreshTokenAuth,
        AuthFlowType::CustomAuth => AuthFlow::CustomAuth,
        AuthFlowType::AdminNoSrpAuth => AuthFlow::AdminNoSrpAuth,
        AuthFlowType::UserPasswordAuth => AuthFlow::UserPasswordAuth,
        AuthFlowType::AdminUserPasswordAuth => AuthFlow::AdminUserPasswordAuth,
        AuthFlowType::UserAuth => AuthFlow::UserAuth,
    }
}
