//! The pool's store in SQL: [`SqliteStore`] keeps all pools in one SQLite file, [`PostgresStore`] in a database of
//! PostgreSQL, for any number of nodes.
//!
//! It implements [`pool::ports::Store`] and meets the rest of the software only there. From the top:
//!
//! - [`sqlite`] and [`postgres`] are the engines: how connections are set up, who writes and who reads, what errors mean.
//! - `change` applies a commit's changes in order; `user_pool`, `app_client`, `user`, `login`, `listing` and `user_count`
//!   hold the statements, one aggregate each.
//! - `session` is all that a statement knows of its engine. Statements keep to what SQLite and PostgreSQL both
//!   understand: binds written `?1`, types BIGINT and TEXT, `ON CONFLICT`, row values.
//! - [`Observed`] times a store of either engine; [`telemetry`] is what is counted.
//! - [`transfer`] copies everything of one database into another, of the same engine or the other.
//! - `migration` says how the tables come to this release's state.

mod app_client;
mod branding;
mod carry;
mod change;
mod delivery;
mod device;
mod document;
mod group;
mod listing;
mod login;
mod master_key_record;
mod migration;
mod observed;
pub mod postgres;
mod session;
pub mod sqlite;
pub mod telemetry;
mod token_family;
pub mod transfer;
mod unknown_name;
mod user;
mod user_count;
mod user_pool;
mod user_pool_domain;

pub use observed::Observed;
pub use postgres::{DatabaseUrl, PostgresSettings, PostgresStore};
pub use sqlite::{OpenError, SqliteStore};
