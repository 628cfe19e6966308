//! What developers run: generate, tidy, test, bench.
fn main() {}
