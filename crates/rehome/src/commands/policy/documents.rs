//! The policies themselves. The templates under `deploy` carry the same ones; a test compares them.

use serde_json::{Value, json};

use crate::arn::{Arn, Region};

/// The name that the function has unless another is given.
pub(crate) const FUNCTION_NAME: &str = "CognitoUserMigration";

/// The service that invokes triggers.
const COGNITO: &str = "cognito-idp.amazonaws.com";

/// What the companion of the *post authentication* trigger does in the new pool.
const WRITE_GROUPS: [&str; 4] = [
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:CreateGroup",
    "cognito-idp:AdminUpdateUserAttributes",
    "cognito-idp:AdminDeleteUserAttributes",
];

/// What the documents are about.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The old pool.
    pub old_user_pool: Arn,
    /// The new pool.
    pub new_user_pool: Arn,
    /// The function's name, in the new pool's account and Region.
    pub function_name: String,
    /// The way into another account, where the old pool is there.
    pub old_role: Option<OldRole>,
    /// Parameters and secrets that the function reads.
    pub read: Vec<Arn>,
    /// Whether the function carries groups over: it reads the old ones, and writes them after a sign-in.
    pub carries_groups: bool,
}

/// A role in the old pool's account.
#[derive(Clone, Debug)]
pub struct OldRole {
    /// Its ARN.
    pub arn: String,
    /// What whoever takes it on has to know.
    pub external_id: String,
    /// The only one who may take it on.
    pub execution_role_arn: String,
}

/// All documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// Of the function's own role.
    pub execution_role: Role,
    /// Of the function: who may invoke it.
    pub resource_policy: Value,
    /// Of the role in the old pool's account, if there is one.
    pub old_role: Option<Role>,
}

/// A role: who may take it on, and what it may do then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Who may take it on.
    pub trust: Value,
    /// What it may do.
    pub policy: Value,
}

impl Documents {
    /// Least privilege: two actions on one pool, one log group, what the settings name, and groups where they are carried.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let old_role = parts.old_role.as_ref();
        Self {
            execution_role: Role {
                trust: trust(&json!({ "Service": "lambda.amazonaws.com" }), None),
                policy: document(&execution_statements(parts)),
            },
            resource_policy: resource_policy(parts),
            old_role: old_role.map(|role| Role {
                trust: trust(
                    &json!({ "AWS": role.execution_role_arn }),
                    Some(json!({ "StringEquals": { "sts:ExternalId": role.external_id } })),
                ),
                policy: document(&[ask(parts)]),
            }),
        }
    }

    /// As one object.
    #[must_use]
    pub fn whole(self) -> Value {
        let role = |role: Role| json!({ "trustPolicy": role.trust, "policy": role.policy });
        let mut whole = json!({
            "executionRole": role(self.execution_role),
            "resourcePolicy": self.resource_policy,
        });
        if let Some(old_role) = self.old_role {
            whole["oldRole"] = role(old_role);
        }
        whole
    }
}

fn execution_statements(parts: &Parts) -> Vec<Value> {
    let mut statements = vec![logs(parts)];
    statements.push(match &parts.old_role {
        None => ask(parts),
        Some(role) => allow("TakeOnRoleInOldAccount", &["sts:AssumeRole"], &[&role.arn]),
    });
    for (service, sid, action) in [
        ("ssm", "ReadParameters", "ssm:GetParameter"),
        ("secretsmanager", "ReadSecrets", "secretsmanager:GetSecretValue"),
    ] {
        let of_service = parts.read.iter().filter(|arn| arn.service == service);
        let arns: Vec<String> = of_service.map(ToString::to_string).collect();
        if !arns.is_empty() {
            statements.push(allow(sid, &[action], &arns));
        }
    }
    if parts.carries_groups {
        let new_user_pool = parts.new_user_pool.to_string();
        statements.push(allow("WriteGroups", &WRITE_GROUPS, &[new_user_pool]));
    }
    statements
}

/// Streams and events of the function's own log group. Not `CreateLogGroup`: a group that a running function makes again
/// keeps its lines for ever.
fn logs(parts: &Parts) -> Value {
    let group = Arn {
        service: "logs".to_owned(),
        resource: format!("log-group:/aws/lambda/{}:*", parts.function_name),
        ..parts.new_user_pool.clone()
    };
    allow(
        "WriteLogs",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        &[group.to_string()],
    )
}

/// The questions to the old pool.
fn ask(parts: &Parts) -> Value {
    let mut actions = vec!["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"];
    if parts.carries_groups {
        actions.push("cognito-idp:AdminListGroupsForUser");
    }
    allow("AskOldUserPool", &actions, &[parts.old_user_pool.to_string()])
}

/// Cognito's principal alone, and in the context of the one pool: without the conditions a pool of any account could
/// invoke the function (*Importing users with a user migration Lambda trigger*).
fn resource_policy(parts: &Parts) -> Value {
    let pool = &parts.new_user_pool;
    let function = Arn {
        service: "lambda".to_owned(),
        resource: format!("function:{}", parts.function_name),
        ..pool.clone()
    };
    document(&[json!({
        "Sid": "InvokeByUserPool",
        "Effect": "Allow",
        "Principal": { "Service": COGNITO },
        "Action": "lambda:InvokeFunction",
        "Resource": function.to_string(),
        "Condition": {
            "StringEquals": { "AWS:SourceAccount": pool.account },
            "ArnLike": { "AWS:SourceArn": pool.to_string() },
        },
    })])
}

fn trust(principal: &Value, condition: Option<Value>) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    document(&[statement])
}

fn allow(sid: &str, actions: &[&str], resources: &[impl AsRef<str>]) -> Value {
    let resources: Vec<&str> = resources.iter().map(AsRef::as_ref).collect();
    json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources })
}

fn document(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The ARN of a pool that is named by its id: the id begins with the Region.
pub(super) fn user_pool_arn(id: &str, account: &str) -> Option<Arn> {
    let (region, rest) = id.split_once('_')?;
    let region = Region::parse(region)?;
    rest.chars()
        .all(|character| character.is_ascii_alphanumeric())
        .then(|| Arn {
            partition: region.partition().to_owned(),
            service: "cognito-idp".to_owned(),
            region: region.to_string(),
            account: account.to_owned(),
            resource: format!("userpool/{id}"),
        })
}
