//! How a user comes to be: the one way for `SignUp`, for `AdminCreateUser` and for a user who moves in.

use trigger::Password;

use super::alias::{is_the_name, take_over, taken};
use super::names::{self, Named};
use super::{Credential, Lockout, MfaPreference, SecondFactor, SoftwareTokens, User, UserStatus};
use crate::error::{Error, text};
use crate::id::Sub;
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;
use crate::triggers::pre_sign_up::{self, Origin};
use crate::user_pool::UserPool;

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
    /// Whether the *migrate user* trigger makes the user without a password.
    pub(crate) migratable: bool,
    /// What the *pre sign-up* trigger learns; it is not asked about users who are put in place.
    pub(crate) origin: Option<Origin<'a>>,
}

/// Whether attributes that the pool requires must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Required {
    /// They must.
    Enforced,
    /// They may be missing: an administrator makes the user, who is asked for them at the first sign-in.
    Waived,
}

/// Checks the new user against the pool, asks the *pre sign-up* trigger, and stores the user with all their names, or nothing.
///
/// # Errors
/// [`Error::InvalidParameter`] for a name or attribute that does not fit; what the trigger's failure gives;
/// [`Error::UsernameExists`] when the name is taken; [`Error::AliasExists`] when an alias is taken and may not be taken over.
pub(crate) async fn insert_user(
    service: &Service,
    pool: &UserPool,
    new: &NewUser<'_>,
) -> Result<User, Error> {
    let mut user = draft(service, pool, new)?;
    if let Some(origin) = &new.origin {
        pre_sign_up::fire(service, pool, &user, origin.clone()).await?;
    }
    user.credential = credential(service, pool, &user, new.password)?;
    store(service, pool, user, new.force_alias_creation).await
}

/// What is kept of the first password, if there is one.
pub(crate) fn credential(
    service: &Service,
    pool: &UserPool,
    user: &User,
    password: Option<&Password>,
) -> Result<Option<Credential>, Error> {
    password
        .map(|password| Credential::new(service, pool, &user.username, password, None))
        .transpose()
}

/// The user to be, checked against the pool, stored nowhere and without a password yet.
///
/// # Errors
/// [`Error::InvalidParameter`] for a name or attribute that does not fit.
pub(crate) fn draft(service: &Service, pool: &UserPool, new: &NewUser<'_>) -> Result<User, Error> {
    let attributes = pool.schema.validate_new_user(new.attributes)?;
    let sub = new
        .sub
        .clone()
        .unwrap_or_else(|| Sub::generate(service.entropy()));
    let asked = names::Asked {
        login: new.login,
        username: new.username,
    };
    let Named { username, attributes } = names::name_user(pool, asked, attributes, &sub)?;
    if new.required == Required::Enforced {
        pool.schema.check_required(&attributes)?;
    }
    let now = service.now();
    Ok(User {
        user_pool_id: pool.id.clone(),
        sub,
        username,
        attributes,
        enabled: true,
        status: new.status,
        credential: None,
        lockout: Lockout::default(),
        password_changes: super::HourlyTries::default(),
        codes: std::collections::BTreeMap::new(),
        mfa: MfaPreference::sms(new.sms_mfa_enabled),
        migratable: new.migratable,
        groups: Vec::new(),
        second_factor: SecondFactor::default(),
        passkeys: Vec::new(),
        software_tokens: SoftwareTokens::default(),
        tokens_revoked_at: None,
        created_at: now,
        modified_at: now,
        version: 1,
    })
}

/// Inserts the user. Those who lose an alias by it lose it in the same commit.
///
/// # Errors
/// [`Error::UsernameExists`], [`Error::AliasExists`].
pub(crate) async fn store(
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
