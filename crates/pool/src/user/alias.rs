//! Names that belong to somebody else: how that is said, and how an alias is taken over.

use super::User;
use crate::error::{Error, text};
use crate::id::LoginKey;
use crate::service::Service;
use crate::user_pool::{SignInNames, UserPool};

/// Whether `key` names the user rather than being an alias: the user name, and what takes its place where attributes
/// do.
pub(super) fn is_the_name(pool: &UserPool, user: &User, key: &LoginKey) -> bool {
    matches!(pool.sign_in_names, SignInNames::UsernameAttributes(_))
        || *key == pool.case().login_key(user.username.as_str())
}

/// The refusal of a name that belongs to somebody else.
pub(super) fn taken(pool: &UserPool, user: &User, key: &LoginKey) -> Error {
    if let SignInNames::UsernameAttributes(names) = &pool.sign_in_names {
        let value_is = |name: &&String| {
            user.attributes
                .get(name)
                .is_some_and(|value| pool.case().login_key(value) == *key)
        };
        if let Some(attribute) = names.iter().find(value_is) {
            return Error::UsernameExists(text::attribute_taken(attribute));
        }
    }
    if is_the_name(pool, user, key) {
        Error::UsernameExists(text::USER_ACCOUNT_EXISTS.into())
    } else {
        Error::AliasExists(text::ALIAS_EXISTS.into())
    }
}

/// Makes the owner of `key` one of the losers. Nothing is stored yet.
pub(super) async fn take_over(
    service: &Service,
    pool: &UserPool,
    losers: &mut Vec<User>,
    key: &LoginKey,
) -> Result<(), Error> {
    // A loser may have a second alias that the new user wants.
    if let Some(loser) = losers.iter_mut().find(|loser| loser.logins(pool).contains(key)) {
        return lose(pool, loser, key);
    }
    // An owner who is gone by now does not stand in the way any more.
    let Some(mut owner) = service.store().find_user(&pool.id, key).await? else {
        return Ok(());
    };
    lose(pool, &mut owner, key)?;
    owner.modified_at = service.now();
    losers.push(owner);
    Ok(())
}

/// Takes the alias `key` from its owner by declaring the contact unverified. A user name or preferred user name stays
/// whose it is.
fn lose(pool: &UserPool, owner: &mut User, key: &LoginKey) -> Result<(), Error> {
    for contact in ["email", "phone_number"] {
        if owner
            .attributes
            .get(contact)
            .is_some_and(|value| pool.case().login_key(value) == *key)
        {
            owner.attributes.set(&format!("{contact}_verified"), "false");
        }
    }
    if owner.logins(pool).contains(key) {
        Err(Error::AliasExists(text::ALIAS_EXISTS.into()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_former_owner_of_an_alias_loses_it() {
        let pool = fixture::pool(SignInNames::Aliases(vec![
            "email".to_owned(),
            "preferred_username".to_owned(),
        ]));
        let attributes = [
            ("email", "A@b.c"),
            ("email_verified", "true"),
            ("preferred_username", "al"),
        ];
        let mut owner = fixture::user(&pool, "owner", &attributes);
        let email = pool.case().login_key("A@b.c");
        assert!(owner.logins(&pool).contains(&email));
        lose(&pool, &mut owner, &email).unwrap();
        assert_eq!(owner.attributes.get("email"), Some("A@b.c"));
        assert_eq!(owner.attributes.get("email_verified"), Some("false"));
        assert!(!owner.logins(&pool).contains(&email));
    }

    #[test]
    fn a_user_name_or_preferred_user_name_cannot_be_taken_over() {
        let pool = fixture::pool(SignInNames::Aliases(vec![
            "email".to_owned(),
            "preferred_username".to_owned(),
        ]));
        let mut owner = fixture::user(&pool, "owner", &[("preferred_username", "al")]);
        for name in ["owner", "al"] {
            let lost = lose(&pool, &mut owner, &pool.case().login_key(name));
            assert!(matches!(lost, Err(Error::AliasExists(_))), "{name}");
        }
    }

    #[test]
    fn a_taken_name_and_a_taken_alias_are_told_apart() {
        let pool = fixture::pool(SignInNames::Aliases(vec!["email".to_owned()]));
        let user = fixture::user(&pool, "new", &[("email", "a@b.c"), ("email_verified", "true")]);
        let key = |name: &str| pool.case().login_key(name);
        assert!(matches!(
            taken(&pool, &user, &key("new")),
            Error::UsernameExists(_)
        ));
        assert!(matches!(
            taken(&pool, &user, &key("a@b.c")),
            Error::AliasExists(_)
        ));
    }

    #[test]
    fn a_taken_username_attribute_is_a_taken_name() {
        let pool = fixture::pool(SignInNames::UsernameAttributes(vec!["email".to_owned()]));
        let user = fixture::user(
            &pool,
            "00000000-0000-7000-0000-000000000000",
            &[("email", "a@b.c")],
        );
        let error = taken(&pool, &user, &pool.case().login_key("a@b.c"));
        assert!(matches!(error, Error::UsernameExists(_)));
    }
}
