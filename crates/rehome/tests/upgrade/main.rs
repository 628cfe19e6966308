//! Nodes are replaced one by one: one of the last release and one of this one serve side by side, and one may go back.
//!
//! The last release is the real one, built from its commit by `cargo xtask test`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod back_and_forth;
mod balancer;
mod home;
mod messages;
#[path = "../process/mod.rs"]
mod process;
mod records;
mod rows;
mod side_by_side;
