//! Messages to users: what a code or an invitation reads like, and by what way it goes.

use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::ports::{Medium, Message, MessageBody};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::subject::Caller;
use crate::user::User;
use crate::user_pool::UserPool;

/// Why a user gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The code that confirms a sign-up.
    SignUp,
    /// The code of a sign-up once more.
    ResendCode,
    /// The code for a forgotten password.
    ForgotPassword,
    /// The code for a changed attribute.
    UpdateUserAttribute,
    /// The code that verifies an attribute on demand.
    VerifyUserAttribute,
    /// The invitation of a user whom an administrator has made.
    AdminCreateUser,
    /// The code of a sign-in.
    Authentication,
}

/// To whom, and in whose name.
#[derive(Clone, Copy)]
pub(crate) struct Addressee<'a> {
    /// The pool that sends.
    pub(crate) pool: &'a UserPool,
    /// The app client of the call, where it has one.
    pub(crate) client_id: Option<&'a AppClientId>,
    /// The user.
    pub(crate) user: &'a User,
    /// For the triggers.
    pub(crate) caller: &'a Caller,
}

/// The way to the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route<'a> {
    /// How.
    pub(crate) medium: Medium,
    /// The whole address or number.
    pub(crate) destination: &'a str,
}

/// Sends a code to an address or number of the user.
///
/// # Errors
/// [`Error::CodeDeliveryFailure`] when nobody takes the message.
pub(crate) async fn send_code(
    service: &Service,
    to: &Addressee<'_>,
    occasion: Occasion,
    route: Route<'_>,
    code: ConfirmationCode,
) -> Result<(), Error> {
    let (subject, body) = default_text(occasion);
    let message = Message {
        user_pool_id: to.pool.id.clone(),
        username: to.user.username.clone(),
        medium: route.medium,
        destination: route.destination.to_owned(),
        subject: (route.medium == Medium::Email).then(|| subject.to_owned()),
        body: MessageBody::new(body.replace("{####}", code.expose())),
        code: Some(code),
    };
    service.ports.courier.send(message).await.map_err(|failed| {
        tracing::warn!(user.sub = %to.user.sub, error = %failed, "a code was not sent");
        Error::CodeDeliveryFailure(text::DELIVERY_FAILED.into())
    })
}

/// Subject and text where the pool has none of its own.
fn default_text(occasion: Occasion) -> (&'static str, &'static str) {
    match occasion {
        Occasion::Authentication => ("Your authentication code", "Your authentication code is {####}."),
        Occasion::ForgotPassword => ("Your verification code", "Your password reset code is {####}"),
        Occasion::AdminCreateUser => ("Your temporary password", "Your temporary password is {####}"),
        Occasion::SignUp
        | Occasion::ResendCode
        | Occasion::UpdateUserAttribute
        | Occasion::VerifyUserAttribute => ("Your verification code", "Your confirmation code is {####}"),
    }
}
