//! Secrets of the settings: written there, in a file, or referred to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use directory::Secret;
use directory::aws::{Endpoints, Reference, Texts};

use super::environment::Environment;
use super::problem::Problems;

/// Where the texts are that settings refer to; the client is made when there is the first.
pub(super) struct Secrets<'a> {
    pub(super) environment: &'a Environment,
    /// Where the old directory is: the Region, unless the environment names one.
    pub(super) region: Option<String>,
    pub(super) lifetime: Duration,
    pub(super) texts: Option<Arc<Texts>>,
}

/// A secret as written.
pub(super) struct Written<'a> {
    pub(super) key: &'a str,
    pub(super) text: Option<&'a str>,
    pub(super) file: Option<&'a str>,
}

impl Secrets<'_> {
    /// A secret that is written, referred to, or in a file.
    pub(super) fn secret(&mut self, written: &Written<'_>, problems: &mut Problems) -> Option<Secret> {
        let file_key = format!("{}_file", written.key);
        let name = written.key.rsplit('.').next().unwrap_or_default();
        match (written.text, written.file) {
            (Some(_), Some(_)) => {
                problems.add(&file_key, format!("{name} is there too; write one of them"));
                None
            }
            (Some(text), None) => match Reference::parse(text) {
                Some(reference) => self.referred(written.key, reference, problems),
                None => Some(Secret::new(text)),
            },
            (None, Some(path)) => match std::fs::read_to_string(Path::new(path)) {
                Ok(secret) => Some(Secret::new(secret.trim_end())),
                Err(error) => {
                    problems.add(&file_key, format!("{path} cannot be read: {error}"));
                    None
                }
            },
            (None, None) => None,
        }
    }

    fn referred(&mut self, key: &str, reference: Reference, problems: &mut Problems) -> Option<Secret> {
        if !check_reference(key, &reference, problems) {
            return None;
        }
        let texts = self.texts(problems)?;
        Some(Secret::referred(texts, reference, self.lifetime))
    }

    /// What reads texts.
    pub(super) fn texts(&mut self, problems: &mut Problems) -> Option<Arc<Texts>> {
        if self.texts.is_none() {
            self.texts = texts(self.environment, self.region.clone(), problems).map(Arc::new);
        }
        self.texts.clone()
    }
}

pub(super) fn check_reference(key: &str, reference: &Reference, problems: &mut Problems) -> bool {
    if !reference.names_something() {
        let advice = "names nothing; write like \"ssm:/rehome/name\" or \"secretsmanager:rehome/name#key\"";
        problems.add(key, advice);
    }
    reference.names_something()
}

/// What reads texts, in the Region of the environment, else in that.
pub(super) fn texts(
    environment: &Environment,
    region: Option<String>,
    problems: &mut Problems,
) -> Option<Texts> {
    let mut endpoint = |name: &str| {
        let endpoint = environment
            .get(name)
            .or_else(|| environment.get("AWS_ENDPOINT_URL"));
        super::from::check_endpoint(name, endpoint.as_deref(), problems);
        endpoint
    };
    let endpoints = Endpoints {
        ssm: endpoint("AWS_ENDPOINT_URL_SSM"),
        secrets_manager: endpoint("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
    };
    let region = environment
        .get("AWS_REGION")
        .or_else(|| environment.get("AWS_DEFAULT_REGION"))
        .or(region);
    match Texts::new(region, environment.credentials(), endpoints) {
        Ok(texts) => Some(texts),
        Err(error) => {
            problems.add("TLS", format!("cannot be set up: {error}"));
            None
        }
    }
}
