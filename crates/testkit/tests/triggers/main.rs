//! The Lambda triggers of a sign-in: when each is asked, what it is told, and how it is obeyed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on says so; JSON is made where it is passed"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;
mod quiz;
mod recorded;

mod attack;
mod custom_auth;
mod custom_auth_of_nobody;
mod custom_auth_sessions;
mod custom_auth_with_password;
mod failures;
mod order;
mod post_authentication;
mod pre_authentication;
mod token_generation;
