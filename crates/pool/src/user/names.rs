//! What a new user is called, and what their aliases may look like.
//!
//! Source: *User pool attributes* of Cognito's guide; texts observed where the table of texts says so.

use super::User;
use crate::attribute::{Attributes, Writer, is_email, is_phone_number};
use crate::error::{Error, Text, text};
use crate::id::{Sub, Username};
use crate::user_pool::{SignInNames, UserPool};

/// What a new user is asked to be called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// In the request of an administrator, or typed at sign-in.
    pub(super) login: &'a str,
    /// A function's choice: `login` is then an alias.
    pub(super) username: Option<&'a str>,
}

/// A new user's name, and the attributes with the one that stood for it filled in.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) username: Username,
    pub(super) attributes: Attributes,
}

/// Names a new user. Where attributes sign in, the user name is the `sub` and the login fills its attribute; elsewhere
/// the login is the user name, unless a function has chosen another and the login is one of the user's aliases.
pub(super) fn name_user(
    pool: &UserPool,
    asked: Asked<'_>,
    mut attributes: Attributes,
    sub: &Sub,
) -> Result<Named, Error> {
    check_aliases(pool, &attributes)?;
    if let SignInNames::UsernameAttributes(names) = &pool.sign_in_names {
        let attribute = attribute_of(names, asked.login)?;
        match attributes.get(attribute) {
            None => attributes.set(attribute, asked.login),
            Some(value) if pool.case().login_key(value) == pool.case().login_key(asked.login) => {}
            Some(_) => {
                return Err(Error::InvalidParameter(text::username_is_not_the_attribute(
                    attribute,
                )));
            }
        }
        return Ok(Named {
            username: Username::from(sub.clone()),
            attributes,
        });
    }
    let key = |name: &str| pool.case().login_key(name);
    let another = asked
        .username
        .is_some_and(|chosen| key(chosen) != key(asked.login));
    if another && !is_alias(pool, &attributes, asked.login) {
        return Err(Error::invalid_parameter(text::LOGIN_IS_NO_ALIAS));
    }
    let username = asked.username.unwrap_or(asked.login);
    if let Some(refusal) = looks_like_alias(pool, username) {
        return Err(Error::invalid_parameter(refusal));
    }
    let username = Username::parse(&pool.case().fold(username));
    let username = username.ok_or_else(|| Error::invalid_parameter(text::USERNAME_FORM))?;
    Ok(Named { username, attributes })
}

/// The user's attributes with changes that the user makes; see [`crate::attribute::Schema::update`].
///
/// # Errors
/// Those of `update`, and [`Error::InvalidParameter`] for a preferred user name that looks like another alias.
pub(crate) fn attributes_written_by_user(
    writer: Writer<'_>,
    pool: &UserPool,
    user: &User,
    given: &[(&str, &str)],
) -> Result<Attributes, Error> {
    let attributes = pool.schema.update(&user.attributes, given, writer)?;
    check_aliases(pool, &attributes)?;
    Ok(attributes)
}

/// The attributes of a user of whom a function tells anew: `given` takes the place of what was there, and a contact that
/// changes is verified only if the function says so with it.
///
/// # Errors
/// [`Error::InvalidParameter`] for attributes that do not fit, for another user name than the user's, and when `login` would
/// not lead to the user any more.
pub(crate) fn attributes_anew(
    pool: &UserPool,
    user: &User,
    login: &str,
    username: Option<&str>,
    given: &[(&str, &str)],
) -> Result<Attributes, Error> {
    let key = |name: &str| pool.case().login_key(name);
    let named_by_us = matches!(pool.sign_in_names, SignInNames::UsernameAttributes(_));
    if !named_by_us && username.is_some_and(|name| key(name) != key(user.username.as_str())) {
        return Err(Error::invalid_parameter(text::LOGIN_IS_NO_ALIAS));
    }
    let given = pool.schema.validate_new_user(given)?;
    let mut attributes = user.attributes.clone();
    for (name, value) in given.iter() {
        attributes.set(name, value);
    }
    for (contact, flag) in [
        ("email", "email_verified"),
        ("phone_number", "phone_number_verified"),
    ] {
        if attributes.get(contact) != user.attributes.get(contact) && given.get(flag).is_none() {
            attributes.remove(flag);
        }
    }
    check_aliases(pool, &attributes)?;
    pool.schema.check_required(&attributes)?;
    let known_as = User {
        attributes,
        ..user.clone()
    };
    if known_as.logins(pool).contains(&key(login)) {
        Ok(known_as.attributes)
    } else {
        Err(Error::invalid_parameter(text::LOGIN_IS_NO_ALIAS))
    }
}

