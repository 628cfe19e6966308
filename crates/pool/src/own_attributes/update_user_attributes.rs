//! `UpdateUserAttributes`: a signed-in user changes attributes.

use super::{MEDIUMS, purpose};
use crate::app_client::AppClient;
use crate::attribute::Attributes;
use crate::code::{CodeDelivery, NewCode};
use crate::error::Error;
use crate::message::{Addressee, Occasion};
use crate::ports::Medium;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::subject::Caller;
use crate::token::authorize;
use crate::user::{Destination, User, attributes_written_by_user, update_user};
use crate::user_pool::UserPool;

/// `UpdateUserAttributes`.
#[derive(Debug)]
pub struct UpdateUserAttributes {
    /// Whose attributes.
    pub access_token: AccessToken,
    /// Names and values; an empty value deletes.
    pub attributes: Vec<(String, String)>,
    /// For the triggers.
    pub caller: Caller,
}

/// Changes attributes, all or none. A new e-mail address or phone number is unverified, and a code goes there if the pool
/// verifies it by itself; where the pool requires verification first, the old value stands until the code comes back.
///
/// # Errors
/// Those of [`authorize`]; attributes that the client may not write or that do not fit; [`crate::error::Error::AliasExists`]
/// when a name now belongs to somebody else; too many codes within the hour, nothing being changed; what sending one gives, the
/// change being made.
pub async fn update_user_attributes(
    service: &Service,
    request: &UpdateUserAttributes,
) -> Result<Vec<CodeDelivery>, Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let (pool, client) = (&bearer.pool.pool, &bearer.client.client);
    let now = service.now();
    let mut codes = Vec::new();
    let user = update_user(service, pool, bearer.user, |user| {
        let wanted = wanted(pool, client, user, &request.attributes)?;
        codes = MEDIUMS
            .into_iter()
            .filter_map(|medium| destination(pool, user, &wanted, medium))
            .map(|to| NewCode::draw(service, pool, user, purpose(to.medium), to))
            .collect();
        user.attributes = at_once(pool, user, wanted);
        for code in &codes {
            code.keep(user)?;
        }
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let to = Addressee {
        pool,
        client_id: Some(&client.id),
        user: &user,
        caller: &request.caller,
    };
    let mut sent = Vec::with_capacity(codes.len());
    for code in codes {
        sent.push(code.send(service, &to, Occasion::UpdateUserAttribute).await?);
    }
    Ok(sent)
}

/// The attributes as the user wants them.
fn wanted(
    pool: &UserPool,
    client: &AppClient,
    user: &User,
    given: &[(String, String)],
) -> Result<Attributes, Error> {
    let given: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    attributes_written_by_user(client.as_writer(), pool, user, &given)
}

/// Where a code goes because of a change.
fn destination(pool: &UserPool, user: &User, wanted: &Attributes, medium: Medium) -> Option<Destination> {
    let name = medium.attribute();
    let value = wanted
        .get(name)
        .filter(|value| user.attributes.get(name) != Some(value))?;
    let pending = pool.settings.requires_verification_first(medium);
    let verified = &pool.settings.auto_verified_attributes;
    (pending || verified.iter().any(|verified| verified == name)).then(|| Destination {
        medium,
        value: value.to_owned(),
        pending,
    })
}

/// Those changes that wait for no code. Taking a contact away does not wait.
fn at_once(pool: &UserPool, user: &User, mut wanted: Attributes) -> Attributes {
    for medium in MEDIUMS {
        let (name, flag) = (medium.attribute(), medium.verified_attribute());
        let changes = wanted.get(name).is_some() && wanted.get(name) != user.attributes.get(name);
        if !changes || !pool.settings.requires_verification_first(medium) {
            continue;
        }
        for name in [name, flag] {
            match user.attributes.get(name) {
                Some(value) => wanted.set(name, value),
                None => wanted.remove(name),
            }
        }
    }
    wanted
}
