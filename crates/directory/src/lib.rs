//! Old directories: one module a kind, each answering the two questions of the migration.
//!
//! Every kind implements [`migration::Directory`], ends inside the deadline it is given, and says *could not ask*
//! rather than *wrong password* when it has no answer. None of them ever sees an event.

mod clock;
pub mod http;

#[cfg(feature = "cognito")]
pub mod cognito;
