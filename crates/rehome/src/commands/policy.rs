//! `rehome policy`: what the function may do, and who may call it, as the policies that IAM and Lambda take.

mod arguments;
mod documents;

use std::io::Write as _;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::exit::Exit;
use crate::problem::Problems;

pub use documents::{Documents, Parts};

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome policy --account 111122223333 --old-user-pool-id eu-west-1_OldPool01 --new-user-pool-id eu-west-1_NewPool01
      Everything, as one JSON object: the execution role's trust and policy, and the function's resource policy.

  rehome policy --account 111122223333 --old-user-pool-id eu-west-1_OldPool01 \\
      --new-user-pool-id eu-west-1_NewPool01 --document execution-role-policy > policy.json
  aws iam put-role-policy --role-name CognitoUserMigration --policy-name CognitoUserMigration \\
      --policy-document file://policy.json
      One document of it, for the AWS CLI.

  rehome policy --old-user-pool-arn arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_OldPool01 \\
      --new-user-pool-arn arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_NewPool01 \\
      --old-role-arn arn:aws:iam::444455556666:role/rehome --external-id 5f0c2c9e
      The old pool in another account: the function takes on a role there, whose two policies are printed too.

Nothing is called and nothing is changed.
Exit status: 0 printed, 2 an argument is wrong.";

/// What `rehome policy` was told.
#[derive(Args, Clone, Debug)]
pub struct PolicyArguments {
    /// The old pool's ARN
    #[arg(long, value_name = "ARN", conflicts_with = "old_user_pool_id")]
    pub old_user_pool_arn: Option<String>,

    /// The old pool's id, with --account
    #[arg(long, value_name = "ID", required_unless_present = "old_user_pool_arn")]
    pub old_user_pool_id: Option<String>,

    /// The new pool's ARN
    #[arg(long, value_name = "ARN", conflicts_with = "new_user_pool_id")]
    pub new_user_pool_arn: Option<String>,

    /// The new pool's id, with --account
    #[arg(long, value_name = "ID", required_unless_present = "new_user_pool_arn")]
    pub new_user_pool_id: Option<String>,

    /// Account of pools that are named by id, twelve digits
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,

    /// The function's name; it is in the new pool's account and Region
    #[arg(long, value_name = "NAME", default_value = documents::FUNCTION_NAME)]
    pub function_name: String,

    /// Role in the old pool's account that the function takes on (OLD_ROLE_ARN)
    #[arg(long, value_name = "ARN", requires = "external_id")]
    pub old_role_arn: Option<String>,

    /// External id that this role asks for (OLD_EXTERNAL_ID)
    #[arg(long, value_name = "TEXT", requires = "old_role_arn")]
    pub external_id: Option<String>,

    /// ARN of the function's execution role, for --old-role-arn [default: a role of the function's name]
    #[arg(long, value_name = "ARN", requires = "old_role_arn")]
    pub execution_role_arn: Option<String>,

    /// ARN of a parameter (SSM) or secret (Secrets Manager) that the function's settings name; may be repeated
    #[arg(long, value_name = "ARN")]
    pub read: Vec<String>,

    /// The function carries groups over: attributes.keep_groups_as, and the post authentication trigger
    #[arg(long)]
    pub groups: bool,

    /// Print one document alone
    #[arg(long, value_name = "NAME", value_enum)]
    pub document: Option<Document>,
}

/// The documents, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// Who may take on the execution role: Lambda
    ExecutionRoleTrust,
    /// What the function may do
    ExecutionRolePolicy,
    /// Who may invoke the function: Cognito, for the one pool
    ResourcePolicy,
    /// Who may take on the role in the old pool's account
    OldRoleTrust,
    /// What this role may do
    OldRolePolicy,
}

/// Prints the policies.
///
/// # Errors
/// [`Problems`] with the arguments.
pub fn run(arguments: PolicyArguments) -> anyhow::Result<Exit> {
    let wanted = arguments.document;
    let documents = Documents::of(&arguments::check(arguments)?);
    let printed = match wanted {
        None => documents.whole(),
        Some(document) => one(documents, document)?,
    };
    writeln!(std::io::stdout(), "{printed:#}")?;
    Ok(Exit::Done)
}

fn one(documents: Documents, document: Document) -> Result<Value, Problems> {
    let old_role = documents.old_role.ok_or_else(|| {
        Problems::one(
            "--document",
            "there is no role in the old pool's account; name it with --old-role-arn",
        )
    });
    Ok(match document {
        Document::ExecutionRoleTrust => documents.execution_role.trust,
        Document::ExecutionRolePolicy => documents.execution_role.policy,
        Document::ResourcePolicy => documents.resource_policy,
        Document::OldRoleTrust => old_role?.trust,
        Document::OldRolePolicy => old_role?.policy,
    })
}
