//! `AdminRespondToAuthChallenge`: answers a challenge for a server with the rights of an administrator.

use model::{AdminRespondToAuthChallengeRequest, InitiateAuthResponse};
use pool::error::Error;
use pool::sign_in::{self, ChallengeName, RespondToChallenge};
use pool::subject::Face;

use super::call::Call;
use super::{outcome, respond_to_auth_challenge};

/// The answer has the members of `InitiateAuth`'s.
pub(super) async fn admin_respond_to_auth_challenge(
    call: &Call<'_>,
    request: AdminRespondToAuthChallengeRequest,
) -> Result<InitiateAuthResponse, Error> {
    let answer = RespondToChallenge {
        face: Face::Admin {
            user_pool_id: request.user_pool_id,
        },
        client_id: request.client_id.into_inner(),
        challenge: ChallengeName::parse(request.challenge_name.as_str()),
        session: respond_to_auth_challenge::session(request.session),
        parameters: outcome::parameters(request.challenge_responses),
        caller: call.caller(request.client_metadata),
    };
    outcome::response(sign_in::respond_to_challenge(call.service, &answer).await?)
}
