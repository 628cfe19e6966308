//! For tests only: a server on a free port, a clock moved by hand, chance that can be foreseen, an outbox.
//!
//! ```no_run
//! # async fn a_test() -> anyhow::Result<()> {
//! use serde_json::json;
//! use testkit::{Options, TestServer, pair};
//!
//! let server = TestServer::start(Options::old_and_new()).await?;
//! let (status, answer) = server.api("InitiateAuth", &json!({
//!     "AuthFlow": "USER_PASSWORD_AUTH",
//!     "ClientId": pair::NEW_CLIENT,
//!     "AuthParameters": { "USERNAME": pair::ANN, "PASSWORD": pair::PASSWORD },
//! })).await?;
//! assert_eq!(status, 200, "{answer}");
//! # Ok(())
//! # }
//! ```
//!
//! Servers are put together by `rehome`'s own wiring. Each has a fresh database in a temporary directory and port 0, so
//! that tests run side by side; none waits for luck.

mod clock;
mod entropy;
mod function;
pub mod history;
pub mod link;
pub mod pair;
pub mod postgres;
mod server;
pub mod standbys;

pub use clock::ManualClock;
pub use entropy::{SeededEntropy, ThriftyEntropy};
pub use function::{Answering, Invocations};
pub use server::{Options, TestServer};
