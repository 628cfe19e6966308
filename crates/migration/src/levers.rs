//! What a team moves while people migrate: who moves, whether anybody does, until when, and who never.
//!
//! | lever | at sign-in | at forgot password | asked? |
//! | --- | --- | --- | --- |
//! | stop | *try again later* | event unchanged | no |
//! | ended | refusal, the end's own text | as before, or event unchanged | no / as before |
//! | not in the cohort | refusal, neutral | event unchanged | no |
//! | tombstone | refusal, neutral | event unchanged | yes, so that it takes as long as for anybody |
//! | observe only | what would be a move is a refusal, neutral | event unchanged | yes |

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use ring::hmac;

use crate::decide::{Decision, Occasion};
use crate::digest::LoginSet;
use crate::profile::{Login, Profile, normalised};
use crate::refusal::Refusal;

/// The levers, as they stand.
#[derive(Clone, Debug, Default)]
pub struct Levers {
    /// Nobody moves, and the old directory is not asked.
    pub stop: bool,
    /// The old directory is asked and what would come of it is told, but nobody moves.
    pub observe_only: bool,
    /// When the migration is over.
    pub end: Option<End>,
    /// Who moves; by default everybody.
    pub cohort: Cohort,
    /// Who is never made again.
    pub tombstones: LoginSet,
}

/// The end of the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// From then on.
    pub at: SystemTime,
    /// What those are told who come with a password; [`Refusal::Ended`]'s text when absent.
    pub text: Option<Arc<str>>,
    /// What becomes of forgotten passwords.
    pub then: AfterEnd,
}

/// Forgotten passwords after the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterEnd {
    /// They move people as before: who is told to reset the password can.
    #[default]
    Reset,
    /// They move nobody.
    Nothing,
}

/// Who moves. App client and person must both be in it; what is not said leaves nobody out.
#[derive(Clone, Debug, Default)]
pub struct Cohort {
    /// Hundredths of a percent of all logins.
    pub share: Option<u32>,
    /// Another seed draws another share.
    pub seed: String,
    /// App clients of the new pool.
    pub clients: Option<BTreeSet<String>>,
    /// What stands behind the `@` of a login, in lower case.
    pub email_domains: Option<BTreeSet<String>>,
    /// Named people.
    pub logins: Option<LoginSet>,
}

/// Which lever decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lever {
    /// The kill switch.
    Stop,
    /// The end date.
    Ended,
    /// The cohort.
    Cohort,
    /// A tombstone.
    Tombstone,
    /// Observe only.
    ObserveOnly,
}

impl Lever {
    /// The name for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Ended => "ended",
            Self::Cohort => "cohort",
            Self::Tombstone => "tombstone",
            Self::ObserveOnly => "observe_only",
        }
    }
}

impl Levers {
    /// Whether nobody moves any more in any way, so that the old directory has no say over names.
    #[must_use]
    pub fn is_over(&self, now: SystemTime) -> bool {
        let ended = self.end.as_ref().filter(|end| end.at <= now);
        ended.is_some_and(|end| end.then == AfterEnd::Nothing)
    }

    /// What is decided before the old directory is asked. It says nothing of whether there is such a user.
    pub(crate) fn before_asking(
        &self,
        occasion: &Occasion,
        client: Option<&str>,
        now: SystemTime,
    ) -> Option<(Lever, Decision)> {
        let held = |lever, refusal| {
            let decision = match occasion {
                Occasion::SignIn(_) => Decision::Refuse(refusal),
                Occasion::ForgotPassword(_) => Decision::Unchanged,
            };
            Some((lever, decision))
        };
        let ended = self.end.as_ref().filter(|end| end.at <= now);
        let resets = ended.is_some_and(|end| end.then == AfterEnd::Reset)
            && matches!(occasion, Occasion::ForgotPassword(_));
        if self.stop {
            held(Lever::Stop, Refusal::Stopped)
        } else if ended.is_some() && !resets {
            held(Lever::Ended, Refusal::Ended)
        } else if !self.cohort.has(occasion.login(), client) {
            held(Lever::Cohort, Refusal::NotInCohort)
        } else {
            None
        }
    }

    /// One's own text for those who come with a password after the end.
    pub(crate) fn end_text(&self) -> Option<Arc<str>> {
        self.end.as_ref().and_then(|end| end.text.clone())
    }

    /// Whether nobody of these names is to be made again. All names count: who was deleted as `jane` does not come back
    /// by an e-mail address.
    pub(crate) fn buries(&self, login: &Login, profile: &Profile) -> bool {
        let names = ["sub", "email", "phone_number", "preferred_username"];
        let names = names.into_iter().filter_map(|name| profile.attributes.get(name));
        [login.as_str(), profile.username.as_str()]
            .into_iter()
            .chain(names)
            .any(|name| self.tombstones.has(name))
    }
}

