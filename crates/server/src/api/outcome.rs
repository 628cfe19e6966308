//! The answer to a step of a sign-in, the same for the public and the admin operations.

use std::collections::BTreeMap;

use model::{
    AuthenticationResultType, ChallengeNameType, InitiateAuthResponse, NewDeviceMetadataType, Sensitive,
};
use pool::error::Error;
use pool::sign_in::{ChallengeName, Outcome, Parameters};
use pool::token::Tokens;

/// `AuthParameters` or `ChallengeResponses`.
pub(super) fn parameters(given: Option<BTreeMap<String, Sensitive>>) -> Parameters {
    given
        .into_iter()
        .flatten()
        .map(|(name, text)| (name, text.into_inner()))
        .collect()
}

/// Tokens, with the empty `ChallengeParameters` that the real service adds; or a challenge.
pub(super) fn response(outcome: Outcome) -> Result<InitiateAuthResponse, Error> {
    let (challenge, available) = match outcome {
        Outcome::Tokens(tokens) => {
            return Ok(InitiateAuthResponse {
                authentication_result: Some(result(&tokens)),
                challenge_parameters: Some(BTreeMap::new()),
                ..InitiateAuthResponse::default()
            });
        }
        Outcome::SignedIn(_) => return Err(Error::internal("a sign-in of the API ended as one on a page")),
        Outcome::Challenge(challenge) => (challenge, None),
        Outcome::CustomChallenge { parameters, session } => {
            let parameters = parameters.into_iter().map(|(name, text)| (name, text.into()));
            return Ok(InitiateAuthResponse {
                challenge_name: Some(challenge_name(&ChallengeName::CustomChallenge)?),
                challenge_parameters: Some(parameters.collect()),
                session: Some(session.expose().into()),
                ..InitiateAuthResponse::default()
            });
        }
        Outcome::Choice { challenge, available } => {
            let names: Result<_, Error> = available.iter().map(challenge_name).collect();
            (challenge, Some(names?))
        }
    };
    let parameters = challenge
        .parameters
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into()));
    Ok(InitiateAuthResponse {
        available_challenges: available,
        challenge_name: Some(challenge_name(&challenge.name)?),
        challenge_parameters: Some(parameters.collect()),
        session: challenge.session.map(|session| session.expose().into()),
        ..InitiateAuthResponse::default()
    })
}

/// Tokens on the wire.
pub(super) fn result(tokens: &Tokens) -> AuthenticationResultType {
    AuthenticationResultType {
        access_token: Some(tokens.access_token.expose().into()),
        expires_in: Some(i32::try_from(tokens.expires_in).unwrap_or(i32::MAX)),
        id_token: tokens.id_token.as_ref().map(|token| token.expose().into()),
        refresh_token: tokens.refresh_token.as_ref().map(|token| token.expose().into()),
        token_type: Some("Bearer".to_owned()),
        new_device_metadata: tokens.new_device.as_ref().map(|device| NewDeviceMetadataType {
            device_group_key: Some(device.group_key.clone()),
            device_key: Some(device.key.to_string()),
        }),
    }
}

fn challenge_name(name: &ChallengeName) -> Result<ChallengeNameType, Error> {
    ChallengeNameType::parse(name.as_str())
        .ok_or_else(|| Error::internal("the challenge has no name in the API"))
}
