//! `[[user_pools.app_clients]]`.

use pool::app_client::{
    AppClientSettings, CreateUserPoolClient, OAuthSettings, SecretChoice, TokenValidityUnits,
};
use pool::id::AppClientId;
use pool::secret::ClientSecret;

use super::text_or_file;
use super::ui_customization::ui_customization;
use crate::pools_file::AppClientEntry;
use crate::section::{Section, read_word};

const CLIENT_ID: &str = "is no app client id; write letters, digits, _ or +";
const OAUTH_FLOWS: &str = "write code, implicit or client_credentials";
const FLOWS: &str = "is no list of flows; write names like ALLOW_USER_PASSWORD_AUTH";

pub(super) fn app_client(mut section: Section<'_>, user_pool_id: &str) -> Option<AppClientEntry> {
    let id = section.required_text("id");
    let id = id.and_then(|id| AppClientId::parse(&id).or_else(|| section.refuse("id", CLIENT_ID)));
    let name = section.text("name");
    let secret = text_or_file(&mut section, "secret", "secret_file").map(ClientSecret::new);
    let usual = AppClientSettings::default();
    let flows = section.texts("explicit_auth_flows").and_then(|flows| {
        let read: Option<Vec<_>> = flows.iter().map(|flow| read_word(flow)).collect();
        read.or_else(|| section.refuse("explicit_auth_flows", FLOWS))
    });
    let settings = AppClientSettings {
        explicit_auth_flows: flows,
        prevent_user_existence_errors: section.word("prevent_user_existence_errors", "ENABLED, LEGACY"),
        access_token_validity: section.count("access_token_validity", 1..=86_400),
        id_token_validity: section.count("id_token_validity", 1..=86_400),
        refresh_token_validity: section
            .count("refresh_token_validity", 0..=315_360_000)
            .unwrap_or(usual.refresh_token_validity),
        token_validity_units: units(&mut section),
        auth_session_validity: section
            .count("auth_session_validity", 3..=15)
            .unwrap_or(usual.auth_session_validity),
        enable_token_revocation: section
            .switch("enable_token_revocation")
            .unwrap_or(usual.enable_token_revocation),
        read_attributes: section.texts("read_attributes"),
        write_attributes: section.texts("write_attributes"),
        oauth: oauth(&mut section),
        ..AppClientSettings::default()
    };
    let id_text = id.as_ref().map(AppClientId::as_str);
    let ui_customization = ui_customization(&mut section, user_pool_id, id_text);
    section.refuse_the_rest();
    let id = id?;
    let client = CreateUserPoolClient {
        user_pool_id: user_pool_id.to_owned(),
        name: name.unwrap_or_else(|| id.to_string()),
        id: Some(id),
        secret: secret.map_or(SecretChoice::None, SecretChoice::Given),
        settings,
    };
    Some(AppClientEntry {
        client,
        ui_customization,
    })
}

/// What the app client may ask for at the OAuth 2.0 endpoints. Who lists flows wants them to be open.
fn oauth(section: &mut Section<'_>) -> OAuthSettings {
    let flows = section.texts("allowed_oauth_flows").and_then(|flows| {
        let read: Option<Vec<_>> = flows.iter().map(|flow| read_word(flow)).collect();
        read.or_else(|| section.refuse("allowed_oauth_flows", OAUTH_FLOWS))
    });
    let is_open = section.switch("allowed_oauth_flows_user_pool_client");
    OAuthSettings {
        allowed_oauth_flows_user_pool_client: is_open.unwrap_or(flows.is_some()),
        allowed_oauth_flows: flows,
        allowed_oauth_scopes: section.texts("allowed_oauth_scopes"),
        callback_urls: section.texts("callback_urls"),
        logout_urls: section.texts("logout_urls"),
        default_redirect_uri: section.text("default_redirect_uri"),
        supported_identity_providers: section.texts("supported_identity_providers"),
    }
}

fn units(section: &mut Section<'_>) -> TokenValidityUnits {
    const UNITS: &str = "seconds, minutes, hours, days";
    let Some(table) = section.table("token_validity_units") else {
        return TokenValidityUnits::default();
    };
    let mut inner = section.inner("token_validity_units", table);
    let units = TokenValidityUnits {
        access_token: inner.word("access_token", UNITS),
        id_token: inner.word("id_token", UNITS),
        refresh_token: inner.word("refresh_token", UNITS),
    };
    inner.refuse_the_rest();
    units
}