impl Cohort {
    /// Whether somebody of that login, who comes by that app client, is in it.
    #[must_use]
    pub fn has(&self, login: &Login, client: Option<&str>) -> bool {
        let by_client = |clients: &BTreeSet<String>| client.is_some_and(|client| clients.contains(client));
        if !self.clients.as_ref().is_none_or(by_client) {
            return false;
        }
        let everybody = self.share.is_none() && self.email_domains.is_none() && self.logins.is_none();
        let by_domain = |domains: &BTreeSet<String>| {
            let login = normalised(login.as_str());
            login
                .rsplit_once('@')
                .is_some_and(|(_, domain)| domains.contains(domain))
        };
        everybody
            || self.share.is_some_and(|share| self.draws(login) < share)
            || self.email_domains.as_ref().is_some_and(by_domain)
            || self
                .logins
                .as_ref()
                .is_some_and(|logins| logins.has(login.as_str()))
    }

    /// Where a login stands among 10 000: the same in every process, so that a greater share holds a smaller one.
    fn draws(&self, login: &Login) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.seed.as_bytes());
        let digest = hmac::sign(&key, login.normalised().as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest.as_ref()[..8]);
        // Less than 10 000, whatever the digest.
        u32::try_from(u64::from_be_bytes(first) % 10_000).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> BTreeSet<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn share(share: u32) -> Cohort {
        Cohort {
            share: Some(share),
            seed: "pilot".to_owned(),
            ..Cohort::default()
        }
    }

    #[test]
    fn a_share_is_stable_grows_without_losing_anybody_and_is_about_as_large_as_it_says() {
        let logins: Vec<_> = (0..2000)
            .map(|n| Login::new(format!("user{n}@example.com")))
            .collect();
        let within = |hundredths: u32| -> Vec<usize> {
            let cohort = share(hundredths);
            (0..logins.len())
                .filter(|n| cohort.has(&logins[*n], None))
                .collect()
        };
        let (five, quarter) = (within(500), within(2500));
        assert!((60..140).contains(&five.len()), "{}", five.len());
        assert!((400..600).contains(&quarter.len()), "{}", quarter.len());
        assert!(five.iter().all(|n| quarter.contains(n)));
        assert_eq!(within(0).len(), 0);
        assert_eq!(within(10_000).len(), logins.len());
        let upper = Login::new(" USER7@example.com");
        assert_eq!(share(2500).has(&upper, None), quarter.contains(&7));
        let other = Cohort {
            seed: "second".to_owned(),
            ..share(2500)
        };
        assert!(
            logins
                .iter()
                .any(|login| other.has(login, None) != share(2500).has(login, None))
        );
    }

    #[test]
    fn a_cohort_is_an_app_client_and_a_person() {
        let cohort = Cohort {
            clients: Some(set(&["web"])),
            email_domains: Some(set(&["example.com"])),
            logins: LoginSet::parse(["jane"], None).ok(),
            ..Cohort::default()
        };
        let has = |login: &str, client| cohort.has(&Login::new(login), client);
        assert!(has("ann@Example.com", Some("web")) && has("Jane", Some("web")));
        assert!(!has("ann@example.com", Some("mobile")) && !has("ann@example.com", None));
        assert!(!has("ann@example.org", Some("web")) && !has("example.com", Some("web")));
        let by_client = Cohort {
            clients: Some(set(&["web"])),
            ..Cohort::default()
        };
        assert!(by_client.has(&Login::new("anybody"), Some("web")));
        assert!(Cohort::default().has(&Login::new("anybody"), None));
    }

    #[test]
    fn a_tombstone_holds_for_every_name_of_the_person() {
        let levers = Levers {
            tombstones: LoginSet::parse(["jane"], None).unwrap_or_default(),
            ..Levers::default()
        };
        let profile = |username: &str, email: &str| Profile {
            username: username.to_owned(),
            attributes: [("email", email)].into_iter().collect(),
            ..Profile::default()
        };
        let by_email = Login::new("jane@example.com");
        assert!(levers.buries(&by_email, &profile("jane", "jane@example.com")));
        assert!(!levers.buries(&by_email, &profile("0a1b", "jane@example.com")));
        let levers = Levers {
            tombstones: LoginSet::parse(["jane@example.com"], None).unwrap_or_default(),
            ..Levers::default()
        };
        assert!(levers.buries(&Login::new("jane"), &profile("jane", "Jane@example.com")));
    }
}
