//! An app client on the wire. Requests and answers share the names of their settings, so one type,
//! `UserPoolClientType`, reads and writes them.

use model::{
    ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes,
    RefreshTokenRotationType, TimeUnitsType, TokenValidityUnitsType, UserPoolClientType,
};
use pool::app_client::{
    AppClientSettings, ExplicitAuthFlow, OAuthFlow, OAuthSettings, PreventUserExistenceErrors,
    RefreshTokenRotation, TimeUnit, TokenValidityUnits,
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
same_variants! { OAuthFlowType, read_oauth_flow, OAuthFlow, write_oauth_flow: Code Implicit ClientCredentials }
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
        oauth: oauth(&mut given),
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
    let context = "EnablePropagateAdditionalUserContextData";
    settings.kept.entry(context).or_insert(json!(false));
    Ok(settings)
}

/// What the app client may ask for at the OAuth 2.0 endpoints.
fn oauth(given: &mut UserPoolClientType) -> OAuthSettings {
    let flows = given.allowed_o_auth_flows.take();
    OAuthSettings {
        allowed_oauth_flows_user_pool_client: given
            .allowed_o_auth_flows_user_pool_client
            .take()
            .unwrap_or_default(),
        allowed_oauth_flows: flows.map(|flows| flows.into_iter().map(read_oauth_flow).collect()),
        allowed_oauth_scopes: given.allowed_o_auth_scopes.take(),
        callback_urls: given.callback_urls.take(),
        logout_urls: given.logout_urls.take(),
        default_redirect_uri: given.default_redirect_uri.take(),
        supported_identity_providers: given.supported_identity_providers.take(),
    }
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
    write_oauth(&mut written, &settings.oauth);
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

fn write_oauth(written: &mut UserPoolClientType, oauth: &OAuthSettings) {
    let flows = oauth.allowed_oauth_flows.as_ref();
    written.allowed_o_auth_flows_user_pool_client = Some(oauth.allowed_oauth_flows_user_pool_client);
    written.allowed_o_auth_flows = flows.map(|flows| flows.iter().copied().map(write_oauth_flow).collect());
    written
        .allowed_o_auth_scopes
        .clone_from(&oauth.allowed_oauth_scopes);
    written.callback_urls.clone_from(&oauth.callback_urls);
    written.logout_urls.clone_from(&oauth.logout_urls);
    written
        .default_redirect_uri
        .clone_from(&oauth.default_redirect_uri);
    written
        .supported_identity_providers
        .clone_from(&oauth.supported_identity_providers);
}
