//! `CreateUserPoolDomain`: gives a pool a domain.

use model::{CreateUserPoolDomainRequest, CreateUserPoolDomainResponse};
use pool::error::Error;
use pool::user_pool_domain::{self, UserPoolDomain};

use super::call::Call;
use super::user_pool_domain as wire;

/// `Routing` is for replicas in other regions, which there are none of: it is read and has no effect.
pub(super) async fn create_user_pool_domain(
    call: &Call<'_>,
    request: CreateUserPoolDomainRequest,
) -> Result<CreateUserPoolDomainResponse, Error> {
    let new = UserPoolDomain {
        name: request.domain,
        custom: request.custom_domain_config.map(wire::custom),
        managed_login_version: request.managed_login_version.unwrap_or(1),
    };
    let (is_custom, version) = (new.custom.is_some(), new.managed_login_version);
    user_pool_domain::create_user_pool_domain(call.service, &request.user_pool_id, new).await?;
    Ok(CreateUserPoolDomainResponse {
        cloud_front_domain: is_custom.then(|| wire::distribution(call.service)),
        managed_login_version: Some(version),
        routing: None,
    })
}
