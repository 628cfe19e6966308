//! The decision: an event and what the old directory said become a response or a refusal.
//!
//! [`migrate`] asks the [`Directory`] one question inside one time budget; [`decide`] is the pure heart, a table of
//! standings by occasions. This crate does no I/O and knows no protocol: the old directories live in `directory`, the
//! Lambda in `function`.

pub mod companion;
mod decide;
mod directory;
mod mapping;
mod migrate;
mod profile;
mod refusal;
mod rules;
mod standing;

pub use decide::{Decision, Occasion, decide};
pub use directory::{Cause, CouldNotAsk, Deadline, Directory};
pub use mapping::{Mapping, MappingProblem, NewUsername};
pub use migrate::{DEFAULT_BUDGET, Outcome, Terms, migrate};
pub use profile::{Login, Profile, SecondFactor};
pub use refusal::Refusal;
pub use rules::{OnOtherMfa, OnPasswordChange, OnSmsMfa, OnUnconfirmed, Rules};
pub use standing::Standing;
pub use trigger::{Attributes, Password};
