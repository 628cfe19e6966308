//! What stands behind each command: parse, call, hand what came of it to the terminal.

pub(crate) mod bar;
pub mod completions;
pub mod db;
pub mod invoke;
pub mod keys;
pub mod master_key;
pub mod package;
pub mod policy;
pub mod serve;
pub mod trigger;
pub mod try_out;
