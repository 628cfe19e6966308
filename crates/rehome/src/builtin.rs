//! The migration function in this process, behind the server's port for builtin functions.

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use function::{Environment, Function, Invocation, Problems, Settings};
use server::functions::{Builtin, BuiltinFailure};
use server::traces::amazons_header;
use trigger::Payload;
use zeroize::Zeroizing;

use crate::problem::Problem;

/// The migration function, ready for events.
pub(crate) struct MigrationFunction(Function);

impl MigrationFunction {
    /// Takes the configuration of a functions file: what a `rehome.toml` has.
    ///
    /// # Errors
    /// When the configuration has problems, which [`MigrationFunction::check`] tells one by one.
    pub(crate) fn new(configuration: &toml::Table) -> anyhow::Result<Self> {
        let settings = settings(configuration)?;
        Function::new(settings)
            .map(Self)
            .map_err(|error| anyhow!(error))
            .context("the migration function cannot start")
    }

    /// What is wrong with a configuration.
    #[must_use]
    pub(crate) fn check(configuration: &toml::Table) -> Vec<Problem> {
        match settings(configuration) {
            Ok(_) => Vec::new(),
            Err(problems) => problems
                .0
                .into_iter()
                .map(|problem| Problem::new(problem.key, problem.advice))
                .collect(),
        }
    }
}

#[async_trait]
impl Builtin for MigrationFunction {
    async fn handle(&self, payload: Payload) -> Result<Payload, BuiltinFailure> {
        let invocation = Invocation {
            trace: amazons_header(),
            ..Invocation::default()
        };
        let answer = self.0.handle_as(&payload, &invocation).await;
        answer.map_err(|refusal| BuiltinFailure {
            error_type: refusal.error_type,
            error_message: refusal.error_message,
        })
    }
}

/// Of the environment only AWS credentials count: `OLD_USER_POOL_ID` and its like belong to a Lambda of its own, and a
/// server may have many functions.
fn settings(configuration: &toml::Table) -> Result<Settings, Problems> {
    let credentials = Environment::new(|name| {
        let wanted = matches!(
            name,
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN"
        );
        wanted
            .then(|| crate::settings::process_environment(name))
            .flatten()
    });
    let text = Zeroizing::new(configuration.to_string());
    Settings::parse(&text, &credentials)
}
