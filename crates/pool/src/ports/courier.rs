//! What carries codes and messages to people.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::id::{UserPoolId, Username};
use crate::secret::ConfirmationCode;

/// The way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Medium {
    /// To an e-mail address.
    Email,
    /// To a phone number.
    Sms,
}

impl Medium {
    /// `EMAIL` or `SMS`, as the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
        }
    }

    /// The attribute that holds the address for this medium.
    #[must_use]
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }

    /// The attribute that says whether that address is proven.
    #[must_use]
    pub fn verified_attribute(self) -> &'static str {
        match self {
            Self::Email => "email_verified",
            Self::Sms => "phone_number_verified",
        }
    }

    /// The medium whose addresses the attribute holds.
    #[must_use]
    pub fn of_attribute(name: &str) -> Option<Self> {
        [Self::Email, Self::Sms]
            .into_iter()
            .find(|medium| medium.attribute() == name)
    }
}

/// A message on its way to one person. Its body holds a code, so it is never printed.
pub struct Message {
    /// The pool that sends it.
    pub user_pool_id: UserPoolId,
    /// The user it is for.
    pub username: Username,
    /// How it goes.
    pub medium: Medium,
    /// The whole address or number.
    pub destination: String,
    /// The subject; a text message has none.
    pub subject: Option<String>,
    /// The text, code included.
    pub body: MessageBody,
    /// The code in it, if it has one: a confirmation code or a temporary password.
    pub code: Option<ConfirmationCode>,
}

/// The text of a message: as secret as the code in it.
pub struct MessageBody(secrecy::SecretString);

impl MessageBody {
    /// Takes a finished text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text, for the one who delivers it.
    #[must_use]
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

/// Delivers messages.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Accepts a message for delivery.
    ///
    /// # Errors
    /// When it could not be accepted; the client gets `CodeDeliveryFailureException`.
    async fn send(&self, message: Message) -> Result<(), DeliveryFailed>;
}

/// A message could not be accepted for delivery. The text names no secret.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be delivered: {0}")]
pub struct DeliveryFailed(pub String);
