//! `CreateUserPool`: makes a pool.

use model::{CreateUserPoolRequest, CreateUserPoolResponse};
use pool::error::Error;
use pool::user_pool::{self, CreateUserPool};
use pool::web_authn::WebAuthnConfiguration;

use super::call::Call;
use super::{schema, user_pool as wire};

pub(super) async fn create_user_pool(
    call: &Call<'_>,
    request: CreateUserPoolRequest,
) -> Result<CreateUserPoolResponse, Error> {
    let settings = wire::settings(&request)?;
    let aliases = request.alias_attributes.unwrap_or_default();
    let username_attributes = request.username_attributes.unwrap_or_default();
    let new = CreateUserPool {
        id: None,
        name: request.pool_name,
        alias_attributes: aliases.into_iter().map(|name| name.as_str().to_owned()).collect(),
        username_attributes: username_attributes
            .into_iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        case_sensitive: request
            .username_configuration
            .map(|configuration| configuration.case_sensitive),
        schema: schema::requests(request.schema.unwrap_or_default()),
        settings,
        web_authn: WebAuthnConfiguration::default(),
        resource_servers: Vec::new(),
        domain: None,
        migrate_unknown_users_only: false,
    };
    let pool = user_pool::create_user_pool(call.service, new).await?;
    let mut written = wire::written(&pool, call.service.place())?;
    written.estimated_number_of_users = Some(0);
    Ok(CreateUserPoolResponse {
        user_pool: Some(written),
    })
}
