//! Old directories: one module a kind, each answering the two questions of the migration.
//!
//! Every kind implements [`migration::Directory`], ends inside the deadline it is given, and says *could not ask*
//! rather than *wrong password* when it has no answer. None of them ever sees an event.

pub mod aws;
mod clock;
mod connecting;
pub mod http;
mod secret;

pub use secret::Secret;

#[cfg(feature = "cognito")]
pub mod cognito;
