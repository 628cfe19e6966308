//! `/forgotPassword` and `/confirmForgotPassword`: a code, and with it a new password.

use askama::Template;
use axum::response::Response;
use model::Operation;
use pool::code::CodeDelivery;
use pool::error::Error;
use pool::forgot_password::{self as rule, ConfirmForgotPassword, ForgotPassword};
use pool::secret::ConfirmationCode;
use pool::subject::{Caller, Face};
use pool::user_pool::SignInNames;
use trigger::Password;

use super::challenge::{explained, status_of};
use super::form::Form;
use super::frame::Frame;
use super::login_name::LoginName;
use super::password_rules::{self, Rule};
use super::problem;
use super::sign_in::{self, Said};
use super::visit::Visit;

#[derive(Template)]
#[template(path = "forgot_password.html")]
struct ForgotPage<'v> {
    frame: Frame<'v>,
    name: LoginName<'v>,
    username: &'v str,
    explanation: &'v str,
}

#[derive(Template)]
#[template(path = "reset_password.html")]
struct ResetPage<'v> {
    frame: Frame<'v>,
    username: &'v str,
    explanation: String,
    hint: String,
    rules: Vec<Rule>,
}

/// The page that asks who it is.
pub(super) fn show(visit: &Visit<'_>) -> Response {
    page(
        visit,
        visit.request.login_hint.as_deref().unwrap_or_default(),
        None,
    )
}

fn page(visit: &Visit<'_>, username: &str, problem: Option<String>) -> Response {
    let words = visit.words();
    let mut frame = visit.frame(&words.forgot_title);
    let status = status_of(problem.as_ref());
    frame.problem = problem;
    let has = |names: &[String], name: &str| names.iter().any(|own| own == name);
    let explanation = match &visit.pool().sign_in_names {
        SignInNames::UsernameAttributes(names) if has(names, "email") && has(names, "phone_number") => {
            &words.forgot_why_email_or_phone
        }
        SignInNames::UsernameAttributes(names) if has(names, "email") => &words.forgot_why_email,
        SignInNames::UsernameAttributes(_) => &words.forgot_why_phone,
        SignInNames::Username | SignInNames::Aliases(_) => &words.forgot_why,
    };
    let page = ForgotPage {
        frame,
        name: LoginName::at_sign_in(words, visit.pool()),
        username,
        explanation,
    };
    visit.page(status, &page)
}

/// The name: a code is sent, and the next page asks for it. Who is not there is said to have got one where the app client
/// hides it; the migration function is asked about them first.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    let (words, username) = (visit.words(), form.name("username"));
    if username.is_empty() {
        return page(visit, username, Some(words.missing_input.clone()));
    }
    match send(visit, username).await {
        Ok(sent) => reset_page(visit, username, &hint(&sent), Said::Nothing),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => page(visit, username, Some(problem::of(words, &error))),
    }
}

/// A sign-in has shown that the password has to be reset: the code is sent, and the page says why.
pub(super) async fn due(visit: &Visit<'_>, username: &str) -> Response {
    let words = visit.words();
    match send(visit, username).await {
        Ok(sent) => reset_page(
            visit,
            username,
            &hint(&sent),
            Said::Notice(words.reset_due.clone()),
        ),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => sign_in::page(visit, username, Said::Problem(problem::of(words, &error))),
    }
}

async fn send(visit: &Visit<'_>, username: &str) -> Result<CodeDelivery, Error> {
    visit.draw(Operation::ForgotPassword, None)?;
    let request = ForgotPassword {
        client_id: visit.client_id(),
        username: username.to_owned(),
        secret_hash: visit.secret_hash(username),
        face: Face::Page,
        caller: Caller::default(),
    };
    rule::forgot_password(visit.service(), &request).await
}

fn hint(sent: &CodeDelivery) -> String {
    format!("{}:{}", sent.medium.as_str(), sent.destination)
}

fn reset_page(visit: &Visit<'_>, username: &str, hint: &str, said: Said) -> Response {
    let words = visit.words();
    let mut frame = visit.frame(&words.reset_title);
    match said {
        Said::Nothing => {}
        Said::Problem(problem) => frame.problem = Some(problem),
        Said::Notice(notice) => frame.notice = Some(notice),
    }
    let status = status_of(frame.problem.as_ref());
    let page = ResetPage {
        frame,
        username,
        explanation: explained(words, hint),
        hint: hint.to_owned(),
        rules: password_rules::of(words, &visit.pool().settings.password_policy),
    };
    visit.page(status, &page)
}

/// The code and the new password. A password that the rules refuse leaves the code good.
pub(super) async fn confirm(visit: &Visit<'_>, form: &Form) -> Response {
    let (words, username) = (visit.words(), form.name("username"));
    let again =
        |problem: String| reset_page(visit, username, form.text("explanation"), Said::Problem(problem));
    if form.text("password") != form.text("confirm_password") {
        return again(words.passwords_differ.clone());
    }
    if form.get("password").is_none() || form.code("code").is_empty() {
        return again(words.missing_input.clone());
    }
    match change(visit, username, form).await {
        Ok(()) => sign_in::page(visit, username, Said::Notice(words.reset_done.clone())),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => again(problem::of(words, &error)),
    }
}

async fn change(visit: &Visit<'_>, username: &str, form: &Form) -> Result<(), Error> {
    visit.draw(Operation::ConfirmForgotPassword, None)?;
    let request = ConfirmForgotPassword {
        client_id: visit.client_id(),
        username: username.to_owned(),
        secret_hash: visit.secret_hash(username),
        code: ConfirmationCode::new(form.code("code")),
        password: Password::new(form.text("password")),
        face: Face::Page,
        caller: Caller::default(),
    };
    rule::confirm_forgot_password(visit.service(), &request).await
}
