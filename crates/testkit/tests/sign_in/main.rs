//! How people sign in, and how they are turned away: every answer to the letter, in the order in which it is checked.

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod lockout;
mod new_password;
mod order;
mod password;
mod sealed;
mod secret_hash;
mod sms_mfa;
mod srp;
mod unknown_names;
