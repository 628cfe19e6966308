//! The user pool: sign-in, SRP, tokens, codes and users, free of I/O; it owns its ports.
//!
//! Rules only. What is outside — the store, functions, couriers, time and chance — stands behind the traits of
//! [`ports`]; a use case is a function that takes the [`service::Service`] and a parsed request and gives an answer or
//! an [`error::Error`]. What can be decided without waiting is a plain function beside it.

pub mod app_client;
pub mod attribute;
pub mod branding;
pub mod change_password;
pub mod code;
pub mod device;
pub mod encoding;
pub mod encryption_sdk;
pub mod error;
pub mod forgot_password;
pub mod group;
pub mod id;
pub mod jwt;
pub mod master_key;
mod message;
pub mod mfa;
pub mod oauth;
pub mod own_attributes;
mod page;
pub mod ports;
mod pretence;
mod recovery;
pub mod registry;
pub mod resource_server;
pub mod seal;
pub mod secret;
pub mod service;
pub mod sign_in;
pub mod sign_up;
pub mod srp;
pub mod subject;
pub mod telemetry;
pub mod time;
pub mod token;
mod triggers;
pub mod unknown_name;
pub mod user;
mod user_migration;
pub mod user_pool;
pub mod user_pool_domain;
pub mod web_authn;
