//! The steps of a sign-in after the first: each shows what the rule asks and takes the answer.
//!
//! What the rule must remember is in its sealed `Session`. What a page must show again after a wrong answer goes along beside it and
//! proves nothing: the rule judges by the session alone.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use model::{ChallengeNameType, Operation};
use pool::error::Error;
use pool::secret::SessionToken;
use pool::sign_in::{self, Challenge, ChallengeName, Outcome, Parameters, RespondToChallenge};
use pool::subject::{Caller, Face};

use super::attribute::AttributeField;
use super::form::Form;
use super::frame::Frame;
use super::password_rules::{self, Rule};
use super::sign_in::{Said, refused};
use super::visit::Visit;
use super::words::{Words, fill};
use super::{after, assets, problem, set_up, sign_in as first_step};

/// Who is signing in, as far as the page knows.
pub(super) struct Person {
    /// What was typed.
    pub(super) login: String,
    /// Whether the browser has passkeys.
    pub(super) has_passkeys: bool,
}

impl Person {
    /// As a form has it: the later steps carry what was typed beside the name that the rule goes by.
    pub(super) fn of(form: &Form) -> Self {
        let login = form.get("login").unwrap_or_else(|| form.name("username"));
        Self {
            login: login.to_owned(),
            has_passkeys: form.get("passkeys").is_some(),
        }
    }
}

/// What a step's form carries.
pub(super) struct Carried {
    pub(super) challenge: String,
    pub(super) session: String,
    pub(super) username: String,
    pub(super) login: String,
    pub(super) passkeys: &'static str,
}

impl Carried {
    fn of_challenge(challenge: &Challenge, person: &Person) -> Self {
        let username = parameter(challenge, "USER_ID_FOR_SRP").unwrap_or(&person.login);
        let session = challenge.session.as_ref().map(SessionToken::expose);
        Self {
            challenge: challenge.name.as_str().to_owned(),
            session: session.unwrap_or_default().to_owned(),
            username: username.to_owned(),
            login: person.login.clone(),
            passkeys: if person.has_passkeys { "1" } else { "" },
        }
    }

    fn of_form(form: &Form) -> Self {
        let person = Person::of(form);
        Self {
            challenge: form.text("challenge").to_owned(),
            session: form.text("session").to_owned(),
            username: form.text("username").to_owned(),
            passkeys: if person.has_passkeys { "1" } else { "" },
            login: person.login,
        }
    }
}

/// What a step asks.
enum Question {
    /// A code; the text says where it is: `EMAIL:j***@e***`, `SMS:+***`, `APP:` and the app's name.
    Code(String),
    /// A password of the person's own, and attributes that the pool requires.
    NewPassword(Vec<String>),
    /// Which second factor.
    Factor(Vec<String>),
    /// An authenticator app, to be set up: its secret, if the page has shown one.
    SetUp(Option<String>),
    /// A passkey, by these options.
    Passkey(String),
}

impl Question {
    fn of_challenge(challenge: &Challenge) -> Option<Self> {
        let get = |name| parameter(challenge, name).unwrap_or_default();
        let list = |name| serde_json::from_str::<Vec<String>>(get(name)).unwrap_or_default();
        let sent = |medium: &str| Self::Code(format!("{medium}:{}", get("CODE_DELIVERY_DESTINATION")));
        Some(match challenge.name {
            ChallengeName::SmsMfa | ChallengeName::SmsOtp => sent("SMS"),
            ChallengeName::EmailOtp => sent("EMAIL"),
            ChallengeName::SoftwareTokenMfa => Self::Code(format!("APP:{}", get("FRIENDLY_DEVICE_NAME"))),
            ChallengeName::NewPasswordRequired => {
                let names = list("requiredAttributes");
                let plain = |name: &String| name.trim_start_matches("userAttributes.").to_owned();
                Self::NewPassword(names.iter().map(plain).collect())
            }
            ChallengeName::SelectMfaType => Self::Factor(list("MFAS_CAN_CHOOSE")),
            ChallengeName::MfaSetup => Self::SetUp(None),
            ChallengeName::WebAuthn => Self::Passkey(get("CREDENTIAL_REQUEST_OPTIONS").to_owned()),
            _ => return None,
        })
    }

