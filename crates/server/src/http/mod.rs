//! The server itself: one port, all faces.
//!
//! `serve` owns the connections, `router` says which face answers what, `observe` writes one line a request.

pub(crate) mod cors;
mod health;
pub(crate) mod local;
mod observe;
mod outbox;
pub(crate) mod query;
mod record;
mod router;
mod serve;

pub(crate) use record::Record;
pub use router::router;
pub use serve::serve;
