//! Messages to users: what a code or an invitation reads like, and by what way it goes.
//!
//! A function that sends messages of this medium itself gets the code and nothing else happens ([`custom_sender`]).
//! Otherwise the pool's own words ([`wording`]), or what a function makes of them ([`custom_message`]), go out with the code
//! in its place ([`form`]). The *custom message* trigger is not asked beside a sender: its answer would reach nobody (chosen;
//! the pages of neither say).
//!
//! A message is sent after what it tells of was written, as Cognito does at sign-up (observed: a user whose message failed is
//! there). So a message that fails leaves a code that nobody has; the next one takes its place.

mod custom_message;
mod custom_sender;
mod form;
mod wording;

use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::ports::{Medium, Message, MessageBody};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::subject::Caller;
use crate::user::User;
use crate::user_pool::UserPool;

use form::Form;

/// Why a user gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    dead_code,
    reason = "operations that confirm and verify make theirs as they come"
)]
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

impl Occasion {
    /// As it stands in the trigger sources of all three triggers: `CustomMessage_SignUp`, …
    fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "SignUp",
            Self::ResendCode => "ResendCode",
            Self::ForgotPassword => "ForgotPassword",
            Self::UpdateUserAttribute => "UpdateUserAttribute",
            Self::VerifyUserAttribute => "VerifyUserAttribute",
            Self::AdminCreateUser => "AdminCreateUser",
            Self::Authentication => "Authentication",
        }
    }

    /// The source of this occasion among those of a trigger.
    fn source<T: trigger::Trigger>(self) -> T::Source {
        trigger::Source::parse(&format!("{}_{}", T::NAME, self.as_str()))
    }
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

/// One message before it has words.
struct Letter<'a> {
    occasion: Occasion,
    route: Route<'a>,
    /// A welcome has none.
    code: Option<ConfirmationCode>,
}

/// Sends a code, or for [`Occasion::AdminCreateUser`] a temporary password, to an address or number of the user.
///
/// # Errors
/// [`Error::CodeDeliveryFailure`] when nobody takes the message, or when the pool's custom sender has no key here;
/// [`Error::UserLambdaValidation`] when a function refuses to word it, [`Error::UnexpectedLambda`] when one cannot be asked,
/// [`Error::InvalidLambdaResponse`] when it answers what it may not.
pub(crate) async fn send_code(
    service: &Service,
    to: &Addressee<'_>,
    occasion: Occasion,
    route: Route<'_>,
    code: ConfirmationCode,
) -> Result<(), Error> {
    let letter = Letter {
        occasion,
        route,
        code: Some(code),
    };
    send(service, to, letter).await
}

/// Tells a user whom a migration has made that the account is there, by each of `mediums` that reaches the user. Nobody waits
/// for it: what fails is only logged.
pub(crate) async fn welcome(service: &Service, to: &Addressee<'_>, mediums: &[Medium]) {
    for &medium in mediums {
        let Some(destination) = to.user.attributes.get(medium.attribute()) else {
            continue;
        };
        let letter = Letter {
            occasion: Occasion::AdminCreateUser,
            route: Route { medium, destination },
            code: None,
        };
        if let Err(error) = send(service, to, letter).await {
            tracing::warn!(user.sub = %to.user.sub, %error, "a welcome message was not sent");
        }
    }
}

async fn send(service: &Service, to: &Addressee<'_>, letter: Letter<'_>) -> Result<(), Error> {
    let Route { medium, destination } = letter.route;
    if let Some(function) = to.pool.settings.lambda_config.custom_sender(medium) {
        return custom_sender::hand_over(service, to, &letter, &function).await;
    }
    let form = Form::of(&service.place.public_url, to, &letter);
    let mut wording = wording::of_the_pool(to.pool, letter.occasion, medium, &form);
    if let Some(function) = to.pool.settings.lambda_config.function("CustomMessage") {
        wording = custom_message::reword(service, to, &letter, (&form, wording), &function).await?;
    }
    let message = Message {
        user_pool_id: to.pool.id.clone(),
        username: to.user.username.clone(),
        medium,
        destination: destination.to_owned(),
        subject: (medium == Medium::Email).then_some(wording.subject),
        body: MessageBody::new(form.fill(&wording.body)),
        code: letter.code,
    };
    service.ports.courier.send(message).await.map_err(|failed| {
        tracing::warn!(user.sub = %to.user.sub, error = %failed, "a message was not sent");
        Error::CodeDeliveryFailure(text::DELIVERY_FAILED.into())
    })
}
