//! What stands behind each command: parse, call, hand what came of it to the terminal.

pub mod completions;
pub mod invoke;
pub mod keys;
pub mod serve;
pub mod try_out;
