//! A form's fields. Some are passwords and codes, so none is ever printed and all are wiped when they go.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::http::query;

/// The fields of a form, in the order of the form.
pub(super) struct Form(Vec<(String, SecretString)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`; `None` when it is not text.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let fields = query::pairs(std::str::from_utf8(body).ok()?)?;
        let secret = |(name, value)| (name, SecretString::from(value));
        Some(Self(fields.into_iter().map(secret).collect()))
    }

    /// One that nobody has filled in.
    pub(super) fn empty() -> Self {
        Self(Vec::new())
    }

    /// The first field of this name, if it is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(other, _)| other == name);
        field
            .map(|(_, value)| value.expose_secret())
            .filter(|value| !value.is_empty())
    }

    /// The same, or nothing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// A code: people write them in groups, and keyboards add spaces.
    pub(super) fn code(&self, name: &str) -> String {
        self.text(name)
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect()
    }

    /// A name that somebody typed, without the space that keyboards add behind it.
    pub(super) fn name(&self, name: &str) -> &str {
        self.text(name).trim()
    }

    /// The fields like `prefix[name]`, by the name between the brackets.
    pub(super) fn within<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(name, value)| {
            let inner = name.strip_prefix(prefix)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((inner, value.expose_secret()))
        })
    }
}

/// Shows the names alone.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them_and_never_printed() {
        let form = Form::parse(
            b"username=+j%C3%B6rg+&password=p%26%3D+w&requiredAttributes%5Bemail%5D=a%40b.c&code=123+456&e=",
        )
        .unwrap();
        assert_eq!(form.name("username"), "j\u{f6}rg");
        assert_eq!(form.text("password"), "p&= w");
        assert_eq!(form.code("code"), "123456");
        assert_eq!(
            form.within("requiredAttributes").collect::<Vec<_>>(),
            [("email", "a@b.c")]
        );
        assert_eq!((form.get("e"), form.get("nothing")), (None, None));
        assert!(!format!("{form:?}").contains("p&= w"));
    }
}
