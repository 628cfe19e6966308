//! For tests only: a server on a free port, a clock moved by hand, an outbox, real clients.