/// Whether the values of aliases can be told apart: a preferred user name is not of the form of another alias.
pub(super) fn check_aliases(pool: &UserPool, attributes: &Attributes) -> Result<(), Error> {
    let Some(preferred) = attributes.get("preferred_username") else {
        return Ok(());
    };
    if pool.has_alias("email") && is_email(preferred) {
        return Err(Error::invalid_parameter(text::PREFERRED_USERNAME_OF_EMAIL_FORMAT));
    }
    if pool.has_alias("phone_number") && is_phone_number(preferred) {
        return Err(Error::invalid_parameter(text::PREFERRED_USERNAME_OF_PHONE_FORMAT));
    }
    Ok(())
}

/// Which of a pool's username attributes `login` is a value of.
fn attribute_of<'a>(names: &'a [String], login: &str) -> Result<&'a str, Error> {
    let fits = |name: &str| match name {
        "email" => is_email(login),
        _ => is_phone_number(login),
    };
    let has = |name: &str| names.iter().any(|other| other == name);
    names
        .iter()
        .map(String::as_str)
        .find(|name| fits(name))
        .ok_or_else(|| {
            Error::invalid_parameter(match (has("email"), has("phone_number")) {
                (true, true) => text::USERNAME_SHOULD_BE_EITHER,
                (true, false) => text::USERNAME_SHOULD_BE_EMAIL,
                (false, _) => text::USERNAME_SHOULD_BE_PHONE,
            })
        })
}

/// Whether one of the pool's aliases has the value `login`. It need not be verified to count here: whether it signs in
/// is another matter.
fn is_alias(pool: &UserPool, attributes: &Attributes, login: &str) -> bool {
    let SignInNames::Aliases(names) = &pool.sign_in_names else {
        return false;
    };
    let key = pool.case().login_key(login);
    names
        .iter()
        .filter_map(|name| attributes.get(name))
        .any(|value| pool.case().login_key(value) == key)
}

