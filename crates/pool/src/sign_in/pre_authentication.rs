//! The *pre authentication* trigger: it may refuse a sign-in before any proof is looked at.
//!
//! Source: *Pre authentication Lambda trigger*. `userNotFound` is in the events of app clients that hide unknown users, and
//! there the function is asked about those too, so that their sign-ins look like anybody's. What the function throws reaches
//! the client in both cases; the function tells people apart or does not.
//! Chosen: users whom their status keeps out are told so without asking it; somebody unknown goes by the user name that SRP
//! would pretend.

use trigger::pre_authentication::{PreAuthentication, Request, Source};
use trigger::{Attributes, Event, Trigger as _};

use super::step::Step;
use crate::error::Error;
use crate::pretence;
use crate::triggers;
use crate::user::User;

/// Asks about a user.
///
/// # Errors
/// Those of [`triggers::Failure`]: above all [`Error::UserLambdaValidation`] when the function refuses.
pub(super) async fn fire(step: &Step<'_>, user: &User) -> Result<(), Error> {
    ask(step, user.username.as_str(), Some(user)).await
}

/// Asks about a name that leads to nobody.
///
/// # Errors
/// As [`fire`].
pub(super) async fn fire_for_nobody(step: &Step<'_>, login: &str) -> Result<(), Error> {
    let user_name = pretence::user_id(step.service, step.pool(), login);
    ask(step, &user_name, None).await
}

async fn ask(step: &Step<'_>, user_name: &str, user: Option<&User>) -> Result<(), Error> {
    let Some(function) = step
        .pool()
        .settings
        .lambda_config
        .function(PreAuthentication::NAME)
    else {
        return Ok(());
    };
    let request = Request {
        user_attributes: Some(user.map_or_else(Attributes::new, triggers::user_attributes)),
        validation_data: triggers::metadata(step.opening),
        user_not_found: step.hides_unknown_users().then_some(user.is_none()),
    };
    let event = Event::<PreAuthentication>::new(Source::Authentication, step.header(user_name), request);
    triggers::call(step.service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<PreAuthentication>)?;
    Ok(())
}
