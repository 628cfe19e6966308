//! What the pages say, in each language: one text file a language, every file with the same keys and placeholders.
//!
//! English and Japanese are compiled in. A further language is one more file, `<tag>.toml`, in a directory that a setting names;
//! a file there of a language that is compiled in takes its place. A file that lacks a key or has one too many is refused at
//! start, so that nobody meets a page half in another language.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

/// Declares the texts. Templates name them as fields, so that a text that does not exist does not compile.
macro_rules! words {
    ($($key:ident,)+) => {
        /// The texts of one language.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Words {
            $(pub(super) $key: String,)+
        }

        impl Words {
            /// Each key with its text.
            fn entries(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($key), self.$key.as_str()),)+]
            }
        }
    };
}

words! {
    language_name,
    text_direction,
    languages,
    problem_in_title,
    sign_in_title,
    sign_in_button,
    username,
    username_or_email,
    username_or_phone,
    username_or_either,
    email_or_phone,
    password,
    show_password,
    hide_password,
    show_password_label,
    hide_password_label,
    forgot_password_link,
    sign_up_question,
    sign_up_link,
    other_ways,
    passkey_button,
    email_code_button,
    sms_code_button,
    signing_in_as,
    another_login,
    back_to_sign_in,
    continue_button,
    code_title,
    code,
    code_sent_by_email,
    code_sent_by_sms,
    code_of_app,
    code_of_named_app,
    choose_factor_title,
    choose_factor,
    factor_sms,
    factor_email,
    factor_app,
    set_up_title,
    set_up_why,
    set_up_step_scan,
    set_up_step_code,
    set_up_qr_alt,
    set_up_by_hand,
    set_up_secret,
    set_up_button,
    new_password_title,
    new_password_why,
    new_password,
    new_password_again,
    new_password_button,
    passwords_differ,
    rules_title,
    rule_length,
    rule_upper,
    rule_lower,
    rule_number,
    rule_symbol,
    sign_up_title,
    sign_up_button,
    sign_in_question,
    sign_in_link,
    confirm_title,
    confirm_button,
    resend_question,
    resend_button,
    not_confirmed_yet,
    confirmed,
    confirmed_title,
    confirmed_by_link,
    created,
    created_without_code,
    forgot_title,
    forgot_why,
    forgot_why_email,
    forgot_why_email_or_phone,
    forgot_why_phone,
    forgot_button,
    reset_title,
    reset_due,
    reset_button,
    reset_done,
    passkey_title,
    passkey_wait,
    passkey_again,
    passkey_with_password,
    passkey_without_script,
    passkey_failed,
    way_not_possible,
    passkey_refused,
    add_passkey_title,
    add_passkey_why,
    add_passkey_button,
    add_passkey_later,
    signed_out_title,
    signed_out,
    error_title,
    error_page,
    error_go_back,
    error_code,
    error_inside_title,
    error_inside,
    error_request,
    error_expired_form_title,
    error_expired_form,
    incorrect,
    user_unknown,
    user_disabled,
    attempts_exceeded,
    temporary_password_expired,
    session_over,
    use_reset,
    refused_by_function,
    confirm_elsewhere,
    try_again_later,
    too_many_attempts,
    wrong_code,
    used_code,
    expired_code,
    password_refused,
    password_in_history,
    user_exists,
    alias_exists,
    reset_not_possible,
    no_verified_contact,
    sign_up_not_permitted,
    delivery_failed,
    no_phone_for_code,
    invalid_email,
    invalid_phone,
    invalid_input,
    missing_input,
    attribute_address,
    attribute_birthdate,
    attribute_email,
    attribute_family_name,
    attribute_gender,
    attribute_given_name,
    attribute_locale,
    attribute_middle_name,
    attribute_name,
    attribute_nickname,
    attribute_phone_number,
    attribute_picture,
    attribute_preferred_username,
    attribute_profile,
    attribute_updated_at,
    attribute_website,
    attribute_zoneinfo,
}

/// A language of the pages.
#[derive(Clone, Debug)]
pub(super) struct Language {
    /// Its tag (BCP 47), like `ja` or `pt-BR`.
    pub(super) tag: String,
    /// Its texts.
    pub(super) words: Words,
}

/// What is wrong with a file of texts.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// The file's name is not a language's tag.
    #[error("{0:?} is no language tag: name the file like ja.toml or pt-BR.toml")]
    Tag(String),
    /// It is not TOML, lacks a key or has one too many.
    #[error("{tag}: {reason}")]
    Keys {
        /// The language.
        tag: String,
        /// What the parser says.
        reason: String,
    },
    /// A text has other placeholders than the English one.
    #[error("{tag}: {key} must have the placeholders of the English text: {wanted}")]
    Placeholders {
        /// The language.
        tag: String,
        /// The text.
        key: &'static str,
        /// What it must have.
        wanted: String,
    },
}

