//! What users do with their own attributes, and with themselves, by an access token.
//!
//! Source: API reference; *Verifying updates to email addresses and phone numbers*.

mod delete_user;
mod delete_user_attributes;
mod get_user_attribute_verification_code;
mod update_user_attributes;
mod verify_user_attribute;

use crate::error::{Error, text};
use crate::ports::Medium;
use crate::user::CodePurpose;

pub use delete_user::delete_user;
pub use delete_user_attributes::{DeleteUserAttributes, delete_user_attributes};
pub use get_user_attribute_verification_code::{
    GetUserAttributeVerificationCode, get_user_attribute_verification_code,
};
pub use update_user_attributes::{UpdateUserAttributes, update_user_attributes};
pub use verify_user_attribute::{VerifyUserAttribute, verify_user_attribute};

/// Both of them.
const MEDIUMS: [Medium; 2] = [Medium::Email, Medium::Sms];

/// What a code that goes by this medium verifies.
fn purpose(medium: Medium) -> CodePurpose {
    match medium {
        Medium::Email => CodePurpose::VerifyEmail,
        Medium::Sms => CodePurpose::VerifyPhoneNumber,
    }
}

/// The medium whose addresses an attribute holds.
///
/// # Errors
/// [`Error::InvalidParameter`] for an attribute that cannot be verified.
fn medium_of(attribute: &str) -> Result<Medium, Error> {
    Medium::of_attribute(attribute).ok_or_else(|| Error::InvalidParameter(text::not_verifiable(attribute)))
}
