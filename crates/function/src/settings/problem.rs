//! Mistakes in settings: told all at once, each with its key and what to write.

use std::fmt;

/// A mistake: the key, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A variable, or a key of the file like `from.client_id`.
    pub key: String,
    /// What is wrong and what to write instead.
    pub advice: String,
}

/// Every mistake at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub(crate) fn one(key: &str, advice: impl Into<String>) -> Self {
        Self(vec![Problem {
            key: key.to_owned(),
            advice: advice.into(),
        }])
    }

    pub(crate) fn add(&mut self, key: &str, advice: impl Into<String>) {
        self.0.push(Problem {
            key: key.to_owned(),
            advice: advice.into(),
        });
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", problem.key, problem.advice)?;
        }
        Ok(())
    }
}
