//! `UpdateUserPoolDomain`: changes a domain.

use model::{UpdateUserPoolDomainRequest, UpdateUserPoolDomainResponse};
use pool::error::Error;
use pool::user_pool_domain::{self, UpdateUserPoolDomain};

use super::call::Call;
use super::user_pool_domain as wire;

pub(super) async fn update_user_pool_domain(
    call: &Call<'_>,
    request: UpdateUserPoolDomainRequest,
) -> Result<UpdateUserPoolDomainResponse, Error> {
    let is_custom = request.custom_domain_config.is_some();
    let update = UpdateUserPoolDomain {
        user_pool_id: request.user_pool_id,
        domain: request.domain,
        custom: request.custom_domain_config.map(wire::custom),
        managed_login_version: request.managed_login_version,
    };
    let version = user_pool_domain::update_user_pool_domain(call.service, update).await?;
    Ok(UpdateUserPoolDomainResponse {
        cloud_front_domain: is_custom.then(|| wire::distribution(call.service)),
        managed_login_version: Some(version),
        routing: None,
    })
}
