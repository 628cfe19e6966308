//! `rehome trigger`: puts a function behind a trigger of a pool, or takes it away, and leaves every other setting as it is.
//!
//! `UpdateUserPool` resets what a request leaves out, so that the one-line command for this costs a pool its password
//! policy, its MFA, its messages. This reads the pool, sends back all that it has with the one member changed, reads it
//! again and holds the two against each other.

mod change;
mod differences;
mod user_pool;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use serde_json::{Value, json};

use crate::api_client::{ApiClient, Signer};
use crate::arn::{Arn, Region};
use crate::exit::Exit;
use crate::problem::{Problem, Problems};
use crate::settings::{Environment, process_environment};
use crate::terminal::{Style, Terminal};

use change::Change;
use differences::Difference;
use user_pool::Snapshot;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome trigger attach --user-pool-id eu-west-1_NewPool01 \\
      --function-arn arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration --dry-run
      Shows what would change, and changes nothing.

  rehome trigger attach --user-pool-id eu-west-1_NewPool01 \\
      --function-arn arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration
      Users who are not in the pool are migrated from now on.

  rehome trigger detach --user-pool-id eu-west-1_NewPool01
      The way back: they are unknown again. Who has moved stays.

AWS is asked with the credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; for those of a
profile: eval \"$(aws configure export-credentials --format env)\". They need cognito-idp:DescribeUserPool,
GetUserPoolMfaConfig, UpdateUserPool and, for a pool with MFA, SetUserPoolMfaConfig on the pool, and iam:PassRole where
the pool sends SMS by a role.
A pool that CloudFormation, Terraform or the CDK has made should get its trigger there: see docs/guide.md.
Exit status: 0 the pool is as asked, 1 it is not, 2 an argument is wrong.";

/// What `rehome trigger` was told.
#[derive(Args, Debug)]
pub struct TriggerArguments {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with a trigger.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Put a function behind the pool's triggers
    Attach(Attach),
    /// Take the function away
    Detach(Detach),
}

/// `attach`.
#[derive(Args, Debug)]
pub struct Attach {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub of: Of,

    /// The function, with an alias or a version if you like
    #[arg(long, value_name = "ARN")]
    pub function_arn: String,

    /// Take the place of another function that is there
    #[arg(long)]
    pub replace: bool,
}

/// `detach`.
#[derive(Args, Debug)]
pub struct Detach {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub of: Of,

    /// Only if it is this function
    #[arg(long, value_name = "ARN")]
    pub function_arn: Option<String>,
}

/// What both take.
#[derive(Args, Debug)]
pub struct Of {
    /// The pool
    #[arg(long, value_name = "ID")]
    pub user_pool_id: String,

    /// Which trigger; may be repeated
    #[arg(long = "trigger", value_name = "TRIGGER", value_enum, default_values_t = [Trigger::UserMigration])]
    pub triggers: Vec<Trigger>,

    /// Server of the API [default: AWS in the pool's Region]
    #[arg(long, env = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", value_name = "URL", value_hint = ValueHint::Url)]
    pub endpoint_url: Option<String>,

    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// The triggers that the function knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Trigger {
    /// Migrate user: the function's main one
    UserMigration,
    /// Pre sign-up: nobody registers an address that lives in the old directory
    PreSignUp,
    /// Post authentication
    PostAuthentication,
    /// Pre token generation, event version 1
    PreTokenGeneration,
    /// Pre token generation, event version 2: access tokens too
    PreTokenGenerationV2,
}

