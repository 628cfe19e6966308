//! A database knows its master keys: no server works on it with another, and one takes the place of another while servers serve.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../process/mod.rs"]
mod process;

mod known;
mod pass;
mod rotation;
mod scene;
