//! *Migrate user*: a password sign-in or a forgotten password names a user whom the pool does not have.
//!
//! AWS: *Migrate user Lambda trigger* (user-pool-lambda-migrate-user); the members that arrive as `null` as observed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::secret::Password;
use crate::wire::{self, Trigger, put_if_some, sources};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct MigrateUser;

impl Trigger for MigrateUser {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "UserMigration";
}

sources! {
    /// Somebody signs in with a password.
    Authentication = "UserMigration_Authentication",
    /// Somebody forgot the password.
    ForgotPassword = "UserMigration_ForgotPassword",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The password that was typed; absent at a forgotten password.
    pub password: Option<Password>,
    /// `ClientMetadata` of the sign-in.
    #[serde(default, deserialize_with = "tolerant")]
    pub validation_data: Option<Metadata>,
    /// `ClientMetadata` of `ForgotPassword`.
    #[serde(default, deserialize_with = "tolerant")]
    pub client_metadata: Option<Metadata>,
}

impl wire::Request for Request {
    fn read(value: &Value) -> Option<Self> {
        wire::shape(value)
    }

    fn write(&self) -> Map<String, Value> {
        let mut members = Map::new();
        put_if_some(
            &mut members,
            "password",
            self.password.as_ref().map(|password| password.expose().into()),
        );
        let validation_data = self
            .validation_data
            .as_ref()
            .map_or(Value::Null, Attributes::to_value);
        members.insert("validationData".to_owned(), validation_data);
        members.insert("userAttributes".to_owned(), Value::Null);
        put_if_some(
            &mut members,
            "clientMetadata",
            self.client_metadata.as_ref().map(Attributes::to_value),
        );
        members
    }
}

/// What the function may answer. Everything absent means: there is no such user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Attributes of the new user; without any, no user is made. Read from the wire it is never an empty map.
    pub user_attributes: Option<Attributes>,
    /// Take an alias over from the user who has it.
    pub force_alias_creation: Option<bool>,
    /// The new user must answer codes by SMS.
    #[serde(rename = "enableSMSMFA")]
    pub enable_sms_mfa: Option<bool>,
    /// Status of the new user; absent means `RESET_REQUIRED`.
    pub final_user_status: Option<FinalUserStatus>,
    /// Absent means that a welcome message goes out.
    pub message_action: Option<MessageAction>,
    /// How the welcome message goes out; absent means SMS.
    pub desired_delivery_mediums: Option<Vec<DeliveryMedium>>,
}

/// Status of a migrated user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FinalUserStatus {
    /// The submitted password is the user's password from now on.
    Confirmed,
    /// The user has to reset the password.
    ResetRequired,
}

/// What to do about the welcome message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageAction {
    /// Send none.
    Suppress,
}

/// A way of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryMedium {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

/// The response as it stands on the wire. `RESEND` is a message action of `AdminCreateUser` that makes no sense for a
/// user who is just being made: it counts as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireResponse {
    user_attributes: Option<Attributes>,
    force_alias_creation: Option<bool>,
    #[serde(rename = "enableSMSMFA")]
    enable_sms_mfa: Option<bool>,
    final_user_status: Option<FinalUserStatus>,
    message_action: Option<WireMessageAction>,
    desired_delivery_mediums: Option<Vec<DeliveryMedium>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum WireMessageAction {
    Suppress,
    Resend,
}

impl wire::Response for Response {
    fn read(value: &Value) -> Option<Self> {
        let read: WireResponse = wire::shape(value)?;
        Some(Self {
            user_attributes: read.user_attributes.filter(|attributes| !attributes.is_empty()),
            force_alias_creation: read.force_alias_creation,
            enable_sms_mfa: read.enable_sms_mfa,
            final_user_status: read.final_user_status,
            message_action: match read.message_action {
                Some(WireMessageAction::Suppress) => Some(MessageAction::Suppress),
                Some(WireMessageAction::Resend) | None => None,
            },
            desired_delivery_mediums: read.desired_delivery_mediums,
        })
    }

    fn write(&self) -> Map<String, Value> {
        wire::members(self)
    }
}
