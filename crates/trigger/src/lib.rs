//! The events of a user pool's Lambda triggers, request and response, as types; both ends of the wire.
//!
//! - The pool's end: [`Event::new`] builds an event member by member as Cognito sends it, [`Event::payload`] gives its
//!   bytes, [`Event::read_answer`] reads what the function gave back, as strictly as Cognito does.
//! - The function's end: [`Event::parse`] reads tolerantly (`null` and absent alike, unknown members kept, `version` of
//!   any kind), [`Event::respond`] and [`Event::unchanged`] return the whole event, with only `response` changed.
//!
//! One module a trigger; each has a marker type (`MigrateUser`), its `Source`, `Request` and `Response`.
//! This crate knows no pool and no directory; every other crate may import it.

mod answer;
mod attributes;
mod event;
mod header;
mod payload;
mod sealed;
mod secret;
mod wire;

pub mod create_auth_challenge;
pub mod custom_email_sender;
pub mod custom_message;
pub mod custom_sms_sender;
pub mod define_auth_challenge;
pub mod migrate_user;
pub mod post_authentication;
pub mod post_confirmation;
pub mod pre_authentication;
pub mod pre_sign_up;
pub mod pre_token_generation;
pub mod pre_token_generation_v2;
pub mod verify_auth_challenge;

pub use answer::InvalidOutput;
pub use attributes::{Attributes, Metadata};
pub use event::{Event, NotAnEvent};
pub use header::{CallerContext, Header};
pub use migrate_user::MigrateUser;
pub use payload::Payload;
pub use secret::{ChallengeAnswer, EncryptedCode, Password};
pub use wire::{Request, Response, Source, Trigger};

/// The version of the AWS SDK that Cognito writes for callers whose user agent it does not know.
pub const UNKNOWN_SDK: &str = "aws-sdk-unknown-unknown";
