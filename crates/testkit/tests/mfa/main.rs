//! The second factor: authenticator apps, codes by SMS and e-mail, how pools and users choose among them.

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod app;
mod by_email;
mod choice;
mod pool_config;
mod preference;
mod set_up_at_sign_in;
mod software_token;
