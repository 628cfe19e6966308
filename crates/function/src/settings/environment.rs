//! The environment, the one place of this crate that reads it.

use directory::cognito::Credentials;

/// A view of environment variables; empty ones count as absent.
pub struct Environment(Box<LookUp>);

type LookUp = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Environment {
    /// Of that look-up.
    pub fn new(look_up: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Box::new(look_up))
    }

    /// Of this process.
    #[must_use]
    pub fn of_the_process() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place of this crate that reads the environment"
        )]
        Self::new(|name| std::env::var(name).ok())
    }

    /// A variable that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn credentials(&self) -> Option<Credentials> {
        let secret_access_key = self.get("AWS_SECRET_ACCESS_KEY")?;
        Some(Credentials::new(
            self.get("AWS_ACCESS_KEY_ID")?,
            secret_access_key,
            self.get("AWS_SESSION_TOKEN"),
        ))
    }
}
