//! The second factor: authenticator apps, codes by SMS and e-mail, how pools and users choose among them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod app;
mod by_email;
mod choice;
mod pool_config;
mod preference;
mod set_up_at_sign_in;
mod software_token;
