//! The *post authentication* trigger: everything is proven and the tokens are made; it may still keep them back.
//!
//! Source: *Post authentication Lambda trigger*: `clientMetadata` is that of the answer to a challenge.

use trigger::post_authentication::{PostAuthentication, Request, Source};
use trigger::{Event, Trigger as _};

use super::step::Step;
use crate::error::Error;
use crate::triggers;
use crate::user::User;

/// Tells of a sign-in, and whether it came from a device that the pool had not seen.
///
/// # Errors
/// Those of [`triggers::Failure`]: above all [`Error::UserLambdaValidation`] when the function throws.
pub(super) async fn fire(step: &Step<'_>, user: &User, new_device: bool) -> Result<(), Error> {
    let Some(function) = step
        .pool()
        .settings
        .lambda_config
        .function(PostAuthentication::NAME)
    else {
        return Ok(());
    };
    let request = Request {
        user_attributes: Some(triggers::user_attributes(user)),
        new_device_used: Some(new_device),
        client_metadata: triggers::metadata(step.caller),
    };
    let header = step.header(user.username.as_str());
    let event = Event::<PostAuthentication>::new(Source::Authentication, header, request);
    triggers::call(step.service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<PostAuthentication>)?;
    Ok(())
}
