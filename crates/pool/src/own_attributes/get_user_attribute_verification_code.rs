//! `GetUserAttributeVerificationCode`: a code for an e-mail address or phone number of one's own.

use super::{medium_of, purpose};
use crate::code::{CodeDelivery, NewCode};
use crate::error::{Error, text};
use crate::message::{Addressee, Occasion};
use crate::ports::Medium;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::subject::Caller;
use crate::time::Time;
use crate::token::authorize;
use crate::user::{Destination, User, update_user};

/// `GetUserAttributeVerificationCode`.
#[derive(Debug)]
pub struct GetUserAttributeVerificationCode {
    /// Whose attribute.
    pub access_token: AccessToken,
    /// `email` or `phone_number`.
    pub attribute_name: String,
    /// For the triggers.
    pub caller: Caller,
}

/// Sends a code in place of the one before: to the value that waits for its verification, else to the user's own.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for another attribute, or one that the user does not have; too many
/// codes within the hour; what sending one gives.
pub async fn get_user_attribute_verification_code(
    service: &Service,
    request: &GetUserAttributeVerificationCode,
) -> Result<CodeDelivery, Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let pool = &bearer.pool.pool;
    let medium = medium_of(&request.attribute_name)?;
    let to = destination(&bearer.user, medium, service.now())
        .ok_or_else(|| Error::InvalidParameter(text::no_such_contact(medium.attribute())))?;
    let code = NewCode::draw(service, pool, &bearer.user, purpose(medium), to);
    let user = update_user(service, pool, bearer.user, |user| code.keep(user)).await?;
    let to = Addressee {
        pool,
        client_id: Some(&bearer.client.client.id),
        user: &user,
        caller: &request.caller,
    };
    code.send(service, &to, Occasion::VerifyUserAttribute).await
}

fn destination(user: &User, medium: Medium, now: Time) -> Option<Destination> {
    let waiting = user
        .codes
        .get(&purpose(medium))
        .filter(|code| now < code.expires_at)
        .and_then(|code| code.destination.clone())
        .filter(|destination| destination.pending);
    waiting.or_else(|| {
        let value = user.attributes.get(medium.attribute())?;
        Some(Destination {
            medium,
            value: value.to_owned(),
            pending: false,
        })
    })
}
