//! A sign-up under a name that still lives in the old directory would take it from the person who has it there.

use trigger::Attributes;
use trigger::pre_sign_up::{Request, Source};

use crate::directory::CouldNotAsk;
use crate::mapping::Mapping;
use crate::profile::Login;
use crate::standing::Standing;

/// What the guard says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody there has the name.
    Free,
    /// Somebody there has it.
    Taken,
    /// The old directory could not be asked.
    NotKnown,
    /// Somebody brings attributes that only a migration gives.
    Borrowed,
}

impl Verdict {
    /// The name: `errorType` of the Lambda error document, and in logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "Free",
            Self::Taken => "LivesInOldDirectory",
            Self::NotKnown => "CouldNotAsk",
            Self::Borrowed => "BorrowedAttributes",
        }
    }

    /// What the person sees, without the full stop that Cognito appends; nothing where the way is free.
    #[must_use]
    pub fn text(self) -> Option<&'static str> {
        match self {
            Self::Free => None,
            Self::Taken => Some("An account with this name already exists: sign in with it"),
            Self::NotKnown => Some("Try again later"),
            Self::Borrowed => Some("The attributes of an old account cannot be chosen"),
        }
    }
}

/// The names that the sign-up would take, each once: as typed, then the contacts that can sign in. None where nobody is to be
/// asked: an administrator and an identity provider know whom they bring, and a migration brings the very person.
#[must_use]
pub fn names(source: &Source, user_name: &str, request: &Request) -> Vec<Login> {
    if *source != Source::SignUp {
        return Vec::new();
    }
    let attribute = |name: &str| {
        request
            .user_attributes
            .as_ref()
            .and_then(|all: &Attributes| all.get(name))
    };
    let mut names: Vec<&str> = Vec::new();
    for name in [Some(user_name), attribute("email"), attribute("phone_number")]
        .into_iter()
        .flatten()
    {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(Login::new).collect()
}

/// Whether somebody who signs up says of themselves what only a migration may say: the old id and the old groups.
#[must_use]
pub fn borrows(source: &Source, request: &Request, mapping: &Mapping) -> bool {
    let kept = [&mapping.keep_sub_as, &mapping.keep_groups_as];
    let attributes = request.user_attributes.as_ref();
    *source == Source::SignUp
        && kept
            .into_iter()
            .flatten()
            .any(|name| attributes.is_some_and(|attributes| attributes.get(name).is_some()))
}

/// What an answer about one of the names comes to. Somebody who never confirmed the address has shown no right to it.
#[must_use]
pub fn verdict(answer: &Result<Standing, CouldNotAsk>) -> Verdict {
    match answer {
        Err(_) => Verdict::NotKnown,
        Ok(Standing::Unknown | Standing::Unconfirmed(_)) => Verdict::Free,
        Ok(_) => Verdict::Taken,
    }
}
