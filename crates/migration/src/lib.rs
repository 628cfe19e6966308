//! The decision: an event and what the old directory said become a response or a refusal.
//!
//! [`migrate`] asks the [`Directory`] one question inside one time budget, unless one of the [`Levers`] or the [`Guard`]
//! says otherwise; [`decide`] is the pure heart, a table of standings by occasions. This crate does no I/O and knows no
//! protocol: the old directories live in `directory`, the Lambda in `function`.

mod attempts;
pub mod companion;
mod decide;
mod digest;
mod directory;
mod guard;
mod inquiry;
mod levers;
mod mapping;
mod migrate;
mod profile;
mod refusal;
mod rules;
mod shield;
mod standing;

pub use decide::{Decision, Occasion, decide};
pub use digest::{DigestKey, ListProblem, LoginSet, version_of};
pub use directory::{Cause, CouldNotAsk, Deadline, Directory};
pub use guard::Guard;
pub use inquiry::{Inquiry, Shares, Step, Timing, Took};
pub use levers::{AfterEnd, Cohort, End, Lever, Levers};
pub use mapping::{Mapping, MappingProblem, NewUsername};
pub use migrate::{Call, DEFAULT_BUDGET, Outcome, Terms, migrate};
pub use profile::{Login, Profile, SecondFactor};
pub use refusal::Refusal;
pub use rules::{OnOtherMfa, OnPasswordChange, OnSmsMfa, OnUnconfirmed, Rules};
pub use shield::{Bucket, ShieldChange, ShieldSettings};
pub use standing::Standing;
pub use trigger::{Attributes, Password};
