//! `[from]`: the old directory as written, and checked.

use std::fmt;

use directory::Secret;
use directory::cognito::{self, Role};
use serde::Deserialize;

use super::environment::Environment;
use super::problem::Problems;
use super::secrets::{Secrets, Written};

/// `[from]`: the old directory, one variant a kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum From {
    /// A Cognito user pool.
    Cognito(CognitoFrom),
}

/// `[from]` with `kind = "cognito"`, as written.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CognitoFrom {
    /// `http://` or `https://`, without a path.
    pub endpoint: Option<String>,
    /// The pool's Region; by default the one in its id.
    pub region: Option<String>,
    /// The pool.
    pub user_pool_id: Option<String>,
    /// An app client of it.
    pub client_id: Option<String>,
    /// The app client's secret, or a reference to it.
    pub client_secret: Option<String>,
    /// A file that holds it.
    pub client_secret_file: Option<String>,
    /// The role to take on.
    pub role_arn: Option<String>,
    /// The external id that the role asks for, or a reference to it.
    pub external_id: Option<String>,
}

impl CognitoFrom {
    /// The variables of a Lambda go before the file.
    pub(super) fn over(mut self, environment: &Environment) -> Self {
        let endpoint = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
        let fields = [
            (&mut self.user_pool_id, environment.get("OLD_USER_POOL_ID")),
            (&mut self.client_id, environment.get("OLD_CLIENT_ID")),
            (&mut self.client_secret, environment.get("OLD_CLIENT_SECRET")),
            (&mut self.region, environment.get("OLD_REGION")),
            (&mut self.role_arn, environment.get("OLD_ROLE_ARN")),
            (&mut self.external_id, environment.get("OLD_EXTERNAL_ID")),
        ];
        for (field, variable) in fields {
            *field = variable.or_else(|| field.take());
        }
        let anybody = || {
            environment
                .get(endpoint)
                .or_else(|| environment.get("AWS_ENDPOINT_URL"))
        };
        self.endpoint = self.endpoint.or_else(anybody);
        self
    }

    /// The pool's Region: as written, in the id, of the function.
    pub(super) fn region(&self, environment: &Environment) -> Option<String> {
        let in_the_id = || Some(self.user_pool_id.as_ref()?.split_once('_')?.0.to_owned());
        self.region
            .clone()
            .or_else(in_the_id)
            .or_else(|| environment.get("AWS_REGION"))
    }

    pub(super) fn check(
        self,
        secrets: &mut Secrets<'_>,
        problems: &mut Problems,
    ) -> Option<cognito::Settings> {
        let environment = secrets.environment;
        let client_secret = Written {
            key: "from.client_secret",
            text: self.client_secret.as_deref(),
            file: self.client_secret_file.as_deref(),
        };
        let client_secret = secrets.secret(&client_secret, problems);
        if self.user_pool_id.is_none() {
            let advice =
                "missing; write the old pool's id, like \"eu-west-1_AbCdEf123\", or set OLD_USER_POOL_ID";
            problems.add("from.user_pool_id", advice);
        }
        if self.client_id.is_none() {
            problems.add(
                "from.client_id",
                "missing; write an app client of the old pool, or set OLD_CLIENT_ID",
            );
        }
        let region = self.region(environment);
        let Some(region) = region else {
            problems.add(
                "from.region",
                "missing; write the old pool's Region, or set OLD_REGION",
            );
            return None;
        };
        check_endpoint("from.endpoint", self.endpoint.as_deref(), problems);
        let sts = environment
            .get("AWS_ENDPOINT_URL_STS")
            .or_else(|| environment.get("AWS_ENDPOINT_URL"));
        check_endpoint("AWS_ENDPOINT_URL_STS", sts.as_deref(), problems);
        if self.external_id.is_some() && self.role_arn.is_none() {
            problems.add(
                "from.external_id",
                "there is no role_arn that would ask for it; write one, or take it out",
            );
        }
        if self.role_arn.as_ref().is_some_and(|arn| !arn.starts_with("arn:")) {
            let advice = "is no ARN; write one like \"arn:aws:iam::111122223333:role/rehome\"";
            problems.add("from.role_arn", advice);
        }
        let credentials = environment.credentials();
        if credentials.is_none() && (self.endpoint.is_none() || self.role_arn.is_some() && sts.is_none()) {
            let advice = "missing; Lambda sets it and AWS_SECRET_ACCESS_KEY: elsewhere export both";
            problems.add("AWS_ACCESS_KEY_ID", advice);
        }
        let role = self.role_arn.as_ref().map(|arn| Role {
            arn: arn.clone(),
            external_id: external_id(self.external_id.as_deref(), secrets, problems),
            endpoint: sts,
        });
        Some(cognito::Settings {
            region,
            user_pool_id: self.user_pool_id?,
            client_id: self.client_id?,
            client_secret,
            endpoint: self.endpoint,
            role,
            with_groups: false,
            credentials,
        })
    }
}

fn external_id(text: Option<&str>, secrets: &mut Secrets<'_>, problems: &mut Problems) -> Option<Secret> {
    let written = Written {
        key: "from.external_id",
        text,
        file: None,
    };
    secrets.secret(&written, problems)
}

pub(super) fn check_endpoint(key: &str, endpoint: Option<&str>, problems: &mut Problems) {
    let Some(endpoint) = endpoint else { return };
    let host = endpoint
        .strip_prefix("http://")
        .or_else(|| endpoint.strip_prefix("https://"));
    let plain = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    if !host.is_some_and(|host| plain(host.trim_end_matches('/'))) {
        problems.add(
            key,
            "is no endpoint; write one like \"http://127.0.0.1:9229\", without a path",
        );
    }
}

/// The secret is not shown.
impl fmt::Debug for CognitoFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CognitoFrom")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("user_pool_id", &self.user_pool_id)
            .field("client_id", &self.client_id)
            .field("role_arn", &self.role_arn)
            .finish_non_exhaustive()
    }
}
