//! `DescribeUserPoolDomain`: a domain and its pool.

use model::{
    DescribeUserPoolDomainRequest, DescribeUserPoolDomainResponse, DomainDescriptionType, DomainStatusType,
};
use pool::error::Error;
use pool::user_pool_domain;

use super::call::Call;
use super::user_pool_domain as wire;

/// An unknown domain has an empty description. Observed.
pub(super) async fn describe_user_pool_domain(
    call: &Call<'_>,
    request: DescribeUserPoolDomainRequest,
) -> Result<DescribeUserPoolDomainResponse, Error> {
    let found = user_pool_domain::describe_user_pool_domain(call.service, &request.domain).await?;
    let description = found.map(|found| DomainDescriptionType {
        aws_account_id: Some(call.service.place().account.clone()),
        cloud_front_distribution: Some(wire::distribution(call.service)),
        custom_domain_config: found.domain.custom.map(wire::custom_written),
        domain: Some(found.domain.name),
        managed_login_version: Some(found.domain.managed_login_version),
        status: Some(DomainStatusType::Active),
        user_pool_id: Some(found.user_pool_id.to_string()),
        ..DomainDescriptionType::default()
    });
    Ok(DescribeUserPoolDomainResponse {
        domain_description: Some(description.unwrap_or_default()),
    })
}
