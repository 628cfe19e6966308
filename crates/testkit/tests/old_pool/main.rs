//! The migration function against an old pool in every state that people leave theirs in, and on its worst days: every
//! answer is a row of the decision table, and what is not understood never moves anybody.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod app_client;
mod faults;
mod limits;
mod proxy;
mod scene;
mod second_factor;
mod standings;
mod triggers;
