//! The store's tests: the conformance suite on SQLite, and what is SQLite's own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod conformance;
mod durability;
mod file;
mod fixtures;
mod on_sqlite;
mod scratch;
