//! The ways that codes and messages go out to people. One module a way; each is the pool's port
//! [`Courier`](pool::ports::Courier).

mod outbox;

pub use outbox::{Outbox, outbox_handler};
