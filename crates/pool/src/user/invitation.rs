//! The invitation of a new user: the user name and the temporary password.

use trigger::Password;

use super::User;
use crate::error::Error;
use crate::message::{Addressee, Occasion, Route, send_code};
use crate::ports::Medium;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::user_pool::{SignInNames, UserPool};

/// Sends the invitation by each of `mediums` that reaches the user; none may.
///
/// # Errors
/// Those of [`send_code`].
pub(super) async fn send(
    service: &Service,
    to: &Addressee<'_>,
    password: &Password,
    mediums: &[Medium],
) -> Result<(), Error> {
    for &medium in mediums {
        let Some(destination) = to.user.attributes.get(medium.attribute()) else {
            continue;
        };
        let route = Route { medium, destination };
        let password = ConfirmationCode::new(password.expose().to_owned());
        send_code(service, to, Occasion::AdminCreateUser, route, password).await?;
    }
    Ok(())
}

/// What the user knows as the user name: where attributes do, the first that the user has, since nobody knows the user name.
pub(crate) fn known_as<'a>(pool: &UserPool, user: &'a User) -> &'a str {
    let SignInNames::UsernameAttributes(names) = &pool.sign_in_names else {
        return user.username.as_str();
    };
    names
        .iter()
        .find_map(|name| user.attributes.get(name))
        .unwrap_or(user.username.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_user_without_a_name_of_their_own_is_known_by_the_attribute_that_signs_in() {
        let pool = fixture::pool(SignInNames::Username);
        assert_eq!(
            known_as(&pool, &fixture::user(&pool, "alice", &[("email", "a@b.c")])),
            "alice"
        );
        let pool = fixture::pool(SignInNames::UsernameAttributes(vec!["email".to_owned()]));
        let id = "00000000-0000-7000-0000-000000000000";
        assert_eq!(
            known_as(&pool, &fixture::user(&pool, id, &[("email", "a@b.c")])),
            "a@b.c"
        );
        assert_eq!(known_as(&pool, &fixture::user(&pool, id, &[])), id);
    }
}
