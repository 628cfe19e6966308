//! The binary people run, as a library: settings, wiring and commands.
//!
//! [`cli`] is the command line, [`commands`] what stands behind each command, [`wiring`] the one place where the parts of a
//! server meet; tests of every crate build their servers there too. `main.rs` only starts it.

pub mod api_client;
pub mod arn;
mod builtin;
pub mod cli;
mod clock_text;
pub mod commands;
pub mod exit;
mod key_watch;
mod logging;
pub mod pools_file;
pub mod problem;
mod section;
pub mod settings;
mod signals;
mod terminal;
mod traces;
pub mod wiring;

pub use exit::Exit;
