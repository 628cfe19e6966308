//! The pool's store in SQL: [`SqliteStore`] keeps all pools in one SQLite file.
//!
//! It implements [`pool::ports::Store`] and meets the rest of the software only there. From the top:
//!
//! - [`sqlite`] is the engine: how connections are set up, the one thread that writes, the connections that read.
//! - `change` applies a commit's changes in order; `user_pool`, `app_client`, `user`, `login`, `listing` and `user_count`
//!   hold the statements, one aggregate each.
//! - `session` is all that a statement knows of its engine. Statements keep to what SQLite and PostgreSQL both
//!   understand: binds written `?1`, types BIGINT and TEXT, `ON CONFLICT`, row values.
//! - `dialect` reads an engine's errors, `migration` brings the tables to this release's state.

mod app_client;
mod branding;
mod change;
mod delivery;
mod device;
mod dialect;
mod document;
mod group;
mod listing;
mod login;
mod migration;
mod session;
pub mod sqlite;
mod token_family;
mod unknown_name;
mod user;
mod user_count;
mod user_pool;
mod user_pool_domain;

pub use sqlite::{OpenError, SqliteStore};
