//! How a user comes to be: the one way for `AdminCreateUser` and for a user who moves in.

use trigger::Password;

use super::names::{self, Named};
use super::{Credential, Lockout, MfaPreference, SecondFactor, SoftwareTokens, User, UserStatus};
use crate::error::{Error, text};
use crate::id::{LoginKey, Sub};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;
use crate::user_pool::{SignInNames, UserPool};

/// How often a user is inserted anew when others change what stands in the way.
const ATTEMPTS: u32 = 20;

/// What is known of a user to be.
#[derive(Debug)]
pub(crate) struct NewUser<'a> {
    /// What stands for the user: in the request of an administrator, or typed at sign-in.
    pub(crate) login: &'a str,
    /// Another name for the user, when `login` is an alias of theirs: a function may choose one.
    pub(crate) username: Option<&'a str>,
    /// The id, when the caller chooses it.
    pub(crate) sub: Option<Sub>,
    /// The attributes as given, unchecked, but without `username`.
    pub(crate) attributes: &'a [(&'a str, &'a str)],
    /// Whether attributes that the pool requires must be there.
    pub(crate) required: Required,
    /// Where the user is to stand.
    pub(crate) status: UserStatus,
    /// The password, if there is one to keep. No policy is applied here.
    pub(crate) password: Option<&'a Password>,
    /// Whether a code by SMS is to follow the password.
    pub(crate) sms_mfa_enabled: bool,
    /// Whether an alias may be taken from the user who has it.
    pub(crate) force_alias_creation: bool,
}

/// Whether attributes that the pool requires must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Required {
    /// They must.
    Enforced,
    /// They may be missing: an administrator makes the user, who is asked for them at the first sign-in.
    Waived,
}

/// Checks the new user against the pool and stores it with all its names, or nothing.
///
/// # Errors
/// [`Error::InvalidParameter`] for a name or attribute that does not fit; [`Error::UsernameExists`] when the name is
/// taken; [`Error::AliasExists`] when an alias is taken and may not be taken over.
pub(crate) async fn insert_user(
    service: &Service,
    pool: &UserPool,
    new: &NewUser<'_>,
) -> Result<User, Error> {
    let attributes = pool.schema.validate_new_user(new.attributes)?;
    let sub = new
        .sub
        .clone()
        .unwrap_or_else(|| Sub::generate(service.entropy()));
    let Named { username, attributes } = names::name_user(
        pool,
        names::Asked {
            login: new.login,
            username: new.username,
        },
        attributes,
        &sub,
    )?;
    if new.required == Required::Enforced {
        pool.schema.check_required(&attributes)?;
    }
    let credential = match new.password {
        Some(password) => Some(Credential::new(service, pool, &username, password, None)?),
        None => None,
    };
    let now = service.now();
    let user = User {
        user_pool_id: pool.id.clone(),
        sub,
        username,
        attributes,
        enabled: true,
        status: new.status,
        credential,
        lockout: Lockout::default(),
        password_changes: super::HourlyTries::default(),
        codes: std::collections::BTreeMap::new(),
        mfa: MfaPreference::sms(new.sms_mfa_enabled),
        groups: Vec::new(),
        second_factor: SecondFactor::default(),
        passkeys: Vec::new(),
        software_tokens: SoftwareTokens::default(),
        tokens_revoked_at: None,
        created_at: now,
        modified_at: now,
        version: 1,
    };
    commit(service, pool, user, new.force_alias_creation).await
}

/// Inserts the user. Those who lose an alias by it lose it in the same commit.
async fn commit(
    service: &Service,
    pool: &UserPool,
    user: User,
    force_alias_creation: bool,
) -> Result<User, Error> {
    let logins = user.logins(pool);
    let mut losers: Vec<User> = Vec::new();
    for _ in 0..ATTEMPTS {
        let mut changes: Vec<Change> = losers
            .iter()
            .map(|loser| Change::ReplaceUser {
                user: Box::new(loser.clone()),
                logins: Some(loser.logins(pool)),
            })
            .collect();
        changes.push(Change::InsertUser {
            user: Box::new(user.clone()),
            logins: logins.clone(),
        });
        match service.commit(changes).await {
            Ok(()) => return Ok(user),
            Err(StoreError::Conflict(Conflict::LoginTaken(key))) => {
                if !force_alias_creation || is_the_name(pool, &user, &key) {
                    return Err(taken(pool, &user, &key));
                }
                take_over(service, pool, &mut losers, &key).await?;
            }
            Err(StoreError::Conflict(Conflict::Changed)) => losers.clear(),
            Err(StoreError::Conflict(Conflict::IdTaken)) => {
                return Err(Error::UsernameExists(text::USER_ACCOUNT_EXISTS.into()));
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}

/// Whether `key` names the user rather than being an alias: the user name, and what takes its place where attributes
/// do.
fn is_the_name(pool: &UserPool, user: &User, key: &LoginKey) -> bool {
    matches!(pool.sign_in_names, SignInNames::UsernameAttributes(_))
        || *key == pool.case().login_key(user.username.as_str())
}

fn taken(pool: &UserPool, user: &User, key: &LoginKey) -> Error {
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
async fn take_over(
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
