//! The API over real HTTP: a server on a free port, a store in a file, requests as clients send them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

#[path = "api/body.rs"]
mod body;
#[path = "api/operations.rs"]
mod operations;
#[path = "api/protocol.rs"]
mod protocol;
#[path = "api/quota.rs"]
mod quota;
#[path = "api/server.rs"]
mod server;
#[path = "api/signature.rs"]
mod signature;
#[path = "api/surroundings.rs"]
mod surroundings;
