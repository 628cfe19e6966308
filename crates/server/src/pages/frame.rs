//! What all pages have in common, as the templates see it.

use super::look::Look;
use super::words::{Words, fill};

/// The frame around a page.
pub(super) struct Frame<'v> {
    /// The texts.
    pub(super) words: &'v Words,
    /// The language they are in.
    pub(super) language: &'v super::words::Language,
    /// The other languages, where a page can be shown anew in one.
    pub(super) languages: Vec<LanguageLink<'v>>,
    /// The company's own.
    pub(super) look: &'v Look,
    /// The path of the style.
    pub(super) style: &'static str,
    /// The paths of the scripts.
    pub(super) scripts: Vec<&'static str>,
    /// `_csrf`.
    pub(super) csrf: &'v str,
    /// The query of the request for authorization with its question mark, or nothing.
    pub(super) query: &'v str,
    /// The heading.
    pub(super) title: &'v str,
    /// What went wrong.
    pub(super) problem: Option<String>,
    /// What went well.
    pub(super) notice: Option<String>,
}

/// A way to another language.
pub(super) struct LanguageLink<'v> {
    /// Its tag.
    pub(super) tag: &'v str,
    /// Its name in itself.
    pub(super) name: &'v str,
    /// This page in it.
    pub(super) href: String,
    /// Whether it is the one that is shown.
    pub(super) is_current: bool,
}

impl Frame<'_> {
    /// The title of the tab: it says first that something went wrong, for those who hear it.
    pub(super) fn head_title(&self) -> String {
        match self.problem {
            Some(_) => fill(&self.words.problem_in_title, "title", self.title),
            None => self.title.to_owned(),
        }
    }

    /// Ties the first field to what went wrong, for those who hear it.
    pub(super) fn described_by(&self) -> askama::filters::Safe<&'static str> {
        askama::filters::Safe(match (&self.problem, &self.notice) {
            (Some(_), _) => r#" aria-describedby="problem""#,
            (None, Some(_)) => r#" aria-describedby="notice""#,
            (None, None) => "",
        })
    }

    /// Who is in the middle of signing in.
    pub(super) fn signing_in_as(&self, login: &str) -> String {
        fill(&self.words.signing_in_as, "login", login)
    }
}
