//! What stands behind each command: parse, call, hand what came of it to the terminal.

pub mod completions;
pub mod db;
pub mod invoke;
pub mod keys;
pub mod package;
pub mod policy;
pub mod serve;
pub mod trigger;
pub mod try_out;
