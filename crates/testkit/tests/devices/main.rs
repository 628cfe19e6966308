//! Devices: a sign-in from an unknown one gives it a key; a remembered one proves itself, and may take the second factor's place.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on says so; JSON is made where it is passed"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;
#[path = "../triggers/recorded.rs"]
#[allow(dead_code, reason = "made for all triggers; here are some")]
mod recorded;

#[path = "../mfa/app.rs"]
#[allow(dead_code, reason = "made for all that apps do; here is some")]
mod app;
mod attack;
mod confirm_device;
mod custom_auth;
mod device;
mod proof;
mod refresh;
mod second_factor;
mod show_and_forget;
mod told;
mod without_session;
