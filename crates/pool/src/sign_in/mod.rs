//! Signing in: a flow begins with [`initiate_auth`] and goes on with [`respond_to_challenge`] until there are tokens.
//!
//! The order of the checks is part of the behaviour: client, flow, parameters, secret hash, user, password. Nothing
//! is kept between two calls; what must be remembered travels sealed in `Session` or `SECRET_BLOCK`.

mod attempt;
mod challenge;
mod choice;
mod custom;
mod device;
mod first_code;
mod flow;
pub(crate) mod lockout;
mod mfa_code;
pub(crate) mod mfa_setup;
mod new_password;
mod next;
mod parameters;
mod password;
mod post_authentication;
mod pre_authentication;
mod refresh;
mod second_factor;
pub(crate) mod session;
mod software_token_mfa;
mod srp;
mod step;
mod uncounted;
mod user_auth;
mod web_authn;

use crate::error::{Error, text};
use crate::ports::Medium;
use crate::secret::SessionToken;
use crate::service::Service;
use crate::subject::{self, Caller, Face};
use crate::telemetry;

pub(crate) use attempt::credential_matches_or;
pub use challenge::{Challenge, ChallengeName, Outcome};
use choice::Choice;
pub(crate) use choice::first_factors;
pub use flow::AuthFlow;
pub use parameters::Parameters;
use step::Step;
pub(crate) use uncounted::Uncounted;

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
    let mut counted = telemetry::Step::begin(request.flow.name(), request.face.name());
    let outcome = begin(service, request, &mut counted).await;
    counted.end(outcome.as_ref().map_or_else(telemetry::outcome_of, Outcome::name));
    outcome
}

async fn begin(
    service: &Service,
    request: &InitiateAuth,
    counted: &mut telemetry::Step,
) -> Result<Outcome, Error> {
    let subject = subject::resolve(service, &request.face, &request.client_id).await?;
    counted.pool = subject.pool_label(service);
    request.flow.check(&request.face, &subject.client)?;
    let step = Step {
        service,
        face: &request.face,
        subject: &subject,
        opening: &request.caller,
        caller: &request.caller.without_metadata(),
        parameters: &request.parameters,
        answers: None,
        session: None,
    };
    match request.flow {
        AuthFlow::UserPasswordAuth | AuthFlow::AdminUserPasswordAuth | AuthFlow::AdminNoSrpAuth => {
            password::sign_in(&step, counted).await
        }
        AuthFlow::UserSrpAuth => srp::begin(&step).await,
        AuthFlow::RefreshTokenAuth => refresh::refresh(&step).await.map(Outcome::Tokens),
        AuthFlow::CustomAuth => custom::begin(&step).await,
        AuthFlow::UserAuth => user_auth::begin(&step).await,
    }
}

/// Answers a challenge.
///
/// # Errors
/// Those of Cognito's `RespondToAuthChallenge`: among them a session that is used up, expired or not ours.
pub async fn respond_to_challenge(service: &Service, request: &RespondToChallenge) -> Result<Outcome, Error> {
    let mut counted = telemetry::Step::begin(request.challenge.name(), request.face.name());
    let outcome = respond(service, request, &mut counted).await;
    counted.end(outcome.as_ref().map_or_else(telemetry::outcome_of, Outcome::name));
    outcome
}

async fn respond(
    service: &Service,
    request: &RespondToChallenge,
    counted: &mut telemetry::Step,
) -> Result<Outcome, Error> {
    let subject = subject::resolve(service, &request.face, &request.client_id).await?;
    counted.pool = subject.pool_label(service);
    let step = Step {
        service,
        face: &request.face,
        subject: &subject,
        opening: &request.caller,
        caller: &request.caller,
        parameters: &request.parameters,
        answers: Some(&request.challenge),
        session: request.session.as_ref(),
    };
    match request.challenge {
        ChallengeName::PasswordVerifier => srp::verify(&step).await,
        ChallengeName::NewPasswordRequired => new_password::answer(&step).await,
        ChallengeName::CustomChallenge => custom::answer(&step).await,
        ChallengeName::SmsMfa => mfa_code::answer(&step, Medium::Sms).await,
        ChallengeName::SoftwareTokenMfa => software_token_mfa::answer(&step).await,
        ChallengeName::SelectMfaType => second_factor::answer_select(&step).await,
        ChallengeName::DeviceSrpAuth => device::answer_srp_a(&step).await,
        ChallengeName::DevicePasswordVerifier => device::answer_proof(&step).await,
        ChallengeName::MfaSetup => mfa_setup::answer(&step).await,
        ChallengeName::EmailOtp if session::is_second_code(&step) => {
            mfa_code::answer(&step, Medium::Email).await
        }
        ChallengeName::SelectChallenge => user_auth::select(&step).await,
        ChallengeName::Password => user_auth::answer(&step, Choice::Password).await,
        ChallengeName::PasswordSrp => user_auth::answer(&step, Choice::PasswordSrp).await,
        ChallengeName::EmailOtp => first_code::answer(&step, Medium::Email).await,
        ChallengeName::SmsOtp => first_code::answer(&step, Medium::Sms).await,
        ChallengeName::WebAuthn => web_authn::answer(&step).await,
        ChallengeName::Other(ref name) => Err(Error::invalid_parameter(text::not_built(&format!(
            "The {name} challenge"
        )))),
    }
}
