//! One table of a TOML file, read key by key: what is wrong is noted and reading goes on.

use std::ops::RangeInclusive;

use crate::problem::Problem;

/// A table of which every key is taken once; what is left over in the end is unknown.
pub(crate) struct Section<'a> {
    key: String,
    table: toml::Table,
    known: Vec<&'static str>,
    problems: &'a mut Vec<Problem>,
}

/// The whole of a file. `None` when it is no TOML; the problem then names the line alone, since the parser's own
/// display would quote it and a secret may stand in it.
pub(crate) fn parse(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<toml::Table> {
    match text.parse::<toml::Table>() {
        Ok(table) => Some(table),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            problems.push(Problem::new(
                format!("{file}: line {line}"),
                format!("is not TOML: {}", error.message()),
            ));
            None
        }
    }
}

impl<'a> Section<'a> {
    /// The table under `key`.
    pub(crate) fn new(key: String, table: toml::Table, problems: &'a mut Vec<Problem>) -> Self {
        Self {
            key,
            table,
            known: Vec::new(),
            problems,
        }
    }

    /// A table inside this one's file, with its own problems noted in the same list.
    pub(crate) fn inner(&mut self, key: &str, table: toml::Table) -> Section<'_> {
        Section::new(self.path(key), table, self.problems)
    }

    /// Notes that `key` is wrong.
    pub(crate) fn wrong(&mut self, key: &str, mend: impl Into<String>) {
        let path = self.path(key);
        self.problems.push(Problem::new(path, mend));
    }

    /// Notes that `key` is wrong; reading goes on without it.
    pub(crate) fn refuse<T>(&mut self, key: &str, mend: impl Into<String>) -> Option<T> {
        self.wrong(key, mend);
        None
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            toml::Value::String(text) => Some(text),
            _ => self.refuse(key, "is not a text; put quotes around it"),
        }
    }

    /// A text that has to be there.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<String> {
        if !self.table.contains_key(key) {
            self.known.push(key);
            return self.refuse(key, "is missing");
        }
        self.text(key)
    }

    /// A text of which `parse` makes something else; `mend` says what to write.
    pub(crate) fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        mend: &str,
    ) -> Option<T> {
        let text = self.text(key)?;
        parse(&text).or_else(|| self.refuse(key, mend))
    }

    /// One of a few words, read as the API's JSON has it.
    pub(crate) fn word<T: serde::de::DeserializeOwned>(
        &mut self,
        key: &'static str,
        words: &str,
    ) -> Option<T> {
        let text = self.text(key)?;
        read_word(&text).or_else(|| self.refuse(key, format!("write one of {words}")))
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let toml::Value::Array(values) = self.take(key)? else {
            return self.refuse(key, "is not a list; write [\"…\", \"…\"]");
        };
        let texts: Option<Vec<String>> = values
            .into_iter()
            .map(|value| match value {
                toml::Value::String(text) => Some(text),
                _ => None,
            })
            .collect();
        texts.or_else(|| self.refuse(key, "holds something that is no text; put quotes around each"))
    }

    /// True or false.
    pub(crate) fn switch(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key)? {
            toml::Value::Boolean(on) => Some(on),
            _ => self.refuse(key, "write true or false, without quotes"),
        }
    }

    /// A whole number in a range.
    pub(crate) fn count(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.take(key)?;
        let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
        let mend = format!("write a whole number from {} to {}", range.start(), range.end());
        number
            .filter(|number| range.contains(number))
            .or_else(|| self.refuse(key, mend))
    }

    /// A table.
    pub(crate) fn table(&mut self, key: &'static str) -> Option<toml::Table> {
        match self.take(key)? {
            toml::Value::Table(table) => Some(table),
            _ => self.refuse(key, "is not a table; write { name = \"value\" }"),
        }
    }

    /// A list of tables, `[[key]]`; empty when there is none.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<toml::Table> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let mend = format!("is not a list of tables; begin each with [[{key}]]");
        let toml::Value::Array(values) = value else {
            self.wrong(key, mend);
            return Vec::new();
        };
        let count = values.len();
        let tables: Vec<_> = values
            .into_iter()
            .filter_map(|value| match value {
                toml::Value::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        if tables.len() < count {
            self.wrong(key, mend);
        }
        tables
    }

    /// Any value, as it stands.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<toml::Value> {
        self.take(key)
    }

    /// Notes every key that nobody has taken.
    pub(crate) fn refuse_the_rest(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        let known = self
            .known
            .iter()
            .map(|key| format!("`{key}`"))
            .collect::<Vec<_>>()
            .join(", ");
        for key in unknown {
            self.wrong(&key, format!("is not a key of this table; it knows {known}"));
        }
    }

    fn take(&mut self, key: &'static str) -> Option<toml::Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn path(&self, key: &str) -> String {
        match (self.key.ends_with(": "), self.key.is_empty()) {
            (true, _) | (_, true) => format!("{}{key}", self.key),
            (false, false) => format!("{}.{key}", self.key),
        }
    }
}

/// Reads a word as the API's JSON would have it.
pub(crate) fn read_word<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str, read: impl FnOnce(&mut Section<'_>)) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(table) = parse("f.toml", text, &mut problems) {
            let mut section = Section::new("f.toml: ".to_owned(), table, &mut problems);
            read(&mut section);
            section.refuse_the_rest();
        }
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_names_its_key_and_its_mend() {
        let told = problems_of("a = 1\nb = \"x\"\nc = \"secret\"\nd = 70000", |section| {
            section.text("a");
            section.switch("b");
            section.count("d", 1..=99);
            section.required_text("e");
        });
        assert_eq!(
            told,
            [
                "f.toml: a: is not a text; put quotes around it",
                "f.toml: b: write true or false, without quotes",
                "f.toml: d: write a whole number from 1 to 99",
                "f.toml: e: is missing",
                "f.toml: c: is not a key of this table; it knows `a`, `b`, `d`, `e`",
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_told_by_its_line_and_never_quoted() {
        let told = problems_of("a = 1\npassword = canary", |_| {});
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("f.toml: line 2: is not TOML"), "{told:?}");
        assert!(!told[0].contains("canary"), "{told:?}");
    }
}
