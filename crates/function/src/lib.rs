//! The migration function, as a library (what a server runs in process) and as Lambda's `bootstrap`.
//!
//! Settings come from the environment variables of a Lambda, from one TOML file, or from a server's functions file;
//! [`Function::handle`] takes an event's bytes and gives the answer's bytes or the error that Lambda reports.

mod board;
mod clock;
mod companion;
mod function;
pub mod metrics;
mod record;
mod settings;
mod told;

pub use function::{Function, FunctionError, Invocation};
pub use record::{Audit, Record, Trigger};
pub use settings::{CognitoFrom, Environment, From, LogSettings, Problem, Problems, Refresh, Settings};