    /// As the form of the step has it, to be asked again.
    fn of_form(form: &Form) -> Option<Self> {
        let words = |name| {
            form.text(name)
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        Some(match ChallengeName::parse(form.text("challenge")) {
            ChallengeName::SmsMfa
            | ChallengeName::SmsOtp
            | ChallengeName::EmailOtp
            | ChallengeName::SoftwareTokenMfa => Self::Code(form.text("explanation").to_owned()),
            ChallengeName::NewPasswordRequired => Self::NewPassword(words("required")),
            ChallengeName::SelectMfaType => Self::Factor(words("factors")),
            ChallengeName::MfaSetup => Self::SetUp(form.get("secret").map(str::to_owned)),
            _ => return None,
        })
    }
}

fn parameter<'c>(challenge: &'c Challenge, name: &str) -> Option<&'c str> {
    let found = challenge.parameters.iter().find(|(own, _)| *own == name);
    found.map(|(_, value)| value.as_str())
}

/// What comes of a step: the next one, or the app.
pub(super) async fn go_on(visit: &Visit<'_>, person: Person, outcome: Outcome) -> Response {
    let challenge = match outcome {
        Outcome::SignedIn(user) => return after::signed_in(visit, &person, &user).await,
        Outcome::Challenge(challenge) | Outcome::Choice { challenge, .. } => challenge,
        Outcome::Tokens(_) | Outcome::CustomChallenge { .. } => {
            return visit.failed(&Error::internal("a sign-in on a page ended as one of the API"));
        }
    };
    let carried = Carried::of_challenge(&challenge, &person);
    match Question::of_challenge(&challenge) {
        Some(question) => ask(visit, carried, question, None).await,
        None => visit.failed(&Error::internal(
            "a page was to pose a challenge that it does not know",
        )),
    }
}

/// A step's form.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    let words = visit.words();
    let question = Question::of_form(form);
    let is_password = matches!(question, Some(Question::NewPassword(_)));
    if is_password && form.text("new_password") != form.text("confirm_password") {
        return again(visit, form, question, words.passwords_differ.clone()).await;
    }
    let person = Person::of(form);
    match answer(visit, form).await {
        Ok(outcome) => go_on(visit, person, outcome).await,
        Err(error) if may_try_again(&error) && question.is_some() => {
            again(visit, form, question, problem::of(words, &error)).await
        }
        Err(Error::NotAuthorized(_)) if form.get("credential").is_some() => {
            first_step::page(visit, &person.login, Said::Problem(words.passkey_refused.clone()))
        }
        Err(error) => refused(visit, &person, &error).await,
    }
}

/// Errors that leave the session as it was.
fn may_try_again(error: &Error) -> bool {
    matches!(
        error,
        Error::CodeMismatch(_)
            | Error::EnableSoftwareTokenMFA(_)
            | Error::ExpiredCode(_)
            | Error::InvalidParameter(_)
            | Error::InvalidPassword(_)
            | Error::PasswordHistoryPolicyViolation(_)
            | Error::AliasExists(_)
            | Error::TooManyRequests(_)
    )
}

async fn again(visit: &Visit<'_>, form: &Form, question: Option<Question>, problem: String) -> Response {
    match question {
        Some(question) => ask(visit, Carried::of_form(form), question, Some(problem)).await,
        None => first_step::page(visit, &Person::of(form).login, Said::Problem(problem)),
    }
}

/// Takes the answer to the rule.
async fn answer(visit: &Visit<'_>, form: &Form) -> Result<Outcome, Error> {
    let challenge = ChallengeName::parse(form.text("challenge"));
    let mut session = SessionToken::new(form.text("session").to_owned());
    let mut parameters = vec![("USERNAME".to_owned(), form.text("username").to_owned())];
    let mut put = |name: &str, value: String| parameters.push((name.to_owned(), value));
    match challenge {
        ChallengeName::SmsMfa => put("SMS_MFA_CODE", form.code("code")),
        ChallengeName::SmsOtp => put("SMS_OTP_CODE", form.code("code")),
        ChallengeName::EmailOtp => put("EMAIL_OTP_CODE", form.code("code")),
        ChallengeName::SoftwareTokenMfa => put("SOFTWARE_TOKEN_MFA_CODE", form.code("code")),
        ChallengeName::SelectMfaType => put("ANSWER", form.text("answer").to_owned()),
        ChallengeName::WebAuthn => put("CREDENTIAL", form.text("credential").to_owned()),
        ChallengeName::NewPasswordRequired => {
            put("NEW_PASSWORD", form.text("new_password").to_owned());
            for (name, value) in form.within("requiredAttributes") {
                put(&format!("userAttributes.{name}"), value.to_owned());
            }
        }
        ChallengeName::MfaSetup => session = set_up::verify(visit, session, form.code("code")).await?,
        _ => return Err(Error::not_authorized(pool::error::text::SESSION_INVALID)),
    }
    if let Some(hash) = visit.secret_hash(form.text("username")) {
        put("SECRET_HASH", hash);
    }
    visit.draw(
        Operation::RespondToAuthChallenge,
        ChallengeNameType::parse(challenge.as_str()),
    )?;
    let request = RespondToChallenge {
        face: Face::Page,
        client_id: visit.client_id(),
        challenge,
        session: Some(session),
        parameters: Parameters::from_iter(parameters),
        caller: Caller::default(),
    };
    sign_in::respond_to_challenge(visit.service(), &request).await
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage<'v> {
    frame: Frame<'v>,
    carried: Carried,
    explanation: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPasswordPage<'v> {
    frame: Frame<'v>,
    carried: Carried,
    attributes: Vec<AttributeField<'v>>,
    required: String,
    rules: Vec<Rule>,
}

