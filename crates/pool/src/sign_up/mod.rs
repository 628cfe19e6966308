//! Signing up: people make their own users, and confirm them with a code.
//!
//! Source: *Signing up and confirming user accounts* of Cognito's guide; API reference.

mod admin_confirm_sign_up;
mod confirm_sign_up;
mod resend_confirmation_code;
#[expect(clippy::module_inception, reason = "an operation keeps AWS's name")]
mod sign_up;

use crate::attribute::Attributes;
use crate::ports::Medium;
use crate::user::Destination;
use crate::user_pool::UserPool;

pub use admin_confirm_sign_up::{AdminConfirmSignUp, admin_confirm_sign_up};
pub use confirm_sign_up::{ConfirmSignUp, confirm_sign_up};
pub use resend_confirmation_code::{ResendConfirmationCode, resend_confirmation_code};
pub use sign_up::{SignUp, SignedUp, sign_up};

/// Where the code that confirms a sign-up goes: to the phone number before the e-mail address, where the pool verifies both by
/// itself. Nowhere without one of them. Source: *Verifying contact information at sign-up*.
fn destination(pool: &UserPool, attributes: &Attributes) -> Option<Destination> {
    mediums(pool).find_map(|medium| {
        let value = attributes.get(medium.attribute())?;
        Some(Destination {
            medium,
            value: value.to_owned(),
            pending: false,
        })
    })
}

/// By which mediums the pool verifies by itself.
fn mediums(pool: &UserPool) -> impl Iterator<Item = Medium> {
    let verifies = |medium: &Medium| {
        let names = &pool.settings.auto_verified_attributes;
        names.iter().any(|name| name == medium.attribute())
    };
    [Medium::Sms, Medium::Email].into_iter().filter(verifies)
}
