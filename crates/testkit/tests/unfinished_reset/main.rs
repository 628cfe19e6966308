//! Somebody forgot the password, moved in for the code, and never finished: there is no dead end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod between_two_pools;
mod by_what_the_function_says;
