//! The binary people run: settings, wiring, commands.
fn main() {}
