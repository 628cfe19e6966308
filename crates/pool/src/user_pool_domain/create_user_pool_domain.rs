//! `CreateUserPoolDomain`.

use super::change_domains::change_domains;
use super::{UserPoolDomain, is_host_name};
use crate::error::{Error, text};
use crate::service::Service;

/// Words that no prefix may have. Source: *Using the Amazon Cognito domain*.
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

/// Gives a pool a domain.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for a name of another form or with a reserved
/// word, one that is taken, or a second one of its kind.
pub async fn create_user_pool_domain(
    service: &Service,
    user_pool_id: &str,
    new: UserPoolDomain,
) -> Result<(), Error> {
    check(&new)?;
    change_domains(service, user_pool_id, |domains| {
        let place = domains.place(new.custom.is_some());
        if place.is_some() {
            return Err(Error::invalid_parameter(text::POOL_HAS_A_DOMAIN_ALREADY));
        }
        *place = Some(new.clone());
        Ok(())
    })
    .await
}

impl UserPoolDomain {
    /// A domain of the service's with this prefix.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a name of another form or with a reserved word.
    pub fn prefix(name: String) -> Result<Self, Error> {
        let domain = Self {
            name,
            custom: None,
            managed_login_version: 1,
        };
        check(&domain).map(|()| domain)
    }
}

/// An own domain has dots and a prefix has none.
fn check(new: &UserPoolDomain) -> Result<(), Error> {
    if !is_host_name(&new.name) || new.name.contains('.') != new.custom.is_some() {
        return Err(Error::invalid_parameter(text::DOMAIN_FORM));
    }
    if new.custom.is_none()
        && let Some(word) = RESERVED.iter().find(|word| new.name.contains(**word))
    {
        return Err(Error::InvalidParameter(text::domain_with_reserved_word(word)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user_pool_domain::CustomDomain;

    #[test]
    fn a_prefix_has_no_dots_and_no_reserved_words_and_an_own_domain_has_dots() {
        let sound = |name: &str, custom: bool| {
            let domain = UserPoolDomain {
                name: name.to_owned(),
                custom: custom.then(|| CustomDomain {
                    certificate_arn: "arn:aws:acm:us-east-1:000000000000:certificate/1".to_owned(),
                    security_policy: None,
                }),
                managed_login_version: 1,
            };
            check(&domain).is_ok()
        };
        assert!(sound("my-app", false));
        assert!(sound("auth.example.com", true));
        assert!(!sound("auth.example.com", false));
        assert!(!sound("my-app", true));
        assert!(!sound("my-cognito-app", false));
        assert!(!sound("My-App", false));
    }
}
