//! The domains of a pool: the host names at which its endpoints and pages are its own.
//!
//! Source: *Configuring a user pool domain*. A pool has at most one prefix of a name of the service's
//! (`<prefix>.auth.<region>.amazoncognito.com`) and one domain of its owner's; each is unique in the installation. That names
//! lead to this server is for its operator to see to.

mod change_domains;
mod create_user_pool_domain;
mod delete_user_pool_domain;
mod describe_user_pool_domain;
mod update_user_pool_domain;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::id::UserPoolId;
use crate::service::Service;

pub use create_user_pool_domain::create_user_pool_domain;
pub use delete_user_pool_domain::delete_user_pool_domain;
pub use describe_user_pool_domain::{DescribedUserPoolDomain, describe_user_pool_domain};
pub use update_user_pool_domain::{UpdateUserPoolDomain, update_user_pool_domain};

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPoolDomain {
    /// `Domain`: the prefix alone, or the whole of an own domain.
    pub name: String,
    /// Makes it an own domain.
    pub custom: Option<CustomDomain>,
    /// `ManagedLoginVersion`; 1 unless given.
    pub managed_login_version: i32,
}

/// `CustomDomainConfig`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomDomain {
    /// `CertificateArn`. TLS ends before this server, so it is only kept and shown.
    pub certificate_arn: String,
    /// `SecurityPolicy`, kept and shown.
    pub security_policy: Option<String>,
}

/// All domains of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserPoolDomains {
    /// The prefix.
    pub prefix: Option<UserPoolDomain>,
    /// The own domain.
    pub custom: Option<UserPoolDomain>,
}

impl UserPoolDomains {
    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all().map(|domain| domain.name.as_str())
    }

    /// The domain of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&UserPoolDomain> {
        self.all().find(|domain| domain.name == name)
    }

    fn all(&self) -> impl Iterator<Item = &UserPoolDomain> {
        [&self.prefix, &self.custom].into_iter().flatten()
    }

    /// The place where such a domain stands, or would stand.
    fn place(&mut self, is_custom: bool) -> &mut Option<UserPoolDomain> {
        if is_custom {
            &mut self.custom
        } else {
            &mut self.prefix
        }
    }
}

/// The pool whose domain a host name is: a prefix with the service's name after it, or one of the domains itself. One read for
/// names that could be a domain, none for others.
///
/// # Errors
/// Those of the store.
pub async fn pool_of_host(service: &Service, host: &str) -> Result<Option<UserPoolId>, Error> {
    let host = host.to_ascii_lowercase();
    let at_the_service = host.strip_suffix(".amazoncognito.com").and_then(|rest| {
        let (prefix, region) = rest.split_once(".auth.")?;
        (!prefix.contains('.')).then(|| (prefix.to_owned(), region.to_owned()))
    });
    let domain = match &at_the_service {
        Some((prefix, _)) => prefix,
        None => &host,
    };
    if !is_host_name(domain) {
        return Ok(None);
    }
    let found = service.store().find_pool_of_domain(domain).await?;
    Ok(found.filter(|pool| at_the_service.is_none_or(|(_, region)| pool.region() == region)))
}

/// Letters, digits and hyphens between dots, in lower case.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_has_sound_labels() {
        for name in ["auth", "auth.example.com", "a-1.b"] {
            assert!(is_host_name(name), "{name}");
        }
        for name in ["", "-a", "a-", "a..b", "A", "a_b", "a b", "[::1]"] {
            assert!(!is_host_name(name), "{name}");
        }
    }
}
