//! What an app client may ask for at the OAuth 2.0 endpoints, and where people are sent back.
//!
//! Source: *App client settings* and the API reference; texts observed where the table of texts says so.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, text};
use crate::oauth::is_standard_scope;
use crate::user_pool::UserPool;

/// The one identity provider of every pool: its own users.
pub(crate) const COGNITO: &str = "COGNITO";

/// The OAuth settings of an app client, each under the API's name. What was not given is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OAuthSettings {
    /// `AllowedOAuthFlowsUserPoolClient`: whether it may use the endpoints at all.
    pub allowed_oauth_flows_user_pool_client: bool,
    /// `AllowedOAuthFlows`.
    pub allowed_oauth_flows: Option<Vec<OAuthFlow>>,
    /// `AllowedOAuthScopes`.
    pub allowed_oauth_scopes: Option<Vec<String>>,
    /// `CallbackURLs`: where a sign-in may end.
    pub callback_urls: Option<Vec<String>>,
    /// `LogoutURLs`: where a sign-out may end.
    pub logout_urls: Option<Vec<String>>,
    /// `DefaultRedirectURI`: the callback of a request that names none.
    pub default_redirect_uri: Option<String>,
    /// `SupportedIdentityProviders`.
    pub supported_identity_providers: Option<Vec<String>>,
}

/// A way to tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthFlow {
    /// By way of an authorization code.
    Code,
    /// In the fragment of the callback.
    Implicit,
    /// For the app client itself, with its secret.
    ClientCredentials,
}

impl OAuthSettings {
    /// Whether this way to tokens is open.
    #[must_use]
    pub fn allows(&self, flow: OAuthFlow) -> bool {
        let flows = self.allowed_oauth_flows.as_deref().unwrap_or_default();
        self.allowed_oauth_flows_user_pool_client && flows.contains(&flow)
    }

    /// Whether a sign-in may end at this very text.
    #[must_use]
    pub fn has_callback(&self, url: &str) -> bool {
        listed(self.callback_urls.as_deref(), url)
    }

    /// Whether a sign-out may end at this very text.
    #[must_use]
    pub fn has_logout(&self, url: &str) -> bool {
        listed(self.logout_urls.as_deref(), url)
    }

    /// Whether the settings agree with each other and with the pool.
    ///
    /// # Errors
    /// [`Error::InvalidOAuthFlow`], [`Error::ScopeDoesNotExist`], [`Error::InvalidParameter`].
    pub(super) fn check(&self, pool: &UserPool, has_secret: bool) -> Result<(), Error> {
        self.check_flows(has_secret)?;
        for scope in self.allowed_oauth_scopes.iter().flatten() {
            if !is_standard_scope(scope) && !pool.has_scope(scope) {
                return Err(Error::ScopeDoesNotExist(text::scope_unknown(scope)));
            }
        }
        for url in [&self.callback_urls, &self.logout_urls]
            .into_iter()
            .flatten()
            .flatten()
        {
            check_url(url)?;
        }
        if self
            .default_redirect_uri
            .as_ref()
            .is_some_and(|url| !self.has_callback(url))
        {
            return Err(Error::invalid_parameter(text::DEFAULT_REDIRECT_NOT_A_CALLBACK));
        }
        for provider in self.supported_identity_providers.iter().flatten() {
            if provider != COGNITO {
                return Err(Error::InvalidParameter(text::provider_unknown(
                    provider, &pool.id,
                )));
            }
        }
        Ok(())
    }

    fn check_flows(&self, has_secret: bool) -> Result<(), Error> {
        let flows = self.allowed_oauth_flows.as_deref().unwrap_or_default();
        let no_scopes = self.allowed_oauth_scopes.as_ref().is_none_or(Vec::is_empty);
        if self.allowed_oauth_flows_user_pool_client && (flows.is_empty() || no_scopes) {
            return Err(Error::invalid_parameter(text::FLOWS_AND_SCOPES_REQUIRED));
        }
        if !flows.contains(&OAuthFlow::ClientCredentials) {
            let nowhere = self.callback_urls.as_ref().is_none_or(Vec::is_empty);
            if nowhere && !flows.is_empty() {
                return Err(Error::InvalidOAuthFlow(text::NO_CALLBACK_URLS.into()));
            }
            return Ok(());
        }
        if flows.iter().any(|flow| *flow != OAuthFlow::ClientCredentials) {
            return Err(Error::InvalidOAuthFlow(text::CLIENT_CREDENTIALS_NOT_ALONE.into()));
        }
        if !has_secret {
            return Err(Error::InvalidOAuthFlow(
                text::CLIENT_CREDENTIALS_WITHOUT_SECRET.into(),
            ));
        }
        let mut scopes = self.allowed_oauth_scopes.iter().flatten();
        match scopes.find(|scope| is_standard_scope(scope)) {
            Some(scope) => Err(Error::InvalidOAuthFlow(text::scope_of_a_user(scope))),
            None => Ok(()),
        }
    }
}

