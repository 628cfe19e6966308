//! What became of a pools file: made, kept, different.

use std::fmt;

/// What became of the entries of a pools file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many entries of each kind were made, in the order of [`Kind::ALL`].
    pub(super) made: [usize; 3],
    /// How many were there already.
    pub(super) kept: [usize; 3],
    /// Which of those differ from the file.
    pub(super) differences: Vec<Difference>,
}

/// A kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A user pool.
    UserPool,
    /// An app client.
    AppClient,
    /// A user.
    User,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::UserPool, Self::AppClient, Self::User];

    fn name(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::UserPool, 1) => "user pool",
            (Self::UserPool, _) => "user pools",
            (Self::AppClient, 1) => "app client",
            (Self::AppClient, _) => "app clients",
            (Self::User, 1) => "user",
            (Self::User, _) => "users",
        }
    }
}

/// An entry that is there, but not as the file has it. It stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The entry's place in the file, like `user_pools[0].users[2]`.
    pub place: String,
    /// The keys whose values differ. Never values: they may be secret.
    pub keys: Vec<String>,
}

impl Report {
    /// How many entries of a kind were made.
    #[must_use]
    pub fn made(&self, kind: Kind) -> usize {
        self.made[kind as usize]
    }

    /// How many entries of a kind were there already.
    #[must_use]
    pub fn kept(&self, kind: Kind) -> usize {
        self.kept[kind as usize]
    }

    /// The entries that differ from what is there.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

impl fmt::Display for Report {
    /// `made 2 user pools, 3 users; kept 1 app client`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |counts: &[usize; 3]| {
            let parts: Vec<_> = Kind::ALL
                .into_iter()
                .filter(|&kind| counts[kind as usize] > 0)
                .map(|kind| format!("{} {}", counts[kind as usize], kind.name(counts[kind as usize])))
                .collect();
            if parts.is_empty() {
                "nothing".to_owned()
            } else {
                parts.join(", ")
            }
        };
        write!(f, "made {}; kept {}", told(&self.made), told(&self.kept))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} differs in {}", self.place, self.keys.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_in_words() {
        let report = Report {
            made: [2, 0, 1],
            kept: [0, 1, 0],
            differences: Vec::new(),
        };
        assert_eq!(report.to_string(), "made 2 user pools, 1 user; kept 1 app client");
        assert_eq!(Report::default().to_string(), "made nothing; kept nothing");
    }
}
