//! A pool with all its settings: read, sent back changed, and held against what it was.

use anyhow::{Context as _, bail};
use model::Operation;
use model::shape::Kind;
use serde_json::{Map, Value};

use super::differences::{Difference, differences};
use crate::api_client::ApiClient;

/// What `DescribeUserPool` shows beside settings: what is fixed when a pool is made, and what the service counts, keeps in
/// other operations or tells. `UpdateUserPool` neither takes nor touches it.
const NO_SETTINGS: [&str; 15] = [
    "Id",
    "Arn",
    "Name", // `PoolName` in a request
    "Status",
    "CreationDate",
    "LastModifiedDate",
    "EstimatedNumberOfUsers",
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    "Domain",
    "CustomDomain",
    "EmailConfigurationFailure",
    "SmsConfigurationFailure",
];

/// Of these, the ones that change by themselves.
const RESTLESS: [&str; 3] = ["LastModifiedDate", "EstimatedNumberOfUsers", "Status"];

/// A pool at one moment.
pub(super) struct Snapshot {
    id: String,
    /// `UserPool` of `DescribeUserPool`.
    pool: Map<String, Value>,
    /// What `GetUserPoolMfaConfig` answers: factors that `DescribeUserPool` does not show.
    mfa: Map<String, Value>,
}

impl Snapshot {
    /// Reads the pool.
    pub(super) async fn read(api: &ApiClient, id: &str) -> anyhow::Result<Self> {
        let request = serde_json::json!({ "UserPoolId": id });
        let described = called(api, "DescribeUserPool", &request).await?;
        let mfa = called(api, "GetUserPoolMfaConfig", &request).await?;
        let pool = described
            .get("UserPool")
            .and_then(Value::as_object)
            .context("DescribeUserPool answers no pool")?;
        Ok(Self {
            id: id.to_owned(),
            pool: pool.clone(),
            mfa,
        })
    }

    pub(super) fn name(&self) -> &str {
        self.pool.get("Name").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn lambda_config(&self) -> Map<String, Value> {
        object(self.pool.get("LambdaConfig"))
    }

    /// The whole of `UpdateUserPool` with this `LambdaConfig`.
    ///
    /// # Errors
    /// When the pool has a setting that this program does not know: it could not be sent back, and would be reset.
    pub(super) fn request(&self, lambda_config: &Map<String, Value>) -> anyhow::Result<Map<String, Value>> {
        let settable = members(Operation::UpdateUserPool);
        let unknown: Vec<&str> = self
            .pool
            .keys()
            .map(String::as_str)
            .filter(|name| !settable.contains(name) && !NO_SETTINGS.contains(name))
            .collect();
        if !unknown.is_empty() {
            bail!(
                "the pool has settings that this version of rehome does not know, and UpdateUserPool would reset them: \
                 {}; nothing was changed. Use a newer version, or attach the trigger in the console",
                unknown.join(", ")
            );
        }
        let kept = self
            .pool
            .iter()
            .filter(|(name, _)| settable.contains(&name.as_str()));
        let mut request: Map<String, Value> =
            kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        request.insert("UserPoolId".to_owned(), self.id.as_str().into());
        request.insert("LambdaConfig".to_owned(), Value::Object(lambda_config.clone()));
        leave_out_the_older_name_of_validity(&mut request);
        Ok(request)
    }

    /// What the request changes of `LambdaConfig`, which is all that it means to change.
    pub(super) fn planned(&self, request: &Map<String, Value>) -> Vec<Difference> {
        lambda_config_alone(&differences(&self.pool, &self.after(request)))
    }

    /// How many settings the request sends back as they are.
    pub(super) fn kept(&self, request: &Map<String, Value>) -> usize {
        let same = |(name, value): (&String, &Value)| self.pool.get(name) == Some(value);
        request.iter().filter(|member| same(*member)).count()
    }

    /// Sends it. The factors of MFA are set again where the update has moved them.
    pub(super) async fn update(&self, api: &ApiClient, request: Map<String, Value>) -> anyhow::Result<()> {
        called(api, "UpdateUserPool", &Value::Object(request)).await?;
        let now = Self::read(api, &self.id).await?;
        if now.mfa != self.mfa {
            let settable = members(Operation::SetUserPoolMfaConfig);
            let known = self
                .mfa
                .iter()
                .filter(|(name, _)| settable.contains(&name.as_str()));
            let mut request: Map<String, Value> =
                known.map(|(name, value)| (name.clone(), value.clone())).collect();
            request.insert("UserPoolId".to_owned(), self.id.as_str().into());
            called(api, "SetUserPoolMfaConfig", &Value::Object(request)).await?;
        }
        Ok(())
    }

    /// Reads the pool again; what is not as it should be.
    pub(super) async fn verify(
        &self,
        api: &ApiClient,
        request: &Map<String, Value>,
    ) -> anyhow::Result<Vec<Difference>> {
        let now = Self::read(api, &self.id).await?;
        let mut found = differences(&self.after(request), &now.pool);
        found.retain(|difference| !RESTLESS.contains(&difference.path.as_str()));
        found.extend(differences(&self.mfa, &now.mfa).into_iter().filter(|difference| {
            // The one member that both operations show is told once.
            difference.path != "MfaConfiguration"
        }));
        Ok(found)
    }

    /// The pool as it has to read afterwards.
    fn after(&self, request: &Map<String, Value>) -> Map<String, Value> {
        let mut after = self.pool.clone();
        if let Some(config) = request.get("LambdaConfig") {
            after.insert("LambdaConfig".to_owned(), config.clone());
        }
        after
    }
}

/// `UnusedAccountValidityDays` is the older name of `TemporaryPasswordValidityDays`. Pools show both, and an update that
/// brings both is refused: *Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays*
/// (observed, aws/aws-sdk-js issue 3817).
fn leave_out_the_older_name_of_validity(request: &mut Map<String, Value>) {
    let has_newer_name = request.get("Policies").is_some_and(|policies| {
        policies
            .pointer("/PasswordPolicy/TemporaryPasswordValidityDays")
            .is_some()
    });
    if let Some(Value::Object(config)) = request.get_mut("AdminCreateUserConfig")
        && has_newer_name
    {
        config.shift_remove("UnusedAccountValidityDays");
    }
}

fn lambda_config_alone(found: &[Difference]) -> Vec<Difference> {
    let of_triggers = |difference: &&Difference| difference.path.starts_with("LambdaConfig");
    found.iter().filter(of_triggers).cloned().collect()
}

/// The members that an operation takes.
fn members(operation: Operation) -> Vec<&'static str> {
    match &operation.input().kind {
        Kind::Structure(members) => members.iter().map(|member| member.name).collect(),
        _ => Vec::new(),
    }
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Calls the server; a refusal is an error here, in its own words.
async fn called(api: &ApiClient, operation: &str, body: &Value) -> anyhow::Result<Map<String, Value>> {
    let answer = api.call(operation, body).await?;
    if answer.status == 200 {
        return Ok(object(Some(&answer.body)));
    }
    let exception = answer.exception().unwrap_or("an answer without a name");
    let message = match (answer.text("/message"), answer.text("/Message")) {
        ("", message) | (message, _) => message,
    };
    bail!("{operation}: {exception}: {message}")
}
