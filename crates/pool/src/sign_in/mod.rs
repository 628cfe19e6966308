//! Signing in: a flow begins with [`initiate_auth`] and goes on with [`respond_to_challenge`] until there are tokens.
//!
//! The order of the checks is part of the behaviour: client, flow, parameters, secret hash, user, password. Nothing
//! is kept between two calls; what must be remembered travels sealed in `Session` or `SECRET_BLOCK`.

mod app_client;
mod challenge;
mod flow;
pub(crate) mod lockout;
mod new_password;
mod parameters;
mod password;
mod refresh;
pub(crate) mod session;
mod sms_mfa;
mod srp;

use std::collections::BTreeMap;

use crate::error::{Error, text};
use crate::secret::SessionToken;
use crate::service::Service;
use crate::token::Tokens;

pub(crate) use app_client::{Subject, check_secret_hash, public_client};
pub use challenge::{Challenge, ChallengeName, Outcome};
pub use flow::AuthFlow;
pub use parameters::Parameters;
pub(crate) use password::credential_matches;

/// Who is calling: an application, or a server with the rights of an administrator.
#[derive(Clone, Debug)]
pub enum Face {
    /// `InitiateAuth`, `RespondToAuthChallenge`.
    Public,
    /// `AdminInitiateAuth`, `AdminRespondToAuthChallenge`, with the pool that they name.
    Admin {
        /// The pool's id as it was given.
        user_pool_id: String,
    },
}

/// What triggers learn about a call.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The SDK, like `aws-sdk-js-2.1639.0`; `None` when it is not known.
    pub sdk_version: Option<String>,
    /// `ClientMetadata` of the call.
    pub client_metadata: BTreeMap<String, String>,
}

/// `InitiateAuth` or `AdminInitiateAuth`.
#[derive(Debug)]
pub struct InitiateAuth {
    /// Who calls.
    pub face: Face,
    /// The app client's id as it was given.
    pub client_id: String,
    /// The flow.
    pub flow: AuthFlow,
    /// `AuthParameters`.
    pub parameters: Parameters,
    /// For the triggers.
    pub caller: Caller,
}

/// `RespondToAuthChallenge` or `AdminRespondToAuthChallenge`.
#[derive(Debug)]
pub struct RespondToChallenge {
    /// Who calls.
    pub face: Face,
    /// The app client's id as it was given.
    pub client_id: String,
    /// Which challenge is answered.
    pub challenge: ChallengeName,
    /// `Session`, which all challenges but `PASSWORD_VERIFIER` need.
    pub session: Option<SessionToken>,
    /// `ChallengeResponses`.
    pub parameters: Parameters,
    /// For the triggers.
    pub caller: Caller,
}

/// Begins a sign-in.
///
/// # Errors
/// Those of Cognito's `InitiateAuth`, section by section: unknown client, flow not enabled, parameter missing, wrong
/// secret hash, unknown user or wrong password, status of the user, and what a trigger's failure gives.
pub async fn initiate_auth(service: &Service, request: &InitiateAuth) -> Result<Outcome, Error> {
    let subject = app_client::resolve(service, &request.face, &request.client_id).await?;
    request.flow.check(&request.face, &subject.client)?;
    match request.flow {
        AuthFlow::UserPasswordAuth | AuthFlow::AdminUserPasswordAuth | AuthFlow::AdminNoSrpAuth => {
            password::sign_in(service, &subject, request).await
        }
        AuthFlow::UserSrpAuth => srp::begin(service, &subject, &request.parameters).await,
        AuthFlow::RefreshTokenAuth => refresh::refresh(service, &subject, &request.parameters)
            .await
            .map(Outcome::Tokens),
        AuthFlow::CustomAuth => Err(Error::invalid_parameter(text::CUSTOM_AUTH_WITHOUT_TRIGGERS)),
        AuthFlow::UserAuth => Err(Error::UnsupportedOperation(text::not_built("The USER_AUTH flow"))),
    }
}

/// Answers a challenge.
///
/// # Errors
/// Those of Cognito's `RespondToAuthChallenge`: among them a session that is used up, expired or not ours.
pub async fn respond_to_challenge(service: &Service, request: &RespondToChallenge) -> Result<Outcome, Error> {
    let subject = app_client::resolve(service, &request.face, &request.client_id).await?;
    let session = request.session.as_ref();
    let parameters = &request.parameters;
    match request.challenge {
        ChallengeName::PasswordVerifier => srp::verify(service, &subject, parameters).await,
        ChallengeName::NewPasswordRequired => {
            new_password::answer(service, &subject, session, parameters).await
        }
        ChallengeName::SmsMfa => sms_mfa::answer(service, &subject, session, parameters).await,
        ChallengeName::Other(ref name) => Err(Error::invalid_parameter(text::not_built(&format!(
            "The {name} challenge"
        )))),
    }
}

/// Ends a sign-in whose every proof is given: tokens.
fn admit(service: &Service, subject: &Subject, user: &crate::user::User) -> Result<Tokens, Error> {
    crate::token::issue_at_sign_in(service, &subject.pool, &subject.client.client, user)
}
