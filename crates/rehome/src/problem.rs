//! What is wrong with settings: every problem by its key, all of them at once.

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {mend}")]
pub struct Problem {
    /// Where: a flag, a variable, or a file and the dotted key in it.
    pub key: String,
    /// What is wrong and what to write. Values that may be secret are never quoted.
    pub mend: String,
}

impl Problem {
    /// Says that `key` is wrong, and how to mend it.
    pub fn new(key: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            mend: mend.into(),
        }
    }
}

/// All that is wrong, one problem a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// One alone.
    pub fn one(key: impl Into<String>, mend: impl Into<String>) -> Self {
        Self(vec![Problem::new(key, mend)])
    }

    /// The value, if nothing was wrong.
    ///
    /// # Errors
    /// The problems that were found on the way.
    pub fn none_in<T>(problems: Vec<Problem>, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(Self(problems)),
        }
    }
}
