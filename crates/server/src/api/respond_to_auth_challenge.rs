//! `RespondToAuthChallenge`: answers a challenge.

use model::{InitiateAuthResponse, RespondToAuthChallengeRequest, Sensitive};
use pool::error::Error;
use pool::secret::SessionToken;
use pool::sign_in::{self, ChallengeName, RespondToChallenge};
use pool::subject::Face;

use super::call::Call;
use super::outcome;

/// The answer has the members of `InitiateAuth`'s.
pub(super) async fn respond_to_auth_challenge(
    call: &Call<'_>,
    request: RespondToAuthChallengeRequest,
) -> Result<InitiateAuthResponse, Error> {
    let answer = RespondToChallenge {
        face: Face::Public,
        client_id: request.client_id.into_inner(),
        challenge: ChallengeName::parse(request.challenge_name.as_str()),
        session: session(request.session),
        parameters: outcome::parameters(request.challenge_responses),
        caller: call.caller(request.client_metadata),
    };
    outcome::response(sign_in::respond_to_challenge(call.service, &answer).await?)
}

/// The session as it was given.
pub(super) fn session(given: Option<Sensitive>) -> Option<SessionToken> {
    given.map(|text| SessionToken::new(text.into_inner()))
}
