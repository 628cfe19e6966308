//! Signing up, and what users do with their own attributes and passwords.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on says so; JSON is made where it is passed"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../triggers/recorded.rs"]
mod recorded;

mod aliases;
mod calls;
mod confirmation;
mod new_users;
mod own_attributes;
mod password_history;
mod resets;
mod triggers;
