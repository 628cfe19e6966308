//! How a page asks for the name that signs somebody in: what it is called depends on the pool.

use pool::user_pool::{SignInNames, UserPool};

use super::words::Words;

/// The field.
pub(super) struct LoginName<'w> {
    pub(super) label: &'w str,
    /// The input's type: a keyboard with an `@` where only addresses sign in.
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
}

impl<'w> LoginName<'w> {
    /// What somebody may type to sign in.
    pub(super) fn at_sign_in(words: &'w Words, pool: &UserPool) -> Self {
        let (label, kind) = match &pool.sign_in_names {
            SignInNames::Username => (&words.username, "text"),
            SignInNames::Aliases(names) => {
                let label = match (has(names, "email"), has(names, "phone_number")) {
                    (true, true) => &words.username_or_either,
                    (true, false) => &words.username_or_email,
                    (false, true) => &words.username_or_phone,
                    (false, false) => &words.username,
                };
                (label, "text")
            }
            SignInNames::UsernameAttributes(names) => attribute(words, names),
        };
        Self {
            label,
            kind,
            autocomplete: "username",
        }
    }

    /// What somebody chooses at sign-up.
    pub(super) fn at_sign_up(words: &'w Words, pool: &UserPool) -> Self {
        let (label, kind) = match &pool.sign_in_names {
            SignInNames::UsernameAttributes(names) => attribute(words, names),
            SignInNames::Username | SignInNames::Aliases(_) => (&words.username, "text"),
        };
        Self {
            label,
            kind,
            autocomplete: "username",
        }
    }
}

fn attribute<'w>(words: &'w Words, names: &[String]) -> (&'w String, &'static str) {
    match (has(names, "email"), has(names, "phone_number")) {
        (true, true) => (&words.email_or_phone, "text"),
        (true, false) => (&words.attribute_email, "email"),
        (false, _) => (&words.attribute_phone_number, "tel"),
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|own| own == name)
}