/// Attaches or detaches.
///
/// # Errors
/// [`Problems`] with the arguments; what the pool's server refuses.
pub async fn run(arguments: TriggerArguments) -> anyhow::Result<Exit> {
    let (of, change) = match arguments.action {
        Action::Attach(attach) => {
            let function = function(&attach.function_arn).map_err(Problems)?;
            (
                attach.of,
                Change::Attach {
                    function,
                    replace: attach.replace,
                },
            )
        }
        Action::Detach(detach) => (
            detach.of,
            Change::Detach {
                only: detach.function_arn,
            },
        ),
    };
    let api = client(&of, &process_environment)?;
    let before = Snapshot::read(&api, &of.user_pool_id).await?;
    let request = before.request(&change.applied(&before.lambda_config(), &of.triggers)?)?;
    let planned = before.planned(&request);
    let mut report = Report {
        user_pool: format!("{} ({})", of.user_pool_id, before.name()),
        planned,
        kept: before.kept(&request),
        unplanned: Vec::new(),
        state: State::Unchanged,
    };
    if !report.planned.is_empty() {
        report.state = State::DryRun;
        if !of.dry_run {
            before.update(&api, request.clone()).await?;
            report.unplanned = before.verify(&api, &request).await?;
            report.state = State::Changed;
        }
    }
    report.print(of.json, &mut Terminal::stdout())?;
    Ok(if report.unplanned.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// The function's ARN, if it is one.
fn function(arn: &str) -> Result<String, Vec<Problem>> {
    let is_function =
        Arn::parse(arn).is_some_and(|arn| arn.service == "lambda" && arn.resource.starts_with("function:"));
    if is_function {
        return Ok(arn.to_owned());
    }
    Err(vec![Problem::new(
        "--function-arn",
        "write a function's ARN, like arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration",
    )])
}

/// A client of the pool's server, with the credentials of the environment.
fn client(of: &Of, environment: Environment<'_>) -> anyhow::Result<ApiClient> {
    let Some(region) = Region::of_user_pool(&of.user_pool_id) else {
        return Err(Problems::one("--user-pool-id", "write a pool's id, like eu-west-1_AbCdEf123").into());
    };
    let endpoint = of
        .endpoint_url
        .clone()
        .or_else(|| environment("AWS_ENDPOINT_URL"));
    let keys = environment("AWS_ACCESS_KEY_ID").zip(environment("AWS_SECRET_ACCESS_KEY"));
    let signer = match keys {
        Some((id, secret)) => {
            let token = environment("AWS_SESSION_TOKEN");
            let credentials = server::functions::Credentials::new(id, secret, token, None, "environment");
            Signer::Holder {
                credentials,
                region: region.clone(),
            }
        }
        // A server that wants better says so itself.
        None if endpoint.is_some() => Signer::Anybody,
        None => {
            let mend = "is missing, and AWS takes signed calls alone; set it and AWS_SECRET_ACCESS_KEY (and \
                        AWS_SESSION_TOKEN for those of a role), or name another server with --endpoint-url";
            return Err(Problems::one("AWS_ACCESS_KEY_ID", mend).into());
        }
    };
    ApiClient::signing(&endpoint.unwrap_or_else(|| region.endpoint()), signer)
}

/// What came of it.
struct Report {
    user_pool: String,
    planned: Vec<Difference>,
    kept: usize,
    unplanned: Vec<Difference>,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Unchanged,
    DryRun,
    Changed,
}

impl Report {
    fn print(&self, json: bool, terminal: &mut Terminal) -> std::io::Result<()> {
        if json {
            return terminal.line(&format!("{:#}", self.in_json()));
        }
        terminal.line(&terminal.styled(Style::Bold, &self.user_pool))?;
        for difference in &self.planned {
            terminal.line(&format!("  {difference}"))?;
        }
        let end = match self.state {
            State::Unchanged => "Nothing to change: the pool is so already.".to_owned(),
            State::DryRun => format!(
                "Nothing was changed (--dry-run). {} settings would stay.",
                self.kept
            ),
            State::Changed if self.unplanned.is_empty() => {
                format!(
                    "Changed, and read back: {} settings stand as they were.",
                    self.kept
                )
            }
            State::Changed => {
                terminal.line(&terminal.styled(
                    Style::Bad,
                    "Changed; but read back, something else is not as it was:",
                ))?;
                for difference in &self.unplanned {
                    terminal.line(&format!("  {difference}"))?;
                }
                "Set these by hand, or look who else changes this pool.".to_owned()
            }
        };
        terminal.line(&end)
    }

    fn in_json(&self) -> Value {
        let list = |differences: &[Difference]| -> Value {
            differences
                .iter()
                .map(Difference::in_json)
                .collect::<Vec<_>>()
                .into()
        };
        json!({
            "userPool": self.user_pool,
            "state": match self.state {
                State::Unchanged => "unchanged",
                State::DryRun => "dry_run",
                State::Changed => "changed",
            },
            "changed": list(&self.planned),
            "kept": self.kept,
            "notAsItWas": list(&self.unplanned),
        })
    }
}
