//! The ways that codes and messages go out to people.
//!
//! A pool hands its messages to a [`Courier`](pool::ports::Courier): on a development server the [`Outbox`], which shows
//! them; in production the [`Queue`], which keeps each message, sealed, in the store until one of its [`Carrier`]s has
//! handed it on. So no request waits for a mail server, and what was accepted survives a crash.

mod carrier;
mod outbox;
mod queue;
mod sms_gateway;
mod smtp;

pub use carrier::{Carrier, CarrierFailed};
pub use outbox::{Outbox, outbox_handler};
pub use queue::{Carriers, Queue};
pub use sms_gateway::{Authorization, GatewayBody, SmsGateway, SmsGatewaySettings};
pub use smtp::{NoSuchCarrier, Smtp, SmtpSecurity, SmtpSettings};
