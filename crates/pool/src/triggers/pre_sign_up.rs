//! The *pre sign-up* trigger: asked before a user is stored, by whatever way the user comes.
//!
//! Source: *Pre sign-up Lambda trigger*. It is asked before anybody looks whether the name is free (chosen: the commit alone
//! can say). What it answers is obeyed at `SignUp`; an administrator's user and one who moves in are what their makers say
//! (documented for `AdminCreateUser`; that a migration asks in the same way is observed, its source chosen).

use trigger::pre_sign_up::{PreSignUp, Request, Response, Source};
use trigger::{Event, Metadata, Trigger as _};

use super::{call, header, metadata};
use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::ports::Medium;
use crate::service::Service;
use crate::subject::Caller;
use crate::user::User;
use crate::user_pool::UserPool;

/// By what call a user comes to be.
#[derive(Clone, Debug)]
pub(crate) struct Origin<'a> {
    /// By which way.
    pub(crate) source: Source,
    /// The app client of the call, where it has one.
    pub(crate) client_id: Option<&'a AppClientId>,
    /// `ClientMetadata`, and by what SDK.
    pub(crate) caller: &'a Caller,
    /// `ValidationData`; at a sign-in that moves a user in, its `ClientMetadata`.
    pub(crate) validation_data: Option<Metadata>,
}

/// Asks whether the user may come to be, and what they are to be at once.
///
/// # Errors
/// Those of [`super::Failure`]: above all [`Error::UserLambdaValidation`] when the function refuses.
pub(crate) async fn fire(
    service: &Service,
    pool: &UserPool,
    user: &User,
    origin: Origin<'_>,
) -> Result<Response, Error> {
    let Some(function) = pool.settings.lambda_config.function(PreSignUp::NAME) else {
        return Ok(Response::default());
    };
    let request = Request {
        user_attributes: Some(user.attributes.iter().collect()),
        validation_data: origin.validation_data,
        client_metadata: metadata(origin.caller),
    };
    let header = header(pool, origin.client_id, user.username.as_str(), origin.caller);
    let event = Event::<PreSignUp>::new(origin.source, header, request);
    call(service, &function, &event)
        .await
        .map_err(super::Failure::into_error::<PreSignUp>)
}

/// Which contacts the function has declared verified.
///
/// # Errors
/// [`Error::InvalidLambdaResponse`] when it is one that the user does not have (documented as an error; which one is chosen).
pub(crate) fn verified(response: &Response, user: &User) -> Result<Vec<Medium>, Error> {
    let declared = [
        (Medium::Email, response.auto_verify_email),
        (Medium::Sms, response.auto_verify_phone),
    ];
    let mut verified = Vec::new();
    for (medium, _) in declared.into_iter().filter(|(_, is)| *is == Some(true)) {
        if user.attributes.get(medium.attribute()).is_none() {
            let name = medium.attribute();
            return Err(Error::InvalidLambdaResponse(text::nothing_to_verify(name)));
        }
        verified.push(medium);
    }
    Ok(verified)
}
