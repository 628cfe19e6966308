//! Names and ids. Each is made by `parse`, which has checked its form; the API's length and character checks
//! come before, from the model.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ports::Entropy;

/// Makes a string newtype with the usual doors.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text of it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// `<region>_<nine letters and digits>`, like `us-east-1_AbCdEf123`.
    UserPoolId
}

impl UserPoolId {
    /// Reads an id; `None` when it has no region or no name of letters and digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (region, name) = text.rsplit_once('_')?;
        let region_ok = !region.is_empty()
            && region
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let name_ok = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        (region_ok && name_ok && text.len() <= 55).then(|| Self(text.to_owned()))
    }

    /// A new id in `region`.
    #[must_use]
    pub fn generate(region: &str, entropy: &dyn Entropy) -> Self {
        const LETTERS_AND_DIGITS: &[u8; 62] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        Self(format!("{region}_{}", entropy.text_of(LETTERS_AND_DIGITS, 9)))
    }

    /// What stands before the underscore.
    #[must_use]
    pub fn region(&self) -> &str {
        self.0.rsplit_once('_').map_or("", |(region, _)| region)
    }

    /// The pool's ARN in `account`.
    #[must_use]
    pub fn arn(&self, account: &str) -> String {
        format!("arn:aws:cognito-idp:{}:{account}:userpool/{self}", self.region())
    }
}

id! {
    /// An app client's id: 26 lower-case letters and digits when made here; any word when given.
    AppClientId
}

impl AppClientId {
    /// Reads an id: 1 to 128 letters, digits, `_` or `+`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let ok = (1..=128).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+'));
        ok.then(|| Self(text.to_owned()))
    }

    /// A new id.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(entropy.alphanumeric(26))
    }
}

id! {
    /// The unchangeable id of a user: lower-case UUID text. Only its look is a UUID's; never parse it as one.
    Sub
}

impl Sub {
    /// Reads a `sub` that this software has written before, or that a settings file gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let ok = text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        ok.then(|| Self(text.to_ascii_lowercase()))
    }

    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(entropy.sub())
    }
}

id! {
    /// A user's name in the pool, as stored: what `AdminGetUser` calls `Username`. Not always what people type.
    Username
}

impl Username {
    /// Reads a name: 1 to 128 characters without white space or control characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let length = text.chars().count();
        let ok = (1..=128).contains(&length) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        ok.then(|| Self(text.to_owned()))
    }
}

id! {
    /// The id of a group: random, and never shown. A membership is of the group, not of its name, so a group made anew
    /// under an old name inherits nobody.
    GroupId
}

impl GroupId {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(entropy.uuid())
    }
}

id! {
    /// A group's name, unique in its pool.
    GroupName
}

impl GroupName {
    /// Reads a name: 1 to 128 characters without white space or control characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Username::parse(text).map(|name| Self(name.0))
    }
}

id! {
    /// The key of a device, like `us-east-1_<UUID>`.
    DeviceKey
}

impl DeviceKey {
    /// Reads a key: 1 to 55 letters, digits, `-` and `_`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let sound = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let ok = (1..=55).contains(&text.len()) && text.bytes().all(sound);
        ok.then(|| Self(text.to_owned()))
    }

    /// A new key in `region`.
    #[must_use]
    pub fn generate(region: &str, entropy: &dyn Entropy) -> Self {
        Self(format!("{region}_{}", entropy.uuid()))
    }
}

impl From<Sub> for Username {
    fn from(sub: Sub) -> Self {
        Self(sub.0)
    }
}

id! {
    /// A name that signs a user in, in the form in which names are compared: folded to lower case where the
    /// pool ignores case. Unique in a pool, be it a user name or an active alias.
    LoginKey
}

/// Whether two names that differ only in case are two names. Fixed when a pool is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Case {
    /// They are two.
    Sensitive,
    /// They are one.
    Insensitive,
}

impl Case {
    /// The form of `text` that is compared.
    #[must_use]
    pub fn fold(self, text: &str) -> String {
        match self {
            Self::Sensitive => text.to_owned(),
            Self::Insensitive => text.to_lowercase(),
        }
    }

    /// The key under which `login` is looked up.
    #[must_use]
    pub fn login_key(self, login: &str) -> LoginKey {
        LoginKey(self.fold(login))
    }
}
