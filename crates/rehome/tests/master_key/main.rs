//! A database knows its master keys: no server works on it with another.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../process/mod.rs"]
mod process;

mod known;
mod scene;
