//! An old Cognito user pool, or anything that speaks its API.
//!
//! ```toml
//! [from]
//! kind = "cognito"
//! region = "eu-west-1"
//! user_pool_id = "eu-west-1_AbCdEf123"
//! client_id = "1example23456789abcdefghij"
//! # client_secret = "secretsmanager:rehome/old-client#client_secret"   # or client_secret_file = "/run/secrets/old-client"
//! # role_arn = "arn:aws:iam::111122223333:role/rehome"   # when the pool is in another account
//! # external_id = "…"
//! # endpoint = "http://127.0.0.1:9229"
//! ```
//!
//! *Verify* is `AdminInitiateAuth`, then `AdminGetUser` for the profile; *find* is `AdminGetUser` alone. A client secret that
//! is refused is read again where it is referred to, since it may have been rotated: the pool looks at it before it looks at
//! the password, so that nothing was counted. The role
//! needs these two actions on the old pool and nothing else; `AdminListGroupsForUser` too where the groups are to be kept.

mod api;
mod groups;
mod keys;
mod new_pool;
mod settings;
mod standing;
mod sts;
mod user;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use migration::{CouldNotAsk, Deadline, Directory, Inquiry, Login, Password, Standing, Step};
use ring::hmac;
use secrecy::ExposeSecret as _;
use serde::Serialize;

pub use crate::aws::Credentials;
use crate::aws::Unreadable;
use crate::http::Limits;
use crate::secret::Secret;
use api::{Api, Failure, Fault};
pub use new_pool::{Added, NewPool};
pub use settings::{Role, Settings};
use standing::{Authentication, Verdict};
use user::User;

/// The old pool.
pub struct Cognito {
    api: Api,
    user_pool_id: String,
    client_id: String,
    client_secret: Option<Secret>,
    external_id: Option<Secret>,
    with_groups: bool,
    /// The app client knows only the flow's old name; learnt at the first sign-in.
    only_no_srp: AtomicBool,
}

/// The two names of the flow: the app client allows either, seldom both.
const FLOWS: [&str; 2] = ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"];

const INITIATE: &str = "AdminInitiateAuth";
const GET_USER: &str = "AdminGetUser";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuth<'a> {
    user_pool_id: &'a str,
    client_id: &'a str,
    auth_flow: &'a str,
    auth_parameters: AuthParameters<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct AuthParameters<'a> {
    username: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_hash: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetUser<'a> {
    user_pool_id: &'a str,
    username: &'a str,
}

impl Cognito {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(settings: Settings) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let http = crate::http::client()?;
        let (user_pool_id, client_id) = (settings.user_pool_id.clone(), settings.client_id.clone());
        let client_secret = settings.client_secret.clone();
        let external_id = settings.role.as_ref().and_then(|role| role.external_id.clone());
        let with_groups = settings.with_groups;
        let api = Api::new(http, settings);
        Ok(Self {
            api,
            user_pool_id,
            client_id,
            client_secret,
            external_id,
            with_groups,
            only_no_srp: AtomicBool::new(false),
        })
    }

    /// Opens the connection, and takes on the role where there is one: for the time before the first event, when a
    /// Lambda has more of a processor. Trouble shows at the first event, not here.
    pub async fn warm(&self) {
        let deadline = Deadline::after(Duration::from_secs(2));
        let secret = async {
            if let Some(secret) = &self.client_secret {
                let _kept = secret.current(deadline).await;
            }
        };
        tokio::join!(self.api.warm(Limits::until(deadline)), secret);
    }

    /// Reads the secrets that the settings refer to: each that cannot be read, with its key inside `[from]`.
    pub async fn unreadable(&self, deadline: Deadline) -> Vec<(&'static str, Unreadable)> {
        let read = async |key, secret: &Option<Secret>| match secret {
            Some(secret) => secret.current(deadline).await.err().map(|error| (key, error)),
            None => None,
        };
        let (one, other) = tokio::join!(
            read("client_secret", &self.client_secret),
            read("external_id", &self.external_id)
        );
        one.into_iter().chain(other).collect()
    }

    /// Which of its secrets are older than they should be, and why.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        [&self.client_secret, &self.external_id]
            .into_iter()
            .flatten()
            .find_map(Secret::trouble)
    }

    /// The sign-in; once more where the client secret is another by now.
    async fn authenticate(
        &self,
        login: &Login,
        password: &Password,
        limits: Limits<'_>,
    ) -> Result<Authentication, Failure> {
        let answer = self.initiate(login, password, limits).await;
        let (Err(Failure::Fault(fault)), Some(secret)) = (&answer, &self.client_secret) else {
            return answer;
        };
        if fault.speaks_of_the_secret_hash() && secret.renew(limits.deadline).await {
            return self.initiate(login, password, limits).await;
        }
        answer
    }

    async fn initiate(
        &self,
        login: &Login,
        password: &Password,
        limits: Limits<'_>,
    ) -> Result<Authentication, Failure> {
        let first = usize::from(self.only_no_srp.load(Ordering::Relaxed));
        match self.initiate_with(FLOWS[first], login, password, limits).await {
            Err(Failure::Fault(fault)) if flow_not_enabled(&fault, FLOWS[first]) => {}
            other => return other,
        }
        let other = 1 - first;
        let answer = self.initiate_with(FLOWS[other], login, password, limits).await;
        let disabled_too =
            matches!(&answer, Err(Failure::Fault(fault)) if flow_not_enabled(fault, FLOWS[other]));
        if !disabled_too {
            self.only_no_srp.store(other == 1, Ordering::Relaxed);
        }
        answer
    }

    async fn initiate_with(
        &self,
        auth_flow: &'static str,
        login: &Login,
        password: &Password,
        limits: Limits<'_>,
    ) -> Result<Authentication, Failure> {
        let username = login.as_str();
        let secret_hash = match &self.client_secret {
            Some(secret) => {
                let current = secret.current(limits.deadline).await;
                let secret = current.map_err(|error| unreadable(&error, INITIATE))?;
                Some(secret_hash(secret.expose_secret(), username, &self.client_id))
            }
            None => None,
        };
        let auth_parameters = AuthParameters {
            username,
            password: password.expose(),
            secret_hash,
        };
        let (user_pool_id, client_id) = (&self.user_pool_id, &self.client_id);
        let input = InitiateAuth {
            user_pool_id,
            client_id,
            auth_flow,
            auth_parameters,
        };
        self.api.call(INITIATE, &input, limits).await
    }

    async fn get_user(&self, login: &Login, inquiry: &Inquiry) -> Result<Option<User>, CouldNotAsk> {
        let input = GetUser {
            user_pool_id: &self.user_pool_id,
            username: login.as_str(),
        };
        let _timing = inquiry.timing(Step::Find);
        let limits = Limits::of_find(inquiry);
        let user: User = match self.api.call(GET_USER, &input, limits).await {
            Ok(user) => user,
            Err(Failure::CouldNotAsk(error)) => return Err(error),
            Err(Failure::Fault(fault)) if fault.says_no_such_user() => return Ok(None),
            Err(Failure::Fault(fault)) => return Err(fault.could_not_ask(GET_USER)),
        };
        if !self.with_groups {
            return Ok(Some(user));
        }
        let groups = groups::of_user(&self.api, &self.user_pool_id, login.as_str(), limits).await?;
        Ok(Some(user.with_groups(groups)))
    }
}

