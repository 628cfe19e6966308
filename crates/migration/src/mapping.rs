//! Which attributes of the old profile become which attributes of the new user.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use trigger::Attributes;

use crate::profile::{Login, Profile};

/// `[attributes]` of `rehome.toml`. By default every standard attribute and every `custom:` attribute goes over as
/// it is; `sub`, `identities` and `cognito:*` never do, because Cognito would refuse the user; empty values are left out.
///
/// ```toml
/// [attributes]
/// rename = { "custom:plan" = "custom:tier" }
/// drop = ["zoneinfo"]
/// set = { "custom:origin" = "old-pool" }
/// keep_sub_as = "custom:old_sub"
/// keep_groups_as = "custom:old_groups"
/// username = "preferred_username"   # or "old_username"; for pools with aliases
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Old name to new name.
    pub rename: BTreeMap<String, String>,
    /// Old names that stay behind.
    pub drop: BTreeSet<String>,
    /// New names with a value for everybody.
    pub set: BTreeMap<String, String>,
    /// The custom attribute that takes the old `sub`.
    pub keep_sub_as: Option<String>,
    /// The custom attribute that takes the names of the old groups. The old directory is asked for them only where this is set.
    pub keep_groups_as: Option<String>,
    /// What becomes the new user's name in a pool whose logins are aliases.
    pub username: NewUsername,
}

/// The new user's name. Cognito takes one from the function only where the login is an alias.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewUsername {
    /// Cognito's choice: the login, or a new UUID where logins are user name attributes.
    #[default]
    None,
    /// The old `preferred_username`.
    PreferredUsername,
    /// The user's name in the old directory.
    OldUsername,
}

/// A mistake in a mapping: the key, and what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("attributes.{key}: {advice}")]
pub struct MappingProblem {
    /// The key inside `[attributes]`.
    pub key: String,
    /// What is wrong, and what to write instead.
    pub advice: String,
}

/// OpenID Connect's standard claims, as Cognito has them.
const STANDARD: [&str; 19] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];

/// A contact and the attribute that vouches for it.
const CONTACTS: [(&str, &str); 2] = [
    ("email", "email_verified"),
    ("phone_number", "phone_number_verified"),
];

impl Mapping {
    /// The attributes of the new user; `username` among them where the mapping and the login call for it.
    #[must_use]
    pub fn apply(&self, profile: &Profile, login: &Login) -> Attributes {
        let mut new = Attributes::new();
        for (name, value) in profile.attributes.iter().filter(|(_, value)| !value.is_empty()) {
            if let Some(target) = self.target(name) {
                new.insert(target, value);
            }
        }
        for (name, value) in &self.set {
            new.insert(name, value);
        }
        self.withdraw_borrowed_verification(&profile.attributes, &mut new);
        if let (Some(target), Some(sub)) = (&self.keep_sub_as, profile.attributes.get("sub")) {
            new.insert(target, sub);
        }
        if let Some(target) = &self.keep_groups_as {
            // What stood under this name in the old directory, anybody may have written.
            new.remove(target);
            if !profile.groups.is_empty() {
                new.insert(target, profile.groups.written());
            }
        }
        if let Some(username) = self
            .new_username(profile)
            .filter(|username| *username != login.as_str())
        {
            new.insert("username", username);
        }
        new
    }

    /// The new name of an old attribute; `None` for what stays behind.
    fn target<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        if self.drop.contains(name) {
            return None;
        }
        match self.rename.get(name) {
            Some(target) => Some(target),
            None if is_kept(name) => Some(name),
            None => None,
        }
    }

    /// The old directory vouched for a contact's old value. A contact that is another now, or gone, is not verified.
    fn withdraw_borrowed_verification(&self, old: &Attributes, new: &mut Attributes) {
        for (contact, verified) in CONTACTS {
            let said = self.rename.values().any(|target| target == verified);
            if !said && old.get(contact) != new.get(contact) {
                new.remove(verified);
            }
        }
    }

    fn new_username<'a>(&self, profile: &'a Profile) -> Option<&'a str> {
        let username = match self.username {
            NewUsername::None => return None,
            NewUsername::PreferredUsername => profile.attributes.get("preferred_username")?,
            NewUsername::OldUsername => profile.username.as_str(),
        };
        (!username.is_empty()).then_some(username)
    }

    /// Every mistake that would make each migration fail, or verify a contact out of thin air.
    #[must_use]
    pub fn problems(&self) -> Vec<MappingProblem> {
        let mut problems = Vec::new();
        let mut problem = |key: String, advice: String| problems.push(MappingProblem { key, advice });
        for (old, new) in &self.rename {
            if !is_kept(new) {
                problem(
                    format!("rename.\"{old}\""),
                    format!("\"{new}\" cannot be given; {WRITE_A_NAME}"),
                );
            }
            if self.drop.contains(old) {
                problem(
                    format!("rename.\"{old}\""),
                    format!("drop has \"{old}\" too; take it out of one of them"),
                );
            }
        }
        for name in self.set.keys() {
            if !is_kept(name) {
                problem(
                    format!("set.\"{name}\""),
                    format!("\"{name}\" cannot be given; {WRITE_A_NAME}"),
                );
            } else if CONTACTS.iter().any(|(_, verified)| verified == name) {
                let advice = "verification is carried over, never made up; take it out";
                problem(format!("set.\"{name}\""), advice.to_owned());
            }
        }
        let kept = [
            ("keep_sub_as", &self.keep_sub_as, "custom:old_sub"),
            ("keep_groups_as", &self.keep_groups_as, "custom:old_groups"),
        ];
        for (key, target, example) in kept {
            if let Some(target) = target.as_deref().filter(|target| !is_custom(target)) {
                let advice = format!("\"{target}\" is no custom attribute; write for example \"{example}\"");
                problem(key.to_owned(), advice);
            }
        }
        if self.keep_sub_as.is_some() && self.keep_sub_as == self.keep_groups_as {
            let advice = "keep_sub_as has the same attribute; write another";
            problem("keep_groups_as".to_owned(), advice.to_owned());
        }
        problems
    }
}

