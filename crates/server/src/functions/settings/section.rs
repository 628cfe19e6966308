//! One table of the file, read key by key: what is wrong is noted and reading goes on.

use std::num::NonZeroUsize;
use std::time::Duration;

use super::Mistake;

/// A table of which every key is taken once; what is left over in the end is unknown.
pub(super) struct Section<'a> {
    key: String,
    table: toml::Table,
    known: Vec<&'static str>,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'a> Section<'a> {
    /// The table under `key`; the root's key is empty.
    pub(super) fn new(key: String, table: toml::Table, mistakes: &'a mut Vec<Mistake>) -> Self {
        Self {
            key,
            table,
            known: Vec::new(),
            mistakes,
        }
    }

    /// Whether the file has `key` here.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes a mistake at `key`, or at the table as a whole.
    pub(super) fn wrong(&mut self, key: Option<&str>, mend: &str) {
        let path = match key {
            Some(key) if self.key.is_empty() => key.to_owned(),
            Some(key) => format!("{}.{key}", self.key),
            None => self.key.clone(),
        };
        self.mistakes.push(Mistake {
            key: path,
            mend: mend.to_owned(),
        });
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            toml::Value::String(text) => Some(text),
            _ => self.refuse(key, "is not a text; put quotes around it"),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let texts = match self.take(key)? {
            toml::Value::Array(values) => values.into_iter().map(|value| match value {
                toml::Value::String(text) if !text.contains('\0') => Some(text),
                _ => None,
            }),
            _ => return self.refuse(key, "is not a list of texts; write [\"program\", \"argument\"]"),
        };
        let texts: Option<Vec<_>> = texts.collect();
        texts.or_else(|| self.refuse(key, "holds something that is no text; put quotes around each"))
    }

    /// A value of any kind, which somebody else holds against what it can be.
    pub(super) fn value(&mut self, key: &'static str) -> Option<toml::Value> {
        self.take(key)
    }

    /// A table.
    pub(super) fn table(&mut self, key: &'static str) -> Option<toml::Table> {
        match self.take(key)? {
            toml::Value::Table(table) => Some(table),
            _ => self.refuse(key, "is not a table; write { name = \"value\" }"),
        }
    }

    /// A whole number from 1 to `most`.
    pub(super) fn count(&mut self, key: &'static str, most: usize) -> Option<NonZeroUsize> {
        let value = self.take(key)?;
        let number = value.as_integer().and_then(|number| usize::try_from(number).ok());
        let number = number
            .filter(|number| *number <= most)
            .and_then(NonZeroUsize::new);
        number.or_else(|| self.refuse(key, &format!("write a whole number from 1 to {most}")))
    }

    /// A length of time from a millisecond to Lambda's fifteen minutes.
    pub(super) fn milliseconds(&mut self, key: &'static str) -> Option<Duration> {
        let value = self.take(key)?;
        let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| (1..=900_000).contains(number));
        let span = number.map(Duration::from_millis);
        span.or_else(|| self.refuse(key, "write a whole number of milliseconds from 1 to 900000"))
    }

    /// Notes every key that nobody has taken.
    pub(super) fn refuse_the_rest(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        let known = self
            .known
            .iter()
            .map(|key| format!("`{key}`"))
            .collect::<Vec<_>>()
            .join(", ");
        for key in unknown {
            self.wrong(
                Some(&key),
                &format!("is not a key of this table; it knows {known}"),
            );
        }
    }

    fn take(&mut self, key: &'static str) -> Option<toml::Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn refuse<T>(&mut self, key: &str, mend: &str) -> Option<T> {
        self.wrong(Some(key), mend);
        None
    }
}

/// `"a"`, or `"a" or "b"`.
pub(super) fn one_of(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(" or ")
}
