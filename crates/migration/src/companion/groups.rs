//! Old groups on their way: names in one custom attribute, parted by single spaces, behind a seal.
//!
//! A group's name has no space in it (`GroupNameType`: letters, marks, symbols, numbers, punctuation), but may have commas.

/// The most that a custom attribute of text holds, in characters, less the seal and a space.
const LONGEST: usize = 2048 - 65;

/// Names of groups, each once, in the order of the old directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedGroups(Vec<String>);

/// Why the groups cannot be carried; none is left out in silence, for a group may be what somebody is let in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotCarry {
    /// A name that is none of a group: empty, over 128 characters, or with a space in it.
    #[error("the name of a group has a space in it, is empty, or has over 128 characters")]
    Name,
    /// Together they are longer than an attribute.
    #[error("the names of the groups are longer than {LONGEST} characters together")]
    TooMany,
}

impl CarriedGroups {
    /// Of the names that the old directory gave.
    ///
    /// # Errors
    /// [`CannotCarry`] when one attribute does not hold them.
    pub fn of(names: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, CannotCarry> {
        let mut groups = Self::default();
        for name in names {
            let name = name.into();
            let is_one = (1..=128).contains(&name.chars().count()) && !name.contains(char::is_whitespace);
            if !is_one {
                return Err(CannotCarry::Name);
            }
            groups.add(name);
        }
        if groups.written().chars().count() > LONGEST {
            return Err(CannotCarry::TooMany);
        }
        Ok(groups)
    }

    /// Of names that are parted by spaces.
    #[must_use]
    pub fn read(value: &str) -> Self {
        let mut groups = Self::default();
        for name in value.split(' ').filter(|name| !name.is_empty()) {
            groups.add(name.to_owned());
        }
        groups
    }

    fn add(&mut self, name: String) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }

    /// The names, parted by spaces.
    #[must_use]
    pub fn written(&self) -> String {
        self.0.join(" ")
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let groups = CarriedGroups::of(["admins", "a,b", "管理者", "admins"]).unwrap();
        assert_eq!(groups.written(), "admins a,b 管理者");
        assert_eq!(CarriedGroups::read(&groups.written()), groups);
    }

    #[test]
    fn nobody_loses_a_group_in_silence() {
        assert_eq!(CarriedGroups::of(["two words"]), Err(CannotCarry::Name));
        assert_eq!(CarriedGroups::of([""]), Err(CannotCarry::Name));
        assert_eq!(CarriedGroups::of(["x".repeat(129)]), Err(CannotCarry::Name));
        let many = (0..300).map(|n| format!("group-{n:04}"));
        assert_eq!(CarriedGroups::of(many), Err(CannotCarry::TooMany));
    }

    #[test]
    fn an_attribute_that_is_empty_or_odd_has_no_empty_names() {
        assert!(CarriedGroups::read("").is_empty());
        assert_eq!(CarriedGroups::read("  a   b ").written(), "a b");
    }
}
