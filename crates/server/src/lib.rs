//! The faces of the pool over HTTP, and its ways out to functions and couriers.
//!
//! [`App`] is what all faces work on, [`http::serve`] puts them on one port: [`api`] speaks AWS's protocol,
//! `discovery` shows a pool's keys, `oauth` sends people to apps and gives these their tokens, `pages` is what people see;
//! [`quota`] counts how much is let through, `turns` shares the cores,
//! [`traces`] tells where a request's time goes. Outward, [`functions`] invokes Lambda functions and [`courier`] carries codes.
//! Nothing here decides anything: rules are the `pool` crate's.

pub mod api;
mod app;
pub mod courier;
mod discovery;
pub mod functions;
pub mod http;
pub mod oauth;
mod pages;
pub mod quota;
mod readiness;
pub mod telemetry;
pub mod traces;
mod turns;

pub use api::{AccessKey, AccessKeys, SecretAccessKey};
pub use app::{App, Options};
pub use pages::{Languages, WordsError};
pub use quota::RateLimits;

/// An error and its causes in one line, for the log.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    std::iter::once(error)
        .chain(causes)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
