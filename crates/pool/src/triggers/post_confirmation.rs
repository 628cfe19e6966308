//! The *post confirmation* trigger: told that a sign-up was confirmed, or a forgotten password replaced.
//!
//! Source: *Post confirmation Lambda trigger*: at `ConfirmSignUp`, `AdminConfirmSignUp`, `ConfirmForgotPassword`, and at `SignUp`
//! when the *pre sign-up* trigger has confirmed the user. What it throws reaches the client, although what it was told of
//! stands (observed).

use trigger::post_confirmation::{PostConfirmation, Request};
use trigger::{Event, Trigger as _};

pub(crate) use trigger::post_confirmation::Source;

use super::{call, header, metadata, user_attributes};
use crate::error::Error;
use crate::message::Addressee;
use crate::service::Service;

/// Tells of a confirmation.
///
/// # Errors
/// Those of [`super::Failure`]: above all [`Error::UserLambdaValidation`] when the function throws.
pub(crate) async fn fire(service: &Service, of: &Addressee<'_>, source: Source) -> Result<(), Error> {
    let Some(function) = of.pool.settings.lambda_config.function(PostConfirmation::NAME) else {
        return Ok(());
    };
    let request = Request {
        user_attributes: Some(user_attributes(of.user)),
        client_metadata: metadata(of.caller),
    };
    let header = header(of.pool, of.client_id, of.user.username.as_str(), of.caller);
    let event = Event::<PostConfirmation>::new(source, header, request);
    call(service, &function, &event)
        .await
        .map_err(super::Failure::into_error::<PostConfirmation>)?;
    Ok(())
}