#[async_trait]
impl Directory for Cognito {
    async fn verify(
        &self,
        login: &Login,
        password: &Password,
        inquiry: &Inquiry,
    ) -> Result<Standing, CouldNotAsk> {
        if !can_be_a_username(login) {
            return Ok(Standing::Unknown);
        }
        let answer = {
            let _timing = inquiry.timing(Step::Verify);
            self.authenticate(login, password, Limits::of_verify(inquiry))
                .await
        };
        let verdict = match answer {
            Ok(authentication) => authentication.verdict(),
            Err(Failure::CouldNotAsk(error)) => return Err(error),
            Err(Failure::Fault(fault)) => fault.verdict(login),
        };
        match verdict {
            Verdict::Standing(standing) => Ok(standing),
            Verdict::Known(known) => {
                let user = self.get_user(login, inquiry).await?;
                user.map_or(Ok(Standing::Unknown), |user| user.standing_of(known))
            }
            Verdict::CouldNotAsk(error) => Err(error),
        }
    }

    async fn find(&self, login: &Login, inquiry: &Inquiry) -> Result<Standing, CouldNotAsk> {
        if !can_be_a_username(login) {
            return Ok(Standing::Unknown);
        }
        let user = self.get_user(login, inquiry).await?;
        user.map_or(Ok(Standing::Unknown), User::standing)
    }
}

/// Without its secrets the function cannot ask.
fn unreadable(error: &Unreadable, operation: &'static str) -> CouldNotAsk {
    CouldNotAsk::new(error.cause, operation).with_source(error.to_string())
}

/// Cognito's `UsernameType`: 1 to 128 letters, marks, symbols, numbers, punctuation. Nobody has another name, and the
/// API would answer a validation error that quotes the login.
fn can_be_a_username(login: &Login) -> bool {
    let mut characters = login.as_str().chars();
    (1..=128).contains(&login.as_str().chars().count())
        && characters.all(|character| !character.is_whitespace() && !character.is_control())
}

/// The text for the admin call, and the form that names the flow.
fn flow_not_enabled(fault: &Fault, flow: &str) -> bool {
    fault.name == "InvalidParameterException"
        && (fault.text() == "Auth flow not enabled for this client"
            || fault.text().strip_prefix(flow) == Some(" flow not enabled for this client"))
}

/// `SECRET_HASH`: HMAC-SHA256 of user name and app client id under the client secret, in Base64.
fn secret_hash(secret: &str, username: &str, client_id: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(username.as_bytes());
    context.update(client_id.as_bytes());
    STANDARD.encode(context.sign())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_hash_is_the_documented_hmac() {
        // printf 'janeclient' | openssl dgst -sha256 -hmac secret -binary | base64
        let hash = secret_hash("secret", "jane", "client");
        assert_eq!(hash, "MRPITOHaaXF3U2mXQ8u/9mU3u+IhlYGP0cF9VpZjE5M=");
    }

    #[test]
    fn nobody_has_a_name_that_cognito_would_not_take() {
        for name in ["", "jane doe", "jane\n", &"x".repeat(129)] {
            assert!(!can_be_a_username(&Login::new(name)), "{name:?}");
        }
        for name in ["jane@example.com", "+15550100", "ジェーン", &"x".repeat(128)] {
            assert!(can_be_a_username(&Login::new(name)), "{name:?}");
        }
    }
}
