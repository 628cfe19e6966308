//! `VerifyUserAttribute`: the code for an e-mail address or phone number comes back.

use super::{medium_of, purpose};
use crate::code;
use crate::error::{Error, text};
use crate::secret::{AccessToken, ConfirmationCode};
use crate::service::Service;
use crate::token::authorize;
use crate::user::{Destination, User, update_user};

/// `VerifyUserAttribute`.
#[derive(Debug)]
pub struct VerifyUserAttribute {
    /// Whose attribute.
    pub access_token: AccessToken,
    /// `email` or `phone_number`.
    pub attribute_name: String,
    /// The code that came.
    pub code: ConfirmationCode,
}

/// Declares the address or number verified to which the code went; one that has waited for this takes effect.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for another attribute; wrong, missing or expired code, too many wrong
/// ones; [`Error::AliasExists`] when it is another user's alias, the code staying good.
pub async fn verify_user_attribute(service: &Service, request: &VerifyUserAttribute) -> Result<(), Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let pool = &bearer.pool.pool;
    let medium = medium_of(&request.attribute_name)?;
    let (user, proof) = code::prove(service, pool, bearer.user, purpose(medium), &request.code).await?;
    let now = service.now();
    let verified = update_user(service, pool, user, |user| {
        let spent = proof.spend(user)?;
        take_effect(user, spent.destination.as_ref())?;
        user.modified_at = now;
        Ok(())
    })
    .await;
    verified.map_err(|error| match error {
        Error::AliasExists(_) => Error::AliasExists(text::alias_taken(medium.attribute())),
        other => other,
    })?;
    Ok(())
}

/// A code proves the value that it was sent to. Once the user has another, it proves nothing.
fn take_effect(user: &mut User, proven: Option<&Destination>) -> Result<(), Error> {
    let stale = || Error::ExpiredCode(text::EXPIRED_CODE.into());
    let proven = proven.ok_or_else(stale)?;
    let name = proven.medium.attribute();
    if proven.pending {
        user.attributes.set(name, proven.value.as_str());
    } else if user.attributes.get(name) != Some(proven.value.as_str()) {
        return Err(stale());
    }
    user.attributes.set(proven.medium.verified_attribute(), "true");
    Ok(())
}
