//! Where the configuration is: in the variables alone, in a file, or in a text elsewhere.

use std::path::PathBuf;

use directory::aws::{Reference, Unreadable};
use migration::Deadline;
use secrecy::ExposeSecret as _;

use super::environment::Environment;
use super::problem::Problems;
use super::{RehomeToml, Settings, secrets};

/// Where the configuration is; `None` is the variables alone.
pub(crate) struct Source(Option<Reference>);

/// Why there are no settings.
#[derive(Debug)]
pub(crate) enum NotLoaded {
    /// Something is to be mended.
    Problems(Problems),
    /// It may be there in a moment.
    Unavailable(Unreadable),
}

impl Source {
    /// What `REHOME_CONFIG` names; else the `rehome.toml` beside the `bootstrap`, where there is one.
    pub(crate) fn of(environment: &Environment) -> Self {
        let beside = || {
            let path = PathBuf::from(environment.get("LAMBDA_TASK_ROOT")?).join("rehome.toml");
            path.is_file().then(|| Reference::file(path))
        };
        let named = environment
            .get("REHOME_CONFIG")
            .map(|text| Reference::parse_or_file(&text));
        Self(named.or_else(beside))
    }

    /// Whether it may change while the function runs.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|reference| reference.path().is_none())
    }

    pub(super) fn read_here(&self, environment: &Environment) -> Result<Settings, Problems> {
        let Some(reference) = &self.0 else {
            return Settings::check(RehomeToml::default(), environment);
        };
        let Some(path) = reference.path() else {
            let advice = format!("{reference} is no file, and only a file is read here");
            return Err(Problems::one("REHOME_CONFIG", advice));
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problems::one("REHOME_CONFIG", format!("{reference} cannot be read: {error}"))
        })?;
        Settings::parse(&text, environment)
    }

    pub(crate) async fn load(
        &self,
        environment: &Environment,
        deadline: Deadline,
    ) -> Result<Settings, NotLoaded> {
        let Some(reference) = self.0.as_ref().filter(|_| self.is_elsewhere()) else {
            return self.read_here(environment).map_err(NotLoaded::Problems);
        };
        let mut problems = Problems(Vec::new());
        secrets::check_reference("REHOME_CONFIG", reference, &mut problems);
        let region = environment.get("OLD_REGION");
        let texts = secrets::texts(environment, region, &mut problems).filter(|_| problems.0.is_empty());
        let Some(texts) = texts else {
            return Err(NotLoaded::Problems(problems));
        };
        match texts.read(reference, deadline).await {
            Ok(text) => Settings::parse(text.expose_secret(), environment).map_err(NotLoaded::Problems),
            Err(error) if error.is_mistake() => Err(NotLoaded::Problems(Problems::one(
                "REHOME_CONFIG",
                error.to_string(),
            ))),
            Err(error) => Err(NotLoaded::Unavailable(error)),
        }
    }
}
