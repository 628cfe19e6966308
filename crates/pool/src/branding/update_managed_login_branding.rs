//! `UpdateManagedLoginBranding`: what a request leaves out stays.

use serde_json::{Map, Value};

use super::ManagedLoginBranding;
use super::change::change;
use super::create_managed_login_branding::{StyleContent, check, put_assets};
use super::describe_managed_login_branding::{find_style, not_found};
use crate::error::Error;
use crate::id::UserPoolId;
use crate::service::Service;

/// What is to change.
#[derive(Clone, Debug)]
pub struct UpdateManagedLoginBranding {
    /// The pool.
    pub user_pool_id: String,
    /// The style.
    pub id: String,
    /// What changes. `settings` replaces what is there member by member, each of `assets` the one for the same purpose and mode;
    /// where the look is to be Cognito's own from now on, both go.
    pub content: StyleContent,
}

/// Changes a style.
///
/// # Errors
/// [`Error::ResourceNotFound`]; those of
/// [`create_managed_login_branding`](super::create_managed_login_branding()).
pub async fn update_managed_login_branding(
    service: &Service,
    request: UpdateManagedLoginBranding,
) -> Result<(UserPoolId, ManagedLoginBranding), Error> {
    let found = find_style(service, &request.user_pool_id, &request.id).await?;
    let wanted = request.content.use_cognito_provided_values;
    let (settings, assets) = check(request.content)?;
    let brings_own = settings.is_some() || !assets.is_empty();
    let now = service.now();
    let (pool, client) = (&found.user_pool_id, found.client_id.as_ref());
    let branding = change(service, pool, client, |branding| {
        let style = branding.managed_login.as_mut();
        let style = style
            .filter(|style| style.id == request.id)
            .ok_or_else(not_found)?;
        if wanted == Some(true) {
            style.settings = None;
            style.assets.clear();
        }
        style.use_cognito_provided_values =
            wanted.unwrap_or(style.use_cognito_provided_values && !brings_own);
        if let Some(settings) = &settings {
            merge(
                style.settings.get_or_insert_with(|| Value::Object(Map::new())),
                settings,
            );
        }
        put_assets(style, &assets)?;
        style.modified_at = now;
        Ok(())
    })
    .await?;
    let style = branding.managed_login.ok_or_else(not_found)?;
    Ok((branding.user_pool_id, style))
}

/// Source: API reference: *preserves existing style settings that you don't specify*.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}
