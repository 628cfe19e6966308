//! Scopes: what an app asks for, and which attributes of a user they show.
//!
//! Source: *Scopes, M2M, and resource servers*. `openid` alone shows every attribute that the app client may read; with
//! `email`, `phone` or `profile` beside it, these draw the line.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::app_client::AppClient;
use crate::token::API_SCOPE;
use crate::user_pool::UserPool;

/// The scope that makes a request one of OpenID Connect: without it there is no ID token.
pub const OPENID: &str = "openid";
/// Shows the e-mail address.
const EMAIL: &str = "email";
/// Shows the phone number.
const PHONE: &str = "phone";
/// Shows all that the app client may read.
const PROFILE: &str = "profile";

/// What `email` shows, and what an app client must be able to read to be granted it.
const OF_EMAIL: [&str; 2] = ["email", "email_verified"];
/// The same of `phone`.
const OF_PHONE: [&str; 2] = ["phone_number", "phone_number_verified"];

/// Scopes in the order in which they were asked for, none of them twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Reads scopes between spaces.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter(|scope| !scope.is_empty()).collect()
    }

    /// Whether this scope is among them.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.0.iter().any(|own| own == scope)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether an ID token, and the user info endpoint, show the attribute under these scopes.
    #[must_use]
    pub fn show(&self, attribute: &str) -> bool {
        let narrower = [EMAIL, PHONE].iter().any(|scope| self.has(scope));
        self.has(PROFILE)
            || !narrower
            || self.has(EMAIL) && OF_EMAIL.contains(&attribute)
            || self.has(PHONE) && OF_PHONE.contains(&attribute)
    }

    /// Whether the scopes go together: those that show attributes need `openid`.
    pub(super) fn agree(&self) -> bool {
        self.has(OPENID) || ![EMAIL, PHONE, PROFILE].iter().any(|scope| self.has(scope))
    }

    /// Whether an app client may read all that `email` and `phone` show. Source: *Token endpoint*, `invalid_grant`.
    pub(super) fn are_readable_by(&self, client: &AppClient) -> bool {
        let readable = |scope, attributes: [&str; 2]| {
            !self.has(scope) || attributes.iter().all(|name| client.may_read(name))
        };
        readable(EMAIL, OF_EMAIL) && readable(PHONE, OF_PHONE)
    }

    /// Those that a pool still knows: a resource server may have gone since an app client was allowed its scopes.
    pub(super) fn known_to(self, pool: &UserPool) -> Self {
        let known = |scope: &String| is_standard_scope(scope) || pool.has_scope(scope);
        self.0.into_iter().filter(known).collect()
    }
}

impl FromIterator<String> for Scopes {
    fn from_iter<I: IntoIterator<Item = String>>(scopes: I) -> Self {
        let mut own: Vec<String> = Vec::new();
        for scope in scopes {
            if !own.contains(&scope) {
                own.push(scope);
            }
        }
        Self(own)
    }
}

impl<'s> FromIterator<&'s str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'s str>>(scopes: I) -> Self {
        scopes.into_iter().map(str::to_owned).collect()
    }
}

impl From<String> for Scopes {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// Whether this is a scope of every pool.
pub(crate) fn is_standard_scope(scope: &str) -> bool {
    [OPENID, EMAIL, PHONE, PROFILE, API_SCOPE].contains(&scope)
}

/// Whether a text is one scope: RFC 6749, section 3.3.
pub(crate) fn is_scope(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(scopes: &str) -> Vec<&'static str> {
        let scopes = Scopes::parse(scopes);
        let mut attributes = vec!["email", "email_verified", "phone_number", "name", "custom:plan"];
        attributes.retain(|attribute| scopes.show(attribute));
        attributes
    }

    #[test]
    fn openid_alone_shows_all_and_others_draw_the_line() {
        let all = ["email", "email_verified", "phone_number", "name", "custom:plan"];
        assert_eq!(shown("openid"), all);
        assert_eq!(shown("openid aws.cognito.signin.user.admin"), all);
        assert_eq!(shown("openid email profile"), all);
        assert_eq!(shown("openid email"), ["email", "email_verified"]);
        assert_eq!(shown("openid phone"), ["phone_number"]);
    }

    #[test]
    fn what_shows_attributes_needs_openid() {
        assert!(Scopes::parse("openid email").agree());
        assert!(Scopes::parse("api/read").agree());
        assert!(!Scopes::parse("email").agree());
    }

    #[test]
    fn scopes_are_read_once_each_and_written_between_spaces() {
        assert_eq!(
            Scopes::parse(" openid  email openid ").to_string(),
            "openid email"
        );
        assert!(Scopes::parse(" ").is_empty());
    }
}
