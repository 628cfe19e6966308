//! One event through `migrate`, with an old directory that is steered.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]
#![allow(clippy::unnecessary_wraps, reason = "answers have the type of the port")]

mod guard;
mod levers;
mod one_event;
mod steered;
