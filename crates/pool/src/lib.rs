//! The user pool: sign-in, SRP, tokens, codes and users, free of I/O; it owns its ports.
