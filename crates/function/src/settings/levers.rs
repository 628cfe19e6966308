//! `[levers]` as written, and as they stand once their lists are read.

use std::collections::BTreeSet;
use std::time::SystemTime;

use directory::aws::Reference;
use migration::{AfterEnd, Cohort, DigestKey, End, Levers, LoginSet};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::problem::Problems;
use super::secrets::check_reference;

/// The longest text that Cognito's pages and clients show in one piece.
const LONGEST_TEXT: usize = 200;

/// `[levers]`: the levers themselves, or where they are.
#[derive(Clone, Debug)]
pub(crate) enum LeversSettings {
    /// In the configuration.
    Written(Box<WrittenLevers>),
    /// In a text of their own, which is read again and again.
    From(Reference),
}

impl Default for LeversSettings {
    fn default() -> Self {
        Self::Written(Box::default())
    }
}

/// The levers, as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WrittenLevers {
    /// Where the others are; then none of them is here.
    from: Option<String>,
    stop: bool,
    observe_only: bool,
    end: Option<Moment>,
    end_text: Option<String>,
    after_end: After,
    percent: Option<f64>,
    percent_seed: String,
    clients: Option<BTreeSet<String>>,
    email_domains: Option<BTreeSet<String>>,
    logins: Option<Vec<String>>,
    logins_file: Option<String>,
    tombstones: Vec<String>,
    tombstones_file: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Toml(toml::value::Datetime),
    Text(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum After {
    #[default]
    Reset,
    Nothing,
}

impl LeversSettings {
    /// The section of a configuration, under the key `levers`.
    pub(super) fn check(mut table: toml::Table, problems: &mut Problems) -> Self {
        let Some(from) = table.remove("from") else {
            return read(table, "levers.", problems)
                .map_or_else(Self::default, |written| Self::Written(Box::new(written)));
        };
        for key in table.keys() {
            let advice = "is not read beside levers.from; write it there, or take levers.from out";
            problems.add(&format!("levers.{key}"), advice);
        }
        let Some(from) = from.as_str() else {
            problems.add(
                "levers.from",
                "is no text; write a file or a reference like \"ssm:/rehome/levers\"",
            );
            return Self::default();
        };
        let reference = Reference::parse_or_file(from);
        check_reference("levers.from", &reference, problems);
        Self::From(reference)
    }
}

/// Reads the keys of levers, and holds them against what can be.
pub(crate) fn read(table: toml::Table, prefix: &str, problems: &mut Problems) -> Option<WrittenLevers> {
    let written: WrittenLevers = match table.try_into() {
        Ok(written) => written,
        Err(error) => {
            let key = if prefix.is_empty() {
                "levers"
            } else {
                prefix.trim_end_matches('.')
            };
            problems.add(key, error.message());
            return None;
        }
    };
    written.check(prefix, problems);
    Some(written)
}

/// The texts of the lists that levers name.
#[derive(Default)]
pub(crate) struct Lists {
    pub(crate) logins: Option<String>,
    pub(crate) tombstones: Option<String>,
}

impl WrittenLevers {
    fn check(&self, prefix: &str, problems: &mut Problems) {
        let mut problem = |key: &str, advice: &str| problems.add(&format!("{prefix}{key}"), advice);
        if self.from.is_some() {
            problem("from", "is not read here; write the levers themselves");
        }
        if self
            .percent
            .is_some_and(|percent| !(0.0..=100.0).contains(&percent))
        {
            problem("percent", "must be from 0 to 100");
        }
        if self.end.as_ref().is_some_and(|end| end.at().is_none()) {
            problem(
                "end",
                "is no moment; write one with its offset, like 2027-03-31T15:00:00Z",
            );
        }
        let text = self.end_text.as_deref().unwrap_or("x");
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT || text.contains(char::is_control) {
            problem("end_text", "must be one line of 1 to 200 characters");
        }
        if self.end.is_none() && (self.end_text.is_some() || self.after_end != After::Reset) {
            problem(
                "end",
                "missing; write when it ends, or take end_text and after_end out",
            );
        }
        for (key, file) in [
            ("logins_file", &self.logins_file),
            ("tombstones_file", &self.tombstones_file),
        ] {
            if let Some(file) = file {
                let reference = Reference::parse_or_file(file);
                if !reference.names_something() {
                    problem(
                        key,
                        "names nothing; write a file, or like \"ssm:/rehome/tombstones\"",
                    );
                }
            }
        }
    }

    /// Where the lists are: of logins, and of tombstones.
    pub(crate) fn lists(&self) -> [Option<Reference>; 2] {
        [&self.logins_file, &self.tombstones_file].map(|file| file.as_deref().map(Reference::parse_or_file))
    }

    /// The levers as they stand, their lists being read.
    pub(crate) fn levers(&self, lists: &Lists, key: Option<&DigestKey>) -> Result<Levers, Problems> {
        let mut problems = Problems(Vec::new());
        let mut set = |name: &str, written: &[String], file: Option<&str>| {
            let mut all = LoginSet::default();
            let parts = [
                (
                    name.to_owned(),
                    LoginSet::parse(written.iter().map(String::as_str), key),
                ),
                (
                    format!("{name}_file"),
                    LoginSet::parse(file.unwrap_or_default().lines(), key),
                ),
            ];
            for (name, part) in parts {
                match part {
                    Ok(part) => all.extend(part),
                    Err(wrong) => {
                        for line in wrong {
                            problems.add(&format!("levers.{name}"), line.to_string());
                        }
                    }
                }
            }
            all
        };
        let tombstones = set("tombstones", &self.tombstones, lists.tombstones.as_deref());
        let logins = (self.logins.is_some() || self.logins_file.is_some()).then(|| {
            let written = self.logins.as_deref().unwrap_or_default();
            set("logins", written, lists.logins.as_deref())
        });
        if !problems.0.is_empty() {
            return Err(problems);
        }
        Ok(Levers {
            stop: self.stop,
            observe_only: self.observe_only,
            end: self.end(),
            cohort: Cohort {
                share: self.percent.map(hundredths),
                seed: self.percent_seed.clone(),
                clients: self.clients.clone(),
                email_domains: self.email_domains.as_ref().map(|domains| {
                    domains
                        .iter()
                        .map(|domain| domain.trim().trim_start_matches('@').to_lowercase())
                        .collect()
                }),
                logins,
            },
            tombstones,
        })
    }

    fn end(&self) -> Option<End> {
        // Cognito appends the full stop.
        let text = self
            .end_text
            .as_deref()
            .map(|text| text.trim().trim_end_matches('.'));
        Some(End {
            at: self.end.as_ref()?.at()?,
            text: text.map(Into::into),
            then: match self.after_end {
                After::Reset => AfterEnd::Reset,
                After::Nothing => AfterEnd::Nothing,
            },
        })
    }
}

impl Moment {
    fn at(&self) -> Option<SystemTime> {
        let text = match self {
            Self::Toml(moment) => moment.to_string(),
            Self::Text(text) => text.clone(),
        };
        OffsetDateTime::parse(&text, &Rfc3339).ok().map(SystemTime::from)
    }
}

/// From 0 to 100, as was checked.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a percentage in hundredths has five digits at most"
)]
fn hundredths(percent: f64) -> u32 {
    (percent * 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use migration::Login;

    use super::*;

    fn levers(toml: &str) -> Result<Levers, Problems> {
        let mut problems = Problems(Vec::new());
        let written = read(toml.parse().unwrap(), "levers.", &mut problems);
        match written {
            Some(written) if problems.0.is_empty() => written.levers(&Lists::default(), None),
            _ => Err(problems),
        }
    }

    fn keys(toml: &str) -> Vec<String> {
        let problems = levers(toml).unwrap_err();
        problems.0.into_iter().map(|problem| problem.key).collect()
    }

    #[test]
    fn levers_are_read_as_they_are_documented() {
        let levers = levers(
            r#"
            observe_only = true
            end = 2027-03-31T15:00:00+09:00
            end_text = "Please ask the help desk."
            after_end = "nothing"
            percent = 12.5
            percent_seed = "pilot"
            clients = ["web"]
            email_domains = ["@Example.com"]
            logins = ["jane"]
            tombstones = ["gone@example.com"]
            "#,
        )
        .unwrap();
        let end = levers.end.unwrap();
        assert_eq!(
            (end.at, end.text.as_deref(), end.then),
            (
                SystemTime::UNIX_EPOCH + Duration::from_hours(501_798),
                Some("Please ask the help desk"),
                AfterEnd::Nothing
            )
        );
        assert!(levers.observe_only && !levers.stop);
        assert_eq!(levers.cohort.share, Some(1250));
        assert!(levers.cohort.has(&Login::new("ann@example.com"), Some("web")));
        assert!(levers.tombstones.has("GONE@example.com"));
    }

    #[test]
    fn what_cannot_be_is_told_by_its_key() {
        assert_eq!(keys("percent = 101"), ["levers.percent"]);
        assert_eq!(keys("end = 2027-03-31T15:00:00"), ["levers.end"]);
        assert_eq!(keys("end_text = \"x\""), ["levers.end"]);
        assert_eq!(keys("stopp = true"), ["levers"]);
        assert_eq!(keys("tombstones = [\"hmac:00\"]"), ["levers.tombstones"]);
    }
}
