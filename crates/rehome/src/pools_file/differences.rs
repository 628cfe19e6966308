//! In which keys an entry of the file differs from what is there. Only keys that can be told apart cheaply and surely
//! are compared; what the file leaves to its default counts as asked for.

use pool::app_client::{CreateUserPoolClient, SecretChoice};
use pool::branding::{SetUICustomization, UICustomization};
use pool::registry::LoadedClient;
use pool::resource_server::ResourceServer;
use pool::user::{MfaMethod, SeedUser, User};
use pool::user_pool::{CreateUserPool, SignInNames, UserPool};

pub(super) fn of_user_pool(wanted: &CreateUserPool, there: &UserPool) -> Vec<&'static str> {
    let (asked, has) = (&wanted.settings, &there.settings);
    let (aliases, usernames): (&[String], &[String]) = match &there.sign_in_names {
        SignInNames::Username => (&[], &[]),
        SignInNames::Aliases(names) => (names, &[]),
        SignInNames::UsernameAttributes(names) => (&[], names),
    };
    let schema_differs = wanted.schema.iter().any(|attribute| {
        let custom = format!("custom:{}", attribute.name.trim_start_matches("custom:"));
        let found = there
            .schema
            .get(&attribute.name)
            .or_else(|| there.schema.get(&custom));
        found.is_none_or(|found| {
            attribute
                .required
                .is_some_and(|required| required != found.required)
        })
    });
    which([
        ("name", wanted.name != there.name),
        ("case_sensitive", wanted.case_sensitive != there.case_sensitive),
        ("alias_attributes", wanted.alias_attributes != aliases),
        ("username_attributes", wanted.username_attributes != usernames),
        ("custom_attributes", schema_differs),
        ("mfa_configuration", asked.mfa != has.mfa),
        (
            "allowed_first_auth_factors",
            asked.first_factors != has.first_factors,
        ),
        (
            "device_configuration",
            asked.device_configuration() != has.device_configuration(),
        ),
        ("web_authn", wanted.web_authn != there.web_authn),
        (
            "domain",
            wanted.domain.as_deref() != there.domains.prefix.as_ref().map(|domain| domain.name.as_str()),
        ),
        (
            "resource_servers",
            !same_servers(&wanted.resource_servers, &there.resource_servers),
        ),
        (
            "migrate_unknown_users_only",
            wanted.migrate_unknown_users_only != there.migrate_unknown_users_only,
        ),
        ("lambda_config", asked.lambda_config != has.lambda_config),
        ("password_policy", asked.password_policy != has.password_policy),
        ("account_recovery", asked.account_recovery != has.account_recovery),
        (
            "auto_verified_attributes",
            asked.auto_verified_attributes != has.auto_verified_attributes,
        ),
        (
            "allow_admin_create_user_only",
            asked.allow_admin_create_user_only != has.allow_admin_create_user_only,
        ),
        (
            "deletion_protection",
            asked.deletion_protection != has.deletion_protection,
        ),
    ])
}

/// Whether the look of the pages differs.
pub(super) fn in_ui_customization(wanted: &SetUICustomization, there: &UICustomization) -> bool {
    let image = there.image.as_ref().map(|image| &image.content);
    (&wanted.css, wanted.image.as_ref()) != (&there.css, image)
}

pub(super) fn of_app_client(wanted: &CreateUserPoolClient, there: &LoadedClient) -> Vec<&'static str> {
    let (asked, has) = (&wanted.settings, &there.client.settings);
    let secret_differs = match &wanted.secret {
        SecretChoice::None => there.secret.is_some(),
        SecretChoice::Generate => there.secret.is_none(),
        SecretChoice::Given(secret) => there.secret.as_ref() != Some(secret),
    };
    which([
        (
            "user_pools",
            wanted.user_pool_id != there.client.user_pool_id.as_str(),
        ),
        ("name", wanted.name != there.client.name),
        ("secret", secret_differs),
        (
            "explicit_auth_flows",
            asked.explicit_auth_flows != has.explicit_auth_flows,
        ),
        (
            "prevent_user_existence_errors",
            asked.prevent_user_existence_errors != has.prevent_user_existence_errors,
        ),
        (
            "access_token_validity",
            asked.access_token_validity != has.access_token_validity,
        ),
        (
            "id_token_validity",
            asked.id_token_validity != has.id_token_validity,
        ),
        (
            "refresh_token_validity",
            asked.refresh_token_validity != has.refresh_token_validity,
        ),
        (
            "token_validity_units",
            asked.token_validity_units != has.token_validity_units,
        ),
        (
            "auth_session_validity",
            asked.auth_session_validity != has.auth_session_validity,
        ),
        (
            "enable_token_revocation",
            asked.enable_token_revocation != has.enable_token_revocation,
        ),
        ("read_attributes", asked.read_attributes != has.read_attributes),
        ("write_attributes", asked.write_attributes != has.write_attributes),
        (
            "allowed_oauth_flows",
            asked.oauth.allowed_oauth_flows != has.oauth.allowed_oauth_flows,
        ),
        (
            "allowed_oauth_flows_user_pool_client",
            asked.oauth.allowed_oauth_flows_user_pool_client
                != has.oauth.allowed_oauth_flows_user_pool_client,
        ),
        (
            "allowed_oauth_scopes",
            asked.oauth.allowed_oauth_scopes != has.oauth.allowed_oauth_scopes,
        ),
        (
            "callback_urls",
            asked.oauth.callback_urls != has.oauth.callback_urls,
        ),
        ("logout_urls", asked.oauth.logout_urls != has.oauth.logout_urls),
        (
            "default_redirect_uri",
            asked.oauth.default_redirect_uri != has.oauth.default_redirect_uri,
        ),
        (
            "supported_identity_providers",
            asked.oauth.supported_identity_providers != has.oauth.supported_identity_providers,
        ),
    ])
}

/// Whether they are the same in whatever order.
fn same_servers(wanted: &[ResourceServer], there: &[ResourceServer]) -> bool {
    wanted.len() == there.len() && wanted.iter().all(|server| there.contains(server))
}

/// All but the password, which takes work to compare.
pub(super) fn of_user(wanted: &SeedUser, there: &User) -> Vec<&'static str> {
    let attribute_differs = wanted
        .attributes
        .iter()
        .any(|(name, value)| there.attributes.get(name) != Some(value.as_str()));
    which([
        ("sub", wanted.sub.as_ref().is_some_and(|sub| *sub != there.sub)),
        ("attributes", attribute_differs),
        ("status", wanted.status != there.status),
        ("enabled", wanted.enabled != there.enabled),
        (
            "sms_mfa",
            wanted.sms_mfa_enabled != there.mfa.enabled.contains(&MfaMethod::SmsMfa),
        ),
    ])
}

fn which<const N: usize>(keys: [(&'static str, bool); N]) -> Vec<&'static str> {
    keys.into_iter()
        .filter_map(|(key, differs)| differs.then_some(key))
        .collect()
}
