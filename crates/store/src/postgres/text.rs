//! Text that PostgreSQL can hold: it holds every character but U+0000.
//!
//! A null character is written U+0001 U+0001, and U+0001 itself U+0001 U+0002. Two texts so written are in the same order
//! as before, and one begins with the other exactly when it did before, so comparisons, listings and prefixes are what they
//! are on SQLite. Neither character is in a document: JSON escapes both.

use std::borrow::Cow;

const MARK: char = '\u{1}';
const NULL: char = '\u{1}';
const MARK_ITSELF: char = '\u{2}';

/// `text` as it is stored and asked for.
pub(super) fn to_stored(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte <= 1) {
        return Cow::Borrowed(text);
    }
    let mut stored = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\0' => stored.extend([MARK, NULL]),
            MARK => stored.extend([MARK, MARK_ITSELF]),
            other => stored.push(other),
        }
    }
    Cow::Owned(stored)
}

/// What a stored text stands for.
pub(super) fn from_stored(stored: &str) -> String {
    if !stored.contains(MARK) {
        return stored.to_owned();
    }
    let mut text = String::with_capacity(stored.len());
    let mut characters = stored.chars();
    while let Some(character) = characters.next() {
        if character != MARK {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some(NULL) => text.push('\0'),
            Some(MARK_ITSELF) | None => text.push(MARK),
            // Nobody but somebody else wrote this.
            Some(other) => text.extend([MARK, other]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_null_character_and_its_mark_are_escaped() {
        assert_eq!(to_stored("a\0b"), "a\u{1}\u{1}b");
        assert_eq!(to_stored("\u{1}"), "\u{1}\u{2}");
        assert!(matches!(to_stored("plain \u{2} 山"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_nobody_escaped_reads_as_it_is() {
        assert_eq!(from_stored("a\u{1}"), "a\u{1}");
        assert_eq!(from_stored("a\u{1}b"), "a\u{1}b");
    }

    fn text() -> impl Strategy<Value = String> {
        let characters = prop_oneof![Just('\0'), Just('\u{1}'), Just('\u{2}'), Just('a'), any::<char>()];
        proptest::collection::vec(characters, 0..6).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in text()) {
            let stored = to_stored(&text).into_owned();
            prop_assert!(!stored.contains('\0'));
            prop_assert_eq!(from_stored(&stored), text);
        }

        #[test]
        fn order_and_beginnings_stay(one in text(), other in text()) {
            let (stored, stored_other) = (to_stored(&one), to_stored(&other));
            prop_assert_eq!(one.cmp(&other), stored.cmp(&stored_other));
            prop_assert_eq!(one.starts_with(&other), stored.starts_with(&*stored_other));
        }
    }
}
