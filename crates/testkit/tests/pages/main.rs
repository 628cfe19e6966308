//! The pages that people see, over HTTP and in a real browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    clippy::disallowed_methods,
    reason = "a test that cannot go on says so; JSON is made where it is passed; the environment says where the browser is"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod attacks;
mod branding;
mod chromium;
mod guessing;
mod languages;
mod managed_login;
mod migration;
mod person;
mod scene;
mod sign_in;
mod walk;
