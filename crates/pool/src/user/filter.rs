//! The filter of `ListUsers`: `attribute = "value"`, or `attribute ^= "value"` for values that begin so.
//!
//! Source: API reference, ListUsers. One condition; white space around the operator is free; a quote or backslash in the
//! value has a backslash before it. Texts of refusals are chosen.

use super::{Comparison, SearchKey};
use crate::error::{Error, text};
use crate::id::Case;
use crate::ports::UserFilter;

/// Reads a filter; an empty one is none.
///
/// # Errors
/// [`Error::InvalidParameter`] when it does not read as above or names an attribute that cannot be searched.
pub(super) fn parse(filter: &str, case: Case) -> Result<Option<UserFilter>, Error> {
    let filter = filter.trim();
    if filter.is_empty() {
        return Ok(None);
    }
    let malformed = || Error::invalid_parameter(text::FILTER_FORM);
    let name_end = filter
        .find(|c: char| c.is_whitespace() || matches!(c, '=' | '^' | '"'))
        .ok_or_else(malformed)?;
    let (name, rest) = filter.split_at(name_end);
    let rest = rest.trim_start();
    let (comparison, rest) = if let Some(rest) = rest.strip_prefix("^=") {
        (Comparison::StartsWith, rest)
    } else if let Some(rest) = rest.strip_prefix('=') {
        (Comparison::Equals, rest)
    } else {
        return Err(malformed());
    };
    let value = unquote(rest.trim_start()).ok_or_else(malformed)?;
    let key = SearchKey::ALL.into_iter().find(|key| key.as_str() == name);
    let key = key.ok_or_else(|| Error::InvalidParameter(text::not_searchable(name)))?;
    Ok(Some(UserFilter {
        key,
        value: key.normalise(&value, case),
        comparison,
    }))
}

/// The text between quotes; `None` unless the quotes are all there is.
fn unquote(quoted: &str) -> Option<String> {
    let mut characters = quoted.strip_prefix('"')?.chars();
    let mut value = String::with_capacity(quoted.len());
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
    characters.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(filter: &str) -> Option<UserFilter> {
        parse(filter, Case::Sensitive).unwrap()
    }

    fn filter(key: SearchKey, comparison: Comparison, value: &str) -> UserFilter {
        UserFilter {
            key,
            value: value.to_owned(),
            comparison,
        }
    }

    #[test]
    fn every_searchable_attribute_is_found() {
        for key in SearchKey::ALL {
            let found = read(&format!("{} = \"CONFIRMED\"", key.as_str())).unwrap();
            assert_eq!((found.key, found.comparison), (key, Comparison::Equals));
        }
    }

    #[test]
    fn white_space_around_the_operator_is_free() {
        let expected = filter(SearchKey::Email, Comparison::StartsWith, "a b");
        for text in ["email ^= \"a b\"", "email^=\"a b\"", "  email\t^=   \"a b\" "] {
            assert_eq!(read(text).as_ref(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn an_empty_filter_is_none() {
        assert_eq!(read(""), None);
        assert_eq!(read("  "), None);
    }

    #[test]
    fn quotes_inside_have_a_backslash() {
        let expected = filter(SearchKey::Name, Comparison::Equals, "say \"hi\" \\ = ^=");
        assert_eq!(read(r#"name = "say \"hi\" \\ = ^=""#), Some(expected));
    }

    #[test]
    fn the_pool_decides_on_case_where_people_type_names() {
        let read = |text: &str, case| parse(text, case).unwrap().unwrap().value;
        assert_eq!(read("email = \"A@b.c\"", Case::Insensitive), "a@b.c");
        assert_eq!(read("email = \"A@b.c\"", Case::Sensitive), "A@b.c");
        assert_eq!(
            read("cognito:user_status = \"confirmed\"", Case::Sensitive),
            "CONFIRMED"
        );
        assert_eq!(read("status = \"Enabled\"", Case::Insensitive), "Enabled");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "email",
            "email =",
            "email = a@b.c",
            "email = 'a@b.c'",
            "email = \"a",
            "email = \"a\" and name = \"b\"",
            "email ^ = \"a\"",
            "email != \"a\"",
            "email == \"a\"",
            "= \"a\"",
            "custom:tier = \"gold\"",
            "Email = \"a\"",
            "email = \"a\\\"",
        ] {
            let refused = parse(text, Case::Sensitive);
            assert!(matches!(refused, Err(Error::InvalidParameter(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_value_can_be_quoted(value: String) {
            let quoted = value.replace('\\', r"\\").replace('"', "\\\"");
            let found = read(&format!("name = \"{quoted}\""));
            prop_assert_eq!(found, Some(filter(SearchKey::Name, Comparison::Equals, &value)));
        }

        #[test]
        fn no_text_makes_it_fall_over(text: String) {
            let _ = parse(&text, Case::Insensitive);
        }
    }
}
