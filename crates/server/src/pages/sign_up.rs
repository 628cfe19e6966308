//! `/signup`: people make their own users.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use model::Operation;
use pool::app_client::AppClient;
use pool::error::{Error, text};
use pool::sign_up::{self, SignUp, SignedUp};
use pool::subject::Caller;
use pool::user_pool::{SignInNames, UserPool};
use trigger::Password;

use super::attribute::{self, AttributeField};
use super::form::Form;
use super::frame::Frame;
use super::login_name::LoginName;
use super::password_rules::{self, Rule};
use super::sign_in::Said;
use super::visit::Visit;
use super::{confirm, problem, sign_in};

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage<'v> {
    frame: Frame<'v>,
    name: LoginName<'v>,
    username: &'v str,
    attributes: Vec<AttributeField<'v>>,
    rules: Vec<Rule>,
}

/// The empty form; where administrators alone make users there is none.
pub(super) fn show(visit: &Visit<'_>) -> Response {
    if visit.pool().settings.allow_admin_create_user_only {
        let refused = Error::not_authorized(text::SIGN_UP_NOT_PERMITTED);
        return sign_in::page(visit, "", Said::Problem(problem::of(visit.words(), &refused)));
    }
    page(visit, &Form::empty(), None)
}

/// The form.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    let username = form.name("username");
    let wanted = wanted(visit.pool(), visit.client());
    let given: Vec<(String, String)> = form
        .within("requiredAttributes")
        .filter(|(name, value)| wanted.contains(name) && !value.trim().is_empty())
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    if username.is_empty() || form.get("password").is_none() || given.len() < wanted.len() {
        return page(visit, form, Some(visit.words().missing_input.clone()));
    }
    match make(visit, username, form.text("password"), given).await {
        Ok(made) => after(visit, username, &made),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => page(visit, form, Some(problem::of(visit.words(), &error))),
    }
}

async fn make(
    visit: &Visit<'_>,
    username: &str,
    password: &str,
    attributes: Vec<(String, String)>,
) -> Result<SignedUp, Error> {
    visit.draw(Operation::SignUp, None)?;
    let request = SignUp {
        client_id: visit.client_id(),
        username: username.to_owned(),
        secret_hash: visit.secret_hash(username),
        password: Some(Password::new(password)),
        attributes,
        validation_data: Vec::new(),
        caller: Caller::default(),
    };
    sign_up::sign_up(visit.service(), &request).await
}

/// On to the code, or to the sign-in.
fn after(visit: &Visit<'_>, username: &str, made: &SignedUp) -> Response {
    let words = visit.words();
    match &made.delivery {
        Some(sent) => confirm::page(visit, username, &confirm::Hint::sent(sent), None),
        None if made.confirmed => sign_in::page(visit, username, Said::Notice(words.created.clone())),
        None => sign_in::page(visit, username, Said::Notice(words.created_without_code.clone())),
    }
}

/// The form with what was typed, save the password.
fn page(visit: &Visit<'_>, form: &Form, problem: Option<String>) -> Response {
    let words = visit.words();
    let mut frame = visit.frame(&words.sign_up_title);
    let status = if problem.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    frame.problem = problem;
    let typed = |name: &str| {
        let given = form.within("requiredAttributes").find(|(own, _)| *own == name);
        given.map(|(_, value)| value).unwrap_or_default()
    };
    let attributes = wanted(visit.pool(), visit.client())
        .into_iter()
        .map(|name| AttributeField::new(words, name, typed(name)))
        .collect();
    let page = SignUpPage {
        frame,
        name: LoginName::at_sign_up(words, visit.pool()),
        username: form.name("username"),
        attributes,
        rules: password_rules::of(words, &visit.pool().settings.password_policy),
    };
    visit.page(status, &page)
}

/// Which attributes the form asks for: those that the pool requires, and the address or number to which the code goes. What is the
/// user name already, and what the app client may not write, is not asked for.
fn wanted<'p>(pool: &'p UserPool, client: &AppClient) -> Vec<&'p str> {
    let verified = pool.settings.auto_verified_attributes.iter().map(String::as_str);
    let all = attribute::required(&pool.schema).chain(verified);
    let is_name = |name: &str| match &pool.sign_in_names {
        SignInNames::UsernameAttributes(names) => names.iter().any(|own| own == name),
        SignInNames::Username | SignInNames::Aliases(_) => false,
    };
    let mut seen = BTreeSet::new();
    let wanted = all.filter(|name| !is_name(name) && client.may_write(name));
    wanted.filter(|name| seen.insert(*name)).collect()
}