fn listed(urls: Option<&[String]>, url: &str) -> bool {
    urls.is_some_and(|urls| urls.iter().any(|listed| listed == url))
}

/// A URL to which people are sent: absolute, without fragment, and not in plain HTTP but to the person's own machine.
fn check_url(url: &str) -> Result<(), Error> {
    let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(Error::InvalidParameter(text::url_not_absolute(url)));
    };
    if url.contains('#') {
        return Err(Error::InvalidParameter(text::url_with_fragment(url)));
    }
    // What a browser would run instead of going there, and what it would take for another place than is read here.
    let runs = ["javascript", "data", "vbscript"].contains(&scheme.to_ascii_lowercase().as_str());
    if runs
        || rest.is_empty()
        || url
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
    {
        return Err(Error::InvalidParameter(text::url_not_absolute(url)));
    }
    if scheme.eq_ignore_ascii_case("http") && !is_on_this_machine(rest) {
        return Err(Error::InvalidParameter(text::url_in_plain_http(url)));
    }
    Ok(())
}

/// RFC 3986, section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Whether what follows `http:` leads to the machine that the browser runs on.
fn is_on_this_machine(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    !authority.contains('@')
        && (host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_https_their_own_machine_and_apps() {
        for url in [
            "https://app.example/callback",
            "https://app.example:8443/callback?tenant=1",
            "http://localhost:3000/callback",
            "http://127.0.0.1/",
            "http://[::1]:8080/",
            "myapp://callback",
            "com.example.app:/callback",
        ] {
            assert!(check_url(url).is_ok(), "{url}");
        }
        for url in [
            "http://app.example/callback",
            "http://localhost.evil.example/",
            "http://localhost@evil.example/",
            "http:localhost",
            "https://app.example/#part",
            "/callback",
            "app.example/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:",
            "https://app.example/\\evil",
            "1app://callback",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_app_client_that_acts_for_itself_does_nothing_else_and_has_a_secret() {
        let settings = |flows: &[OAuthFlow]| OAuthSettings {
            allowed_oauth_flows_user_pool_client: true,
            allowed_oauth_flows: Some(flows.to_vec()),
            allowed_oauth_scopes: Some(vec!["api/read".to_owned()]),
            callback_urls: Some(vec!["https://app.example/".to_owned()]),
            ..OAuthSettings::default()
        };
        let alone = settings(&[OAuthFlow::ClientCredentials]);
        assert!(alone.check_flows(true).is_ok());
        let of_a_user = OAuthSettings {
            allowed_oauth_scopes: Some(vec!["openid".to_owned()]),
            ..alone.clone()
        };
        assert!(of_a_user.check_flows(true).is_err());
        let without_secret = alone.check_flows(false).unwrap_err();
        assert!(matches!(without_secret, Error::InvalidOAuthFlow(_)));
        let mixed = settings(&[OAuthFlow::Code, OAuthFlow::ClientCredentials]);
        assert!(matches!(
            mixed.check_flows(true).unwrap_err(),
            Error::InvalidOAuthFlow(_)
        ));
        assert!(
            settings(&[OAuthFlow::Code, OAuthFlow::Implicit])
                .check_flows(false)
                .is_ok()
        );
    }

    #[test]
    fn whoever_may_use_the_endpoints_has_flows_and_scopes() {
        let on = OAuthSettings {
            allowed_oauth_flows_user_pool_client: true,
            ..OAuthSettings::default()
        };
        assert!(on.check_flows(false).is_err());
        assert!(OAuthSettings::default().check_flows(false).is_ok());
    }
}
