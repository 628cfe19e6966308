//! *Custom e-mail sender* and *custom SMS sender*: a function sends the message itself. The code reaches it encrypted, with
//! the key that the pool's `KMSKeyID` names.
//!
//! Source: *Custom sender Lambda triggers*. Cognito invokes these functions, and only these, without waiting for them
//! (*Customizing user pool workflows with Lambda triggers*), so neither their answer nor their failure reaches a client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use trigger::custom_email_sender::{self, CustomEmailSender};
use trigger::custom_sms_sender::{self, CustomSmsSender};
use trigger::{EncryptedCode, Event, Trigger};

use super::{Addressee, Letter};
use crate::encryption_sdk::{EncryptionContext, encrypt};
use crate::error::{Error, text};
use crate::ports::{FunctionArn, InvokeError, Medium};
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::triggers;
use crate::user_pool::UserPool;

/// Hands a message over to the function that sends it.
///
/// # Errors
/// [`Error::CodeDeliveryFailure`] when there is no key to encrypt with (chosen), [`Error::UnexpectedLambda`] when nobody takes
/// the event.
pub(super) async fn hand_over(
    service: &Service,
    to: &Addressee<'_>,
    letter: &Letter<'_>,
    function: &FunctionArn,
) -> Result<(), Error> {
    let code = letter.code.as_ref();
    let code = code.map(|code| encrypted(service, to.pool, code)).transpose()?;
    // The function knows no other place to send to: an address that is to be verified need not be the user's yet.
    let mut attributes = triggers::user_attributes(to.user);
    attributes.insert(letter.route.medium.attribute(), letter.route.destination);
    let user_attributes = Some(attributes);
    let client_metadata = triggers::metadata(to.caller);
    let header = triggers::header(to.pool, to.client_id, to.user.username.as_str(), to.caller);
    let (payload, name) = match letter.route.medium {
        Medium::Email => {
            let request = custom_email_sender::Request {
                code,
                client_metadata,
                user_attributes,
            };
            let source = letter.occasion.source::<CustomEmailSender>();
            let event = Event::<CustomEmailSender>::new(source, header, request);
            (event.payload(), CustomEmailSender::NAME)
        }
        Medium::Sms => {
            let request = custom_sms_sender::Request {
                code,
                client_metadata,
                user_attributes,
            };
            let source = letter.occasion.source::<CustomSmsSender>();
            let event = Event::<CustomSmsSender>::new(source, header, request);
            (event.payload(), CustomSmsSender::NAME)
        }
    };
    let taken = service.ports.functions.hand_over(function, &payload).await;
    taken.map_err(|error| {
        let reason = match &error {
            InvokeError::NotInvoked { code } => code.as_str(),
            InvokeError::Failed { .. } | InvokeError::TimedOut => "ServiceException",
        };
        Error::UnexpectedLambda(text::invocation_failed(name, reason))
    })
}

/// `request.code`: Base64 of a message of the AWS Encryption SDK. Observed: its encryption context has the pool's id.
fn encrypted(service: &Service, pool: &UserPool, code: &ConfirmationCode) -> Result<EncryptedCode, Error> {
    let arn = pool.settings.lambda_config.kms_key_id();
    let Some(key) = arn.and_then(|arn| service.wrapping_keys.find(arn)) else {
        tracing::error!(
            user_pool.id = %pool.id, key.arn = arn,
            "a custom sender is to send a code, and there is no key to encrypt it with: name its file under [keys] in the \
             functions file"
        );
        return Err(Error::CodeDeliveryFailure(text::NO_KEY_FOR_CUSTOM_SENDER.into()));
    };
    let context = EncryptionContext::from([("userpool-id", pool.id.as_str())]);
    let message =
        encrypt(key, &context, code.expose().as_bytes(), service.entropy()).map_err(Error::internal)?;
    Ok(EncryptedCode::new(STANDARD.encode(message)))
}
