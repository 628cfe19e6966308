//! `[[user_pools]]`.

use pool::attribute::SchemaRequest;
use pool::id::UserPoolId;
use pool::resource_server::{ResourceServer, ResourceServerScope};
use pool::user_pool::{
    CreateUserPool, DeviceConfiguration, LambdaConfig, Mfa, PasswordPolicy, UserPoolSettings,
};
use pool::web_authn::WebAuthnConfiguration;

use super::{app_client::app_client, tables, ui_customization::ui_customization, user::user};
use crate::pools_file::PoolEntry;
use crate::section::{Section, read_word};

const USER_POOL_ID: &str = "is no pool id; write <region>_<letters and digits>, like us-east-1_AbCdEf123";

pub(super) fn user_pool(mut section: Section<'_>) -> Option<PoolEntry> {
    let id = section.required_text("id");
    let id = id.and_then(|id| UserPoolId::parse(&id).or_else(|| section.refuse("id", USER_POOL_ID)));
    let name = section.text("name");
    let case_sensitive = section.switch("case_sensitive");
    let alias_attributes = section.texts("alias_attributes").unwrap_or_default();
    let username_attributes = section.texts("username_attributes").unwrap_or_default();
    let schema = schema(&mut section);
    let settings = pool_settings(&mut section);
    let web_authn = web_authn(&mut section);
    let resource_servers = tables(&mut section, "resource_servers", resource_server);
    let domain = section.text("domain");
    let migrate_unknown_users_only = section.switch("migrate_unknown_users_only").unwrap_or(false);
    // Without a sound id the rest is still read, for its problems.
    let id_text = id.as_ref().map(ToString::to_string).unwrap_or_default();
    let app_clients = tables(&mut section, "app_clients", |inner| app_client(inner, &id_text));
    let users = tables(&mut section, "users", |inner| user(inner, &id_text));
    let ui_customization = ui_customization(&mut section, &id_text, None);
    section.refuse_the_rest();
    let id = id?;
    let name = name.unwrap_or_else(|| id.to_string());
    let user_pool = CreateUserPool {
        id: Some(id),
        name,
        alias_attributes,
        username_attributes,
        case_sensitive,
        schema,
        settings,
        web_authn,
        resource_servers,
        domain,
        migrate_unknown_users_only,
    };
    Some(PoolEntry {
        id: id_text,
        user_pool,
        ui_customization,
        app_clients,
        users,
    })
}

/// An API, and its scopes as tables.
fn resource_server(mut section: Section<'_>) -> Option<ResourceServer> {
    let identifier = section.required_text("identifier");
    let name = section.text("name");
    let scopes = tables(&mut section, "scopes", |mut scope| {
        let name = scope.required_text("name");
        let description = scope.text("description");
        scope.refuse_the_rest();
        let name = name?;
        let description = description.unwrap_or_else(|| name.clone());
        Some(ResourceServerScope { name, description })
    });
    section.refuse_the_rest();
    let identifier = identifier?;
    let name = name.unwrap_or_else(|| identifier.clone());
    Some(ResourceServer {
        identifier,
        name,
        scopes,
    })
}

fn pool_settings(section: &mut Section<'_>) -> UserPoolSettings {
    let usual = UserPoolSettings::default();
    let mfa = section.parsed("mfa_configuration", mfa, "write one of OFF, OPTIONAL, ON");
    let account_recovery = section.texts("account_recovery").and_then(|words| {
        let read: Option<Vec<_>> = words.iter().map(|word| read_word(word)).collect();
        read.or_else(|| {
            section.refuse(
                "account_recovery",
                "write verified_email, verified_phone_number or admin_only",
            )
        })
    });
    let first_factors = section.texts("allowed_first_auth_factors").and_then(|words| {
        let read: Option<Vec<_>> = words.iter().map(|word| read_word(word)).collect();
        read.or_else(|| {
            section.refuse(
                "allowed_first_auth_factors",
                "write PASSWORD, EMAIL_OTP, SMS_OTP or WEB_AUTHN",
            )
        })
    });
    let mut settings = UserPoolSettings {
        first_factors: first_factors.unwrap_or(usual.first_factors),
        password_policy: password_policy(section),
        lambda_config: lambda_config(section),
        account_recovery: account_recovery.unwrap_or(usual.account_recovery),
        auto_verified_attributes: section.texts("auto_verified_attributes").unwrap_or_default(),
        mfa: mfa.unwrap_or(usual.mfa),
        allow_admin_create_user_only: section.switch("allow_admin_create_user_only").unwrap_or(false),
        deletion_protection: section.switch("deletion_protection").unwrap_or(false),
        ..UserPoolSettings::default()
    };
    if let Some(configuration) = device_configuration(section) {
        settings.track_devices(configuration);
    }
    settings
}