#[derive(Template)]
#[template(path = "choose_factor.html")]
struct ChooseFactorPage<'v> {
    frame: Frame<'v>,
    carried: Carried,
    factors: Vec<Factor<'v>>,
    factors_text: String,
}

/// A second factor to choose.
struct Factor<'v> {
    value: &'v str,
    label: &'v str,
}

#[derive(Template)]
#[template(path = "passkey.html")]
struct PasskeyPage<'v> {
    frame: Frame<'v>,
    carried: Carried,
    options: String,
}

/// The page of a step.
async fn ask(visit: &Visit<'_>, carried: Carried, question: Question, problem: Option<String>) -> Response {
    let words = visit.words();
    let status = status_of(problem.as_ref());
    match question {
        Question::Code(hint) => {
            let mut frame = visit.frame(&words.code_title);
            frame.problem = problem;
            let explanation = explained(words, &hint);
            visit.page(
                status,
                &CodePage {
                    frame,
                    carried,
                    explanation,
                    hint,
                },
            )
        }
        Question::NewPassword(required) => {
            let mut frame = visit.frame(&words.new_password_title);
            frame.problem = problem;
            let attributes = required
                .iter()
                .map(|name| AttributeField::new(words, name, ""))
                .collect();
            let page = NewPasswordPage {
                frame,
                carried,
                attributes,
                required: required.join(" "),
                rules: password_rules::of(words, &visit.pool().settings.password_policy),
            };
            visit.page(status, &page)
        }
        Question::Factor(factors) => {
            let mut frame = visit.frame(&words.choose_factor_title);
            frame.problem = problem;
            let choices = factors.iter().filter_map(|value| {
                let label = factor_label(words, value)?;
                Some(Factor { value, label })
            });
            let page = ChooseFactorPage {
                frame,
                carried,
                factors: choices.collect(),
                factors_text: factors.join(" "),
            };
            visit.page(status, &page)
        }
        Question::SetUp(secret) => set_up::page(visit, carried, secret, problem).await,
        Question::Passkey(options) => {
            let mut frame = visit.frame(&words.passkey_title);
            frame.scripts.push(assets::passkey_script());
            visit.page(
                status,
                &PasskeyPage {
                    frame,
                    carried,
                    options,
                },
            )
        }
    }
}

/// A page that says what went wrong is no success: browsers offer to keep a password only after one.
pub(super) fn status_of(problem: Option<&String>) -> StatusCode {
    if problem.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    }
}

fn factor_label<'w>(words: &'w Words, factor: &str) -> Option<&'w str> {
    Some(match factor {
        "SMS_MFA" => &words.factor_sms,
        "EMAIL_OTP" | "EMAIL_MFA" => &words.factor_email,
        "SOFTWARE_TOKEN_MFA" => &words.factor_app,
        _ => return None,
    })
}

/// Where a code is.
pub(super) fn explained(words: &Words, hint: &str) -> String {
    match hint.split_once(':') {
        Some(("SMS", destination)) => fill(&words.code_sent_by_sms, "destination", destination),
        Some(("EMAIL", destination)) => fill(&words.code_sent_by_email, "destination", destination),
        Some(("APP", device)) if !device.is_empty() => fill(&words.code_of_named_app, "device", device),
        _ => words.code_of_app.clone(),
    }
}
