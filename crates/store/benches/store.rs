//! Measures the store; see below.
fn main() {}