/// The refusal of a user name that could be mistaken for an alias.
fn looks_like_alias(pool: &UserPool, username: &str) -> Option<Text> {
    if pool.has_alias("email") && is_email(username) {
        Some(text::USERNAME_OF_EMAIL_FORMAT.into())
    } else if pool.has_alias("phone_number") && is_phone_number(username) {
        Some(text::USERNAME_OF_PHONE_FORMAT.into())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn aliases(names: &[&str]) -> UserPool {
        fixture::pool(SignInNames::Aliases(
            names.iter().map(|&name| name.to_owned()).collect(),
        ))
    }

    fn username_attributes(names: &[&str]) -> UserPool {
        fixture::pool(SignInNames::UsernameAttributes(
            names.iter().map(|&name| name.to_owned()).collect(),
        ))
    }

    fn name(pool: &UserPool, asked: Asked<'_>, attributes: &[(&str, &str)]) -> Result<Named, Error> {
        let sub = Sub::parse("00000000-0000-7000-0000-000000000000").unwrap();
        name_user(pool, asked, attributes.iter().copied().collect(), &sub)
    }

    fn plain(login: &str) -> Asked<'_> {
        Asked {
            login,
            username: None,
        }
    }

    fn message(result: Result<Named, Error>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn without_aliases_any_word_is_a_user_name() {
        let pool = fixture::pool(SignInNames::Username);
        for login in ["alice", "a@b.c", "+123", "Ünïcode"] {
            assert_eq!(name(&pool, plain(login), &[]).unwrap().username.as_str(), login);
        }
        assert_eq!(message(name(&pool, plain("two words"), &[])), text::USERNAME_FORM);
    }

    #[test]
    fn a_pool_that_ignores_case_keeps_user_names_in_lower_case() {
        let mut pool = fixture::pool(SignInNames::Username);
        assert_eq!(
            name(&pool, plain("Alice"), &[]).unwrap().username.as_str(),
            "Alice"
        );
        pool.case_sensitive = Some(false);
        assert_eq!(
            name(&pool, plain("Alice"), &[]).unwrap().username.as_str(),
            "alice"
        );
    }

    #[test]
    fn a_user_name_does_not_look_like_an_alias() {
        let pool = aliases(&["email", "phone_number"]);
        assert_eq!(
            message(name(&pool, plain("a@b.c"), &[])),
            text::USERNAME_OF_EMAIL_FORMAT
        );
        assert_eq!(
            message(name(&pool, plain("+123"), &[])),
            text::USERNAME_OF_PHONE_FORMAT
        );
        assert!(name(&aliases(&["email"]), plain("+123"), &[]).is_ok());
    }

    #[test]
    fn a_function_may_choose_a_user_name_when_the_login_is_an_alias() {
        let pool = aliases(&["email"]);
        let asked = Asked {
            login: "a@b.c",
            username: Some("alice"),
        };
        let named = name(&pool, asked, &[("email", "a@b.c")]).unwrap();
        assert_eq!(named.username.as_str(), "alice");
        assert!(name(&pool, asked, &[("email", "other@b.c")]).is_err());
        let elsewhere = fixture::pool(SignInNames::Username);
        assert!(name(&elsewhere, asked, &[("email", "a@b.c")]).is_err());
        let same = Asked {
            login: "alice",
            username: Some("alice"),
        };
        assert!(name(&elsewhere, same, &[]).is_ok());
    }

    #[test]
    fn where_attributes_sign_in_the_user_name_is_the_sub_and_the_login_fills_its_attribute() {
        let pool = username_attributes(&["email", "phone_number"]);
        let named = name(&pool, plain("a@b.c"), &[("phone_number", "+123")]).unwrap();
        assert_eq!(named.username.as_str(), "00000000-0000-7000-0000-000000000000");
        assert_eq!(named.attributes.get("email"), Some("a@b.c"));
        let named = name(&pool, plain("+123"), &[]).unwrap();
        assert_eq!(named.attributes.get("phone_number"), Some("+123"));
    }

    #[test]
    fn the_login_and_its_attribute_say_the_same() {
        let mut pool = username_attributes(&["email"]);
        assert!(name(&pool, plain("a@b.c"), &[("email", "other@b.c")]).is_err());
        assert!(name(&pool, plain("a@b.c"), &[("email", "A@b.c")]).is_err());
        pool.case_sensitive = Some(false);
        let named = name(&pool, plain("a@b.c"), &[("email", "A@b.c")]).unwrap();
        assert_eq!(named.attributes.get("email"), Some("A@b.c"));
    }

    #[test]
    fn a_login_that_is_no_username_attribute_is_told_what_it_should_be() {
        let said = |names: &[&str]| message(name(&username_attributes(names), plain("alice"), &[]));
        assert_eq!(said(&["email"]), "Username should be an email.");
        assert_eq!(said(&["phone_number"]), "Username should be a phone number.");
        assert_eq!(
            said(&["email", "phone_number"]),
            "Username should be either an email or a phone number."
        );
    }

    #[test]
    fn a_preferred_user_name_does_not_look_like_another_alias() {
        let pool = aliases(&["email", "preferred_username"]);
        assert!(name(&pool, plain("alice"), &[("preferred_username", "a@b.c")]).is_err());
        assert!(name(&pool, plain("alice"), &[("preferred_username", "al")]).is_ok());
    }
}
