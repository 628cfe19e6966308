//! An app client on the wire. Requests and answers share the names of their settings, so one type,
//! `UserPoolClientType`, reads and writes them.

use model::{
    ExplicitAuthFlowsType, FeatureType, PreventUserExistenceErrorTypes, RefreshTokenRotationType,
    TimeUnitsType, TokenValidityUnitsType, UserPoolClientType,
};
use pool::app_client::{
    AppClientSettings, ExplicitAuthFlow, PreventUserExistenceErrors, RefreshTokenRotation, TimeUnit,
    TokenValidityUnits,
};
use pool::error::Error;
use pool::registry::LoadedClient;
use serde::Serialize;
use serde_json::{Map, json};

use super::user_pool::{count, moment, number, object, same_members};

/// Declares the conversion between two enums whose variants have the same names.
macro_rules! same_variants {
    ($model:ident, $read:ident, $pool:ident, $write:ident: $($variant:ident)+) => {
        fn $read(from: $model) -> $pool {
            match from { $($model::$variant => $pool::$variant),+ }
        }

        fn $write(from: $pool) -> $model {
            match from { $($pool::$variant => $model::$variant),+ }
        }
    };
}

same_variants! { ExplicitAuthFlowsType, read_flow, ExplicitAuthFlow, write_flow:
    AdminNoSrpAuth CustomAuthFlowOnly UserPasswordAuth AllowAdminUserPasswordAuth AllowCustomAuth
    AllowUserPasswordAuth AllowUserSrpAuth AllowRefreshTokenAuth AllowUserAuth AllowTokenExchangeDelegation
    AllowTokenExchangeImpersonation
}
same_variants! { PreventUserExistenceErrorTypes, read_errors, PreventUserExistenceErrors, write_errors:
    Legacy Enabled
}
same_variants! { TimeUnitsType, read_unit, TimeUnit, write_unit: Seconds Minutes Hours Days }

/// The settings that a request gives; what it leaves out is Cognito's default.
pub(super) fn settings(request: &impl Serialize) -> Result<AppClientSettings, Error> {
    let mut given: UserPoolClientType = same_members(request)?;
    let defaults = AppClientSettings::default();
    let units = given.token_validity_units.take().unwrap_or_default();
    let mut settings = AppClientSettings {
        explicit_auth_flows: given
            .explicit_auth_flows
            .take()
            .map(|flows| flows.into_iter().map(read_flow).collect()),
        prevent_user_existence_errors: given.prevent_user_existence_errors.take().map(read_errors),
        access_token_validity: given.access_token_validity.take().map(count),
        id_token_validity: given.id_token_validity.take().map(count),
        refresh_token_validity: given
            .refresh_token_validity
            .take()
            .map_or(defaults.refresh_token_validity, count),
        token_validity_units: TokenValidityUnits {
            access_token: units.access_token.map(read_unit),
            id_token: units.id_token.map(read_unit),
            refresh_token: units.refresh_token.map(read_unit),
        },
        auth_session_validity: given
            .auth_session_validity
            .take()
            .map_or(defaults.auth_session_validity, count),
        enable_token_revocation: given
            .enable_token_revocation
            .take()
            .unwrap_or(defaults.enable_token_revocation),
        read_attributes: given.read_attributes.take(),
        write_attributes: given.write_attributes.take(),
        refresh_token_rotation: given
            .refresh_token_rotation
            .take()
            .map(|rotation| RefreshTokenRotation {
                enabled: rotation.feature == FeatureType::Enabled,
                retry_grace_period_seconds: rotation
                    .retry_grace_period_seconds
                    .map(count)
                    .unwrap_or_default(),
            }),
        kept: Map::new(),
    };
    // What is no setting is kept elsewhere.
    for name in [&mut given.client_name, &mut given.user_pool_id] {
        *name = None;
    }
    for text in [&mut given.client_id, &mut given.client_secret] {
        *text = None;
    }
    settings.kept = object(&given)?;
    for member in [
        "AllowedOAuthFlowsUserPoolClient",
        "EnablePropagateAdditionalUserContextData",
    ] {
        settings.kept.entry(member).or_insert(json!(false));
    }
    Ok(settings)
}

/// An app client as every answer shows it, with its secret if it has one.
pub(super) fn written(loaded: &LoadedClient) -> Result<UserPoolClientType, Error> {
    let client = &loaded.client;
    let settings = &client.settings;
    let units = settings.token_validity_units;
    let mut written: UserPoolClientType = same_members(&settings.kept)?;
    written.client_id = Some(client.id.as_str().into());
    written.client_name = Some(client.name.clone());
    written.client_secret = loaded.secret.as_ref().map(|secret| secret.expose().into());
    written.user_pool_id = Some(client.user_pool_id.to_string());
    written.creation_date = Some(moment(client.created_at));
    written.last_modified_date = Some(moment(client.modified_at));
    written.explicit_auth_flows = settings
        .explicit_auth_flows
        .as_ref()
        .map(|flows| flows.iter().copied().map(write_flow).collect());
    written.prevent_user_existence_errors = settings.prevent_user_existence_errors.map(write_errors);
    written.access_token_validity = settings.access_token_validity.map(number);
    written.id_token_validity = settings.id_token_validity.map(number);
    written.refresh_token_validity = Some(number(settings.refresh_token_validity));
    written.token_validity_units = Some(TokenValidityUnitsType {
        access_token: units.access_token.map(write_unit),
        id_token: units.id_token.map(write_unit),
        refresh_token: units.refresh_token.map(write_unit),
    });
    written.auth_session_validity = Some(number(settings.auth_session_validity));
    written.enable_token_revocation = Some(settings.enable_token_revocation);
    written.read_attributes.clone_from(&settings.read_attributes);
    written.write_attributes.clone_from(&settings.write_attributes);
    written.refresh_token_rotation =
        settings
            .refresh_token_rotation
            .map(|rotation| RefreshTokenRotationType {
                feature: if rotation.enabled {
                    FeatureType::Enabled
                } else {
                    FeatureType::Disabled
                },
                retry_grace_period_seconds: Some(number(rotation.retry_grace_period_seconds)),
            });
    Ok(written)
}