/// How devices are tracked, if they are.
fn device_configuration(section: &mut Section<'_>) -> Option<DeviceConfiguration> {
    let table = section.table("device_configuration")?;
    let mut inner = section.inner("device_configuration", table);
    let mut switch = |key| inner.switch(key).unwrap_or(false);
    let configuration = DeviceConfiguration {
        challenge_required_on_new_device: switch("challenge_required_on_new_device"),
        device_only_remembered_on_user_prompt: switch("device_only_remembered_on_user_prompt"),
    };
    inner.refuse_the_rest();
    Some(configuration)
}

fn mfa(word: &str) -> Option<Mfa> {
    match word {
        "OFF" => Some(Mfa::Off),
        "OPTIONAL" => Some(Mfa::Optional),
        "ON" => Some(Mfa::On),
        _ => None,
    }
}

/// What passkeys are to be.
fn web_authn(section: &mut Section<'_>) -> WebAuthnConfiguration {
    let Some(table) = section.table("web_authn") else {
        return WebAuthnConfiguration::default();
    };
    let mut inner = section.inner("web_authn", table);
    let configuration = WebAuthnConfiguration {
        relying_party_id: inner.text("relying_party_id"),
        user_verification: inner.word("user_verification", "required, preferred"),
        factor_configuration: inner.word(
            "factor_configuration",
            "SINGLE_FACTOR, MULTI_FACTOR_WITH_USER_VERIFICATION",
        ),
    };
    inner.refuse_the_rest();
    configuration
}

fn password_policy(section: &mut Section<'_>) -> PasswordPolicy {
    let usual = PasswordPolicy::default();
    let Some(table) = section.table("password_policy") else {
        return usual;
    };
    let mut inner = section.inner("password_policy", table);
    let policy = PasswordPolicy {
        minimum_length: inner
            .count("minimum_length", 6..=99)
            .unwrap_or(usual.minimum_length),
        require_uppercase: inner
            .switch("require_uppercase")
            .unwrap_or(usual.require_uppercase),
        require_lowercase: inner
            .switch("require_lowercase")
            .unwrap_or(usual.require_lowercase),
        require_numbers: inner.switch("require_numbers").unwrap_or(usual.require_numbers),
        require_symbols: inner.switch("require_symbols").unwrap_or(usual.require_symbols),
        temporary_password_validity_days: inner
            .count("temporary_password_validity_days", 0..=365)
            .unwrap_or(usual.temporary_password_validity_days),
        ..usual
    };
    inner.refuse_the_rest();
    policy
}

/// Triggers by the API's names, each with a function's ARN, or with the ARN and a version in a table.
fn lambda_config(section: &mut Section<'_>) -> LambdaConfig {
    let mut config = LambdaConfig::default();
    for (trigger, arn) in section.table("lambda_config").unwrap_or_default() {
        match arn {
            toml::Value::String(arn) => {
                config.0.insert(trigger, arn.into());
            }
            toml::Value::Table(versioned) if versioned.values().all(toml::Value::is_str) => {
                let texts = versioned.into_iter().filter_map(|(name, text)| {
                    let text = text.as_str()?.to_owned();
                    Some((name, serde_json::Value::from(text)))
                });
                config.0.insert(trigger, texts.collect());
            }
            _ => section.wrong(
                &format!("lambda_config.{trigger}"),
                "is no ARN; put quotes around it",
            ),
        }
    }
    config
}

/// Custom attributes, by name or as tables, and the standard ones that are required.
fn schema(section: &mut Section<'_>) -> Vec<SchemaRequest> {
    let mut schema: Vec<_> = section
        .texts("required_attributes")
        .unwrap_or_default()
        .iter()
        .map(|name| SchemaRequest {
            required: Some(true),
            ..SchemaRequest::named(name)
        })
        .collect();
    match section.value("custom_attributes") {
        None => {}
        Some(toml::Value::Array(values)) => {
            for (n, value) in values.into_iter().enumerate() {
                let key = format!("custom_attributes[{n}]");
                match value {
                    toml::Value::String(name) => schema.push(SchemaRequest::named(&name)),
                    toml::Value::Table(table) => schema.extend(custom_attribute(section.inner(&key, table))),
                    _ => section.wrong(&key, "write a name, or { name = \"…\", type = \"Number\" }"),
                }
            }
        }
        Some(_) => section.wrong(
            "custom_attributes",
            "is not a list; write [\"plan\", { name = \"age\", type = \"Number\" }]",
        ),
    }
    schema
}

fn custom_attribute(mut section: Section<'_>) -> Option<SchemaRequest> {
    let name = section.required_text("name");
    let attribute_type = section.word("type", "String, Number, DateTime, Boolean");
    let mutable = section.switch("mutable");
    let minimum = section.text("minimum");
    let maximum = section.text("maximum");
    section.refuse_the_rest();
    Some(SchemaRequest {
        attribute_type,
        mutable,
        minimum,
        maximum,
        ..SchemaRequest::named(&name?)
    })
}
