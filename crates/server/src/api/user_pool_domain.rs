//! A domain on the wire.

use model::{CustomDomainConfigType, SecurityPolicyType};
use pool::service::Service;
use pool::user_pool_domain::CustomDomain;

/// `CustomDomainConfig` of a request.
pub(super) fn custom(given: CustomDomainConfigType) -> CustomDomain {
    CustomDomain {
        certificate_arn: given.certificate_arn,
        security_policy: given.security_policy.map(|policy| policy.as_str().to_owned()),
    }
}

/// The same of an answer.
pub(super) fn custom_written(custom: CustomDomain) -> CustomDomainConfigType {
    CustomDomainConfigType {
        certificate_arn: custom.certificate_arn,
        security_policy: custom
            .security_policy
            .as_deref()
            .and_then(SecurityPolicyType::parse),
    }
}

/// What the name of an own domain has to lead to: a distribution of CloudFront at AWS, here the server's own host name.
pub(super) fn distribution(service: &Service) -> String {
    let url = &service.place().public_url;
    let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let without_port = authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    without_port.map_or(authority, |(host, _)| host).to_owned()
}