const WRITE_A_NAME: &str = "write a standard attribute or one that begins with \"custom:\"";

fn is_kept(name: &str) -> bool {
    STANDARD.contains(&name) || is_custom(name)
}

fn is_custom(name: &str) -> bool {
    name.strip_prefix("custom:").is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(attributes: &[(&str, &str)]) -> Profile {
        Profile {
            username: "jane".to_owned(),
            attributes: attributes.iter().copied().collect(),
            second_factor: None,
            ..Profile::default()
        }
    }

    fn mapped(mapping: &Mapping, attributes: &[(&str, &str)]) -> Vec<(String, String)> {
        mapping
            .apply(&profile(attributes), &Login::new("jane@example.com"))
            .into_iter()
            .collect()
    }

    fn pairs(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
        attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn text(pair: (&str, &str)) -> (String, String) {
        (pair.0.to_owned(), pair.1.to_owned())
    }

    #[test]
    fn standard_and_custom_attributes_go_over_and_pool_owned_ones_never_do() {
        let old = [
            ("custom:plan", "gold"),
            ("email", "jane@example.com"),
            ("email_verified", "false"),
            ("given_name", "Jane"),
            ("nickname", ""),
            ("cognito:user_status", "CONFIRMED"),
            ("identities", "[]"),
            ("sub", "0a"),
            ("dev:custom:x", "1"),
        ];
        assert_eq!(mapped(&Mapping::default(), &old), pairs(&old[..4]));
    }

    #[test]
    fn a_mapping_renames_drops_sets_and_keeps_the_old_sub() {
        let mapping = Mapping {
            rename: [text(("custom:plan", "custom:tier"))].into(),
            drop: ["zoneinfo".to_owned()].into(),
            set: [text(("custom:origin", "old"))].into(),
            keep_sub_as: Some("custom:old_sub".to_owned()),
            keep_groups_as: None,
            username: NewUsername::None,
        };
        let old = [("custom:plan", "gold"), ("zoneinfo", "UTC"), ("sub", "0a")];
        let new = [
            ("custom:old_sub", "0a"),
            ("custom:origin", "old"),
            ("custom:tier", "gold"),
        ];
        assert_eq!(mapped(&mapping, &old), pairs(&new));
        assert_eq!(mapping.problems(), []);
    }

    #[test]
    fn another_address_does_not_inherit_the_verification() {
        let mapping = Mapping {
            rename: [text(("custom:mail", "email"))].into(),
            ..Mapping::default()
        };
        let old = [("custom:mail", "new@example.com"), ("email_verified", "true")];
        assert_eq!(mapped(&mapping, &old), pairs(&[("email", "new@example.com")]));
        let mapping = Mapping {
            drop: ["phone_number".to_owned()].into(),
            ..Mapping::default()
        };
        assert_eq!(
            mapped(
                &mapping,
                &[("phone_number", "+15550100"), ("phone_number_verified", "true")]
            ),
            []
        );
    }

    #[test]
    fn a_user_name_is_given_only_where_the_login_is_another() {
        let mapping = Mapping {
            username: NewUsername::OldUsername,
            ..Mapping::default()
        };
        let profile = profile(&[("email", "jane@example.com")]);
        assert_eq!(
            mapping
                .apply(&profile, &Login::new("jane@example.com"))
                .get("username"),
            Some("jane")
        );
        assert_eq!(mapping.apply(&profile, &Login::new("jane")).get("username"), None);
        let mapping = Mapping {
            username: NewUsername::PreferredUsername,
            ..Mapping::default()
        };
        assert_eq!(
            mapping
                .apply(&profile, &Login::new("jane@example.com"))
                .get("username"),
            None
        );
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let mapping = Mapping {
            rename: [text(("custom:id", "sub")), text(("zoneinfo", "locale"))].into(),
            drop: ["zoneinfo".to_owned()].into(),
            set: [text(("email_verified", "true")), text(("cognito:groups", "x"))].into(),
            keep_sub_as: Some("old_sub".to_owned()),
            keep_groups_as: None,
            username: NewUsername::None,
        };
        let told: Vec<_> = mapping
            .problems()
            .into_iter()
            .map(|problem| problem.key)
            .collect();
        let keys = [
            "rename.\"custom:id\"",
            "rename.\"zoneinfo\"",
            "set.\"cognito:groups\"",
            "set.\"email_verified\"",
            "keep_sub_as",
        ];
        assert_eq!(told, keys);
    }
}
