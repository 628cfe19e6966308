//! The store's tests: the conformance suite on SQLite and PostgreSQL, and what is each one's own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod backups;
mod conformance;
mod damage;
mod durability;
mod file;
mod fixtures;
mod later_release;
mod on_postgres;
mod on_sqlite;
#[path = "../../../testkit/src/postgres.rs"]
#[expect(unreachable_pub, reason = "it is testkit's, for the tests of all crates")]
mod postgres;
mod postgres_durability;
mod postgres_server;
mod postgres_tls;
mod scratch;
mod transfers;
