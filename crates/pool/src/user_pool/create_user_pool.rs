//! `CreateUserPool`.

use super::rotate_signing_keys::new_pair;
use super::{SignInNames, SigningKeys, UserPool, UserPoolSettings};
use crate::attribute::{Schema, SchemaRequest};
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::ports::{Change, Conflict, StoreError};
use crate::resource_server::{ResourceServer, in_order};
use crate::service::Service;
use crate::user_pool_domain::{UserPoolDomain, UserPoolDomains};
use crate::web_authn::WebAuthnConfiguration;

/// What a pool is to be.
#[derive(Clone, Debug, Default)]
pub struct CreateUserPool {
    /// The id, when the caller chooses it, as the file of pools at the server's start does; the API never does.
    pub id: Option<UserPoolId>,
    /// The name, 1 to 128 characters.
    pub name: String,
    /// `email`, `phone_number`, `preferred_username`: sign in too, once verified.
    pub alias_attributes: Vec<String>,
    /// `email`, `phone_number`: sign in instead of a user name. Excludes `alias_attributes`.
    pub username_attributes: Vec<String>,
    /// `UsernameConfiguration.CaseSensitive`.
    pub case_sensitive: Option<bool>,
    /// Custom attributes, and changes of standard ones.
    pub schema: Vec<SchemaRequest>,
    /// All that can change later; start from [`UserPoolSettings::default`].
    pub settings: UserPoolSettings,
    /// What passkeys are to be, when the caller chooses it; the API does so with `SetUserPoolMfaConfig` alone.
    pub web_authn: WebAuthnConfiguration,
    /// The APIs that its tokens open, when the caller chooses them; the API does so with `CreateResourceServer` alone.
    pub resource_servers: Vec<ResourceServer>,
    /// The prefix of its domain, when the caller chooses it; the API does so with `CreateUserPoolDomain` alone.
    pub domain: Option<String>,
    /// Whether the *migrate user* trigger is asked about unknown users alone; the API never says so.
    pub migrate_unknown_users_only: bool,
}

/// Makes a pool with two new signing keys.
///
/// # Errors
/// [`Error::InvalidParameter`] for settings that do not go together, and for an id that is taken.
pub async fn create_user_pool(service: &Service, request: CreateUserPool) -> Result<UserPool, Error> {
    let CreateUserPool {
        id,
        name,
        alias_attributes,
        username_attributes,
        case_sensitive,
        schema,
        mut settings,
        web_authn,
        resource_servers,
        domain,
        migrate_unknown_users_only,
    } = request;
    let prefix = domain.map(UserPoolDomain::prefix).transpose()?;
    let resource_servers = in_order(resource_servers)?;
    let sign_in_names = sign_in_names(alias_attributes, username_attributes)?;
    let schema = Schema::standard().with(schema)?;
    check_preferred_username(&schema, &sign_in_names)?;
    settings.complete();
    settings.check()?;
    settings.check_web_authn(&web_authn)?;
    let id = id.unwrap_or_else(|| UserPoolId::generate(&service.place().region, service.entropy()));
    let now = service.now();
    let signing_keys = SigningKeys::new(new_pair(service, &id, now).await?);
    let pool = UserPool {
        id,
        name,
        sign_in_names,
        case_sensitive,
        schema,
        signing_keys,
        settings,
        web_authn,
        mfa_factors: super::MfaFactors::default(),
        email_mfa: crate::user_pool::EmailMfaConfiguration::default(),
        resource_servers,
        domains: UserPoolDomains { prefix, custom: None },
        migrate_unknown_users_only,
        created_at: now,
        modified_at: now,
        version: 1,
    };
    let mut changes = vec![Change::InsertUserPool(Box::new(pool.clone()))];
    changes.extend(pool.domains.names().map(|name| Change::InsertDomain {
        domain: name.to_owned(),
        user_pool_id: pool.id.clone(),
    }));
    match service.commit(changes).await {
        Ok(()) => Ok(pool),
        Err(StoreError::Conflict(Conflict::IdTaken)) => Err(taken(service, &pool).await?),
        Err(failed) => Err(failed.into()),
    }
}

/// Which of the pool's names is another's: its id, or its domain.
async fn taken(service: &Service, pool: &UserPool) -> Result<Error, Error> {
    for name in pool.domains.names() {
        if service
            .store()
            .find_pool_of_domain(name)
            .await?
            .is_some_and(|other| other != pool.id)
        {
            return Ok(Error::invalid_parameter(text::DOMAIN_TAKEN));
        }
    }
    Ok(Error::InvalidParameter(text::user_pool_exists(&pool.id)))
}

fn sign_in_names(
    alias_attributes: Vec<String>,
    username_attributes: Vec<String>,
) -> Result<SignInNames, Error> {
    match (alias_attributes.is_empty(), username_attributes.is_empty()) {
        (false, false) => Err(Error::invalid_parameter(text::ALIASES_AND_USERNAME_ATTRIBUTES)),
        (false, true) => Ok(SignInNames::Aliases(alias_attributes)),
        (true, false) => Ok(SignInNames::UsernameAttributes(username_attributes)),
        (true, true) => Ok(SignInNames::Username),
    }
}

/// `preferred_username` cannot be both required and an alias: it can be set only after the sign-up that must give it.
fn check_preferred_username(schema: &Schema, names: &SignInNames) -> Result<(), Error> {
    let alias =
        matches!(names, SignInNames::Aliases(aliases) if aliases.iter().any(|a| a == "preferred_username"));
    let required = schema
        .get("preferred_username")
        .is_some_and(|attribute| attribute.required);
    if alias && required {
        Err(Error::invalid_parameter(text::PREFERRED_USERNAME_REQUIRED_ALIAS))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn aliases_and_username_attributes_exclude_each_other() {
        assert!(sign_in_names(names(&["email"]), names(&["email"])).is_err());
        assert_eq!(sign_in_names(vec![], vec![]).unwrap(), SignInNames::Username);
        let aliases = sign_in_names(names(&["email"]), vec![]).unwrap();
        assert_eq!(aliases, SignInNames::Aliases(names(&["email"])));
    }

    #[test]
    fn a_preferred_username_is_not_both_required_and_an_alias() {
        let required = SchemaRequest {
            required: Some(true),
            ..SchemaRequest::named("preferred_username")
        };
        let schema = Schema::standard().with(vec![required]).unwrap();
        let aliases = SignInNames::Aliases(names(&["preferred_username"]));
        assert!(check_preferred_username(&schema, &aliases).is_err());
        assert!(check_preferred_username(&schema, &SignInNames::Username).is_ok());
        assert!(check_preferred_username(&Schema::standard(), &aliases).is_ok());
    }
}
