//! `/login`: the first step of a sign-in, and the way to all others.
//!
//! The rule is the API's own, begun from [`Face::Page`]: it asks the migration function about unknown users, runs the triggers, locks,
//! and says what comes next. A password that has to be reset leads on to the reset, with a code sent.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use model::Operation;
use pool::error::Error;
use pool::sign_in::{self, AuthFlow, InitiateAuth, Outcome, Parameters};
use pool::subject::{Caller, Face};
use pool::user_pool::{FirstFactor, Mfa, RecoveryMechanism, UserPool};

use super::challenge::{self, Person};
use super::form::Form;
use super::frame::Frame;
use super::login_name::LoginName;
use super::visit::Visit;
use super::{assets, confirm, forgot_password, problem};

/// The page.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'v> {
    frame: Frame<'v>,
    name: LoginName<'v>,
    username: &'v str,
    offers: Offers,
}

/// What the page offers beside the name.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a part of the page that is there or not"
)]
struct Offers {
    password: bool,
    passkey: bool,
    email_code: bool,
    sms_code: bool,
    reset: bool,
    sign_up: bool,
}

impl Offers {
    fn of(pool: &UserPool) -> Self {
        let settings = &pool.settings;
        let factors = &settings.first_factors;
        // Where a second factor is required, a code would be the only one.
        let codes = settings.mfa != Mfa::On && !settings.is_lite();
        let passkeys = !settings.is_lite() && pool.web_authn.relying_party_id.is_some();
        Self {
            password: true,
            passkey: passkeys && factors.contains(&FirstFactor::WebAuthn),
            email_code: codes && factors.contains(&FirstFactor::EmailOtp),
            sms_code: codes && factors.contains(&FirstFactor::SmsOtp),
            reset: !settings.account_recovery.contains(&RecoveryMechanism::AdminOnly),
            sign_up: !settings.allow_admin_create_user_only,
        }
    }

    fn has_others(&self) -> bool {
        self.passkey || self.email_code || self.sms_code
    }
}

/// The page, asked for by a browser that comes from an app.
pub(super) fn show(visit: &Visit<'_>) -> Response {
    let hint = visit.request.login_hint.as_deref().unwrap_or_default();
    page(visit, hint, Said::Nothing)
}

/// What the page says on top.
pub(super) enum Said {
    Nothing,
    /// What went wrong.
    Problem(String),
    /// What went well before.
    Notice(String),
}

/// The page with what was typed, save the password.
pub(super) fn page(visit: &Visit<'_>, username: &str, said: Said) -> Response {
    let words = visit.words();
    let offers = Offers::of(visit.pool());
    let mut frame = visit.frame(&words.sign_in_title);
    if offers.passkey {
        frame.scripts.push(assets::passkey_script());
    }
    let status = match said {
        Said::Problem(problem) => {
            frame.problem = Some(problem);
            StatusCode::BAD_REQUEST
        }
        Said::Notice(notice) => {
            frame.notice = Some(notice);
            StatusCode::OK
        }
        Said::Nothing => StatusCode::OK,
    };
    let page = SignIn {
        frame,
        name: LoginName::at_sign_in(words, visit.pool()),
        username,
        offers,
    };
    visit.page(status, &page)
}

/// The form: of the page itself, or of a later step.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    if form.get("challenge").is_some() {
        return challenge::take(visit, form).await;
    }
    let person = Person::of(form);
    let words = visit.words();
    let is_complete =
        !person.login.is_empty() && (form.get("with").is_some() || form.get("password").is_some());
    if !is_complete {
        return page(visit, &person.login, Said::Problem(words.missing_input.clone()));
    }
    match begin(visit, form, &person).await {
        // What was asked for is not to be had, which the rule answers with the choice.
        Ok(Outcome::Choice { challenge, .. })
            if challenge.name == sign_in::ChallengeName::SelectChallenge =>
        {
            page(
                visit,
                &person.login,
                Said::Problem(words.way_not_possible.clone()),
            )
        }
        Ok(outcome) => challenge::go_on(visit, person, outcome).await,
        Err(error) => refused(visit, &person, &error).await,
    }
}

async fn begin(visit: &Visit<'_>, form: &Form, person: &Person) -> Result<Outcome, Error> {
    visit.draw(Operation::InitiateAuth, None)?;
    let mut parameters = vec![("USERNAME", person.login.clone())];
    parameters.extend(visit.secret_hash(&person.login).map(|hash| ("SECRET_HASH", hash)));
    let flow = if let Some(factor) = form.get("with") {
        parameters.push(("PREFERRED_CHALLENGE", factor.to_owned()));
        AuthFlow::UserAuth
    } else {
        parameters.push(("PASSWORD", form.text("password").to_owned()));
        AuthFlow::UserPasswordAuth
    };
    let request = InitiateAuth {
        face: Face::Page,
        client_id: visit.client_id(),
        flow,
        parameters: Parameters::from_iter(parameters),
        caller: Caller::default(),
    };
    sign_in::initiate_auth(visit.service(), &request).await
}

/// What the rule's *no* leads to: the way on where there is one, else this page again.
pub(super) async fn refused(visit: &Visit<'_>, person: &Person, error: &Error) -> Response {
    match error {
        Error::Internal(_) => visit.failed(error),
        Error::UserNotConfirmed(_) => confirm::page(visit, &person.login, &confirm::Hint::NotYet, None),
        Error::PasswordResetRequired(_) => forgot_password::due(visit, &person.login).await,
        _ => page(
            visit,
            &person.login,
            Said::Problem(problem::of(visit.words(), error)),
        ),
    }
}