/// The languages of the pages: English first, so that there is one.
#[derive(Clone, Debug)]
pub struct Languages {
    all: Vec<Arc<Language>>,
    /// Which one stands in for those that are not there.
    first: Arc<Language>,
}

const ENGLISH: (&str, &str) = ("en", include_str!("words/en.toml"));
const OTHERS: [(&str, &str); 1] = [("ja", include_str!("words/ja.toml"))];

impl Languages {
    /// Those that are compiled in.
    ///
    /// # Errors
    /// None that a release has: a test reads the files.
    pub fn compiled_in() -> Result<Self, WordsError> {
        let first = Arc::new(read(ENGLISH.0, ENGLISH.1)?);
        let mut languages = Self {
            all: vec![Arc::clone(&first)],
            first,
        };
        for (tag, text) in OTHERS {
            languages.add(tag, text)?;
        }
        Ok(languages)
    }

    /// Adds a language, or replaces the one of this tag.
    ///
    /// # Errors
    /// [`WordsError`]: the tag is none, or the text lacks keys or placeholders, or has too many.
    pub fn add(&mut self, tag: &str, text: &str) -> Result<(), WordsError> {
        let language = Arc::new(read(tag, text)?);
        check_placeholders(tag, &language.words, &self.first.words)?;
        let same = |known: &Language| known.tag.eq_ignore_ascii_case(tag);
        if same(&self.first) {
            self.first = Arc::clone(&language);
        }
        match self.all.iter_mut().find(|known| same(known)) {
            Some(known) => *known = language,
            None => self.all.push(language),
        }
        Ok(())
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Arc<Language>] {
        &self.all
    }

    /// The one for those who wish for none of them.
    pub(super) fn first(&self) -> &Language {
        &self.first
    }
}

fn read(tag: &str, text: &str) -> Result<Language, WordsError> {
    let is_tag = (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if !is_tag {
        return Err(WordsError::Tag(tag.to_owned()));
    }
    let words = toml::from_str(text).map_err(|error| WordsError::Keys {
        tag: tag.to_owned(),
        reason: error.message().to_owned(),
    })?;
    Ok(Language {
        tag: tag.to_owned(),
        words,
    })
}

fn check_placeholders(tag: &str, words: &Words, english: &Words) -> Result<(), WordsError> {
    for ((key, text), (_, wanted)) in words.entries().into_iter().zip(english.entries()) {
        let wanted = placeholders(wanted);
        if placeholders(text) != wanted {
            return Err(WordsError::Placeholders {
                tag: tag.to_owned(),
                key,
                wanted: wanted.into_iter().collect::<Vec<_>>().join(", "),
            });
        }
    }
    Ok(())
}

/// The `{names}` in a text.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// A text with its placeholder filled. What is filled in is plain text still: the template escapes the whole.
pub(super) fn fill(text: &str, placeholder: &str, value: &str) -> String {
    let mut filled = String::with_capacity(text.len() + value.len());
    let mut rest = text;
    let mark = format!("{{{placeholder}}}");
    // Step by step, so that what is filled in is never looked at again.
    while let Some((before, after)) = rest.split_once(mark.as_str()) {
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_is_compiled_in_has_the_same_keys_and_placeholders() {
        let languages = Languages::compiled_in().unwrap();
        assert_eq!(languages.all().len(), OTHERS.len() + 1);
        for language in languages.all() {
            for (key, text) in language.words.entries() {
                assert!(!text.trim().is_empty(), "{}: {key}", language.tag);
            }
        }
    }

    #[test]
    fn a_language_with_a_key_too_few_or_too_many_is_refused() {
        let mut languages = Languages::compiled_in().unwrap();
        let german = ENGLISH
            .1
            .replace("language_name = \"English\"", "language_name = \"Deutsch\"");
        languages.add("de", &german).unwrap();
        assert_eq!(languages.all().last().unwrap().words.language_name, "Deutsch");
        let short = german.replace("sign_in_title", "sign_in_tilte");
        assert!(matches!(
            languages.add("de", &short),
            Err(WordsError::Keys { .. })
        ));
        let without = german.replace("{destination}", "you");
        assert!(matches!(
            languages.add("de", &without),
            Err(WordsError::Placeholders { .. })
        ));
        assert!(matches!(
            languages.add("../etc", &german),
            Err(WordsError::Tag(_))
        ));
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("a {x} b {x}", "x", "{x}"), "a {x} b {x}");
        assert_eq!(fill("{login}!", "login", "ann"), "ann!");
    }
}
