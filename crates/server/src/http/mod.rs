//! The server itself: one port, all faces.
//!
//! `serve` owns the connections, `router` says which face answers what, `observe` writes one line a request,
//! `overload` says which requests take turns at the cores.

pub(crate) mod cors;
mod health;
pub(crate) mod local;
mod observe;
mod outbox;
mod overload;
pub(crate) mod query;
mod record;
mod router;
mod serve;

pub(crate) use record::Record;
pub use router::router;
pub use serve::serve;
