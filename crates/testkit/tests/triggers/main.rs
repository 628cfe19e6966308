//! The Lambda triggers of a sign-in: when each is asked, what it is told, and how it is obeyed.

#[path = "../behaviour/mod.rs"]
mod behaviour;
mod recorded;

mod post_authentication;
mod pre_authentication;
mod token_generation;
