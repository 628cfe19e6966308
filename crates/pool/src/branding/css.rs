//! The style of the classic pages: rules for a closed list of classes, with plain values.
//!
//! Source: *Customizing hosted UI (classic) branding* for the selectors, and for at-rules and scripts, which values may not contain.
//! Chosen: properties are not held against the documentation's list class by class; a value may have the functions of colours, sums
//! and gradients alone, so that nothing is loaded and nothing reaches beyond its rule.

use crate::error::{Error, text};

/// What may have rules; the pages have these classes on their parts.
const SELECTORS: [&str; 18] = [
    ".background-customizable",
    ".banner-customizable",
    ".errorMessage-customizable",
    ".idpButton-customizable",
    ".idpButton-customizable:hover",
    ".idpDescription-customizable",
    ".inputField-customizable",
    ".inputField-customizable:focus",
    ".label-customizable",
    ".legalText-customizable",
    ".logo-customizable",
    ".passwordCheck-notValid-customizable",
    ".passwordCheck-valid-customizable",
    ".redirect-customizable",
    ".socialButton-customizable",
    ".submitButton-customizable",
    ".submitButton-customizable:hover",
    ".textDescription-customizable",
];

/// The functions that values may have.
const FUNCTIONS: [&str; 17] = [
    "calc",
    "clamp",
    "color-mix",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "linear-gradient",
    "max",
    "min",
    "oklab",
    "oklch",
    "radial-gradient",
    "repeating-linear-gradient",
    "rgb",
    "rgba",
];

/// Holds a style sheet against the rules.
///
/// # Errors
/// [`Error::InvalidParameter`] names what is not allowed.
pub(super) fn check(css: &str) -> Result<(), Error> {
    match flaw(css) {
        None => Ok(()),
        Some(what) => Err(Error::InvalidParameter(text::invalid_css(&what))),
    }
}

/// The first thing that is not allowed.
fn flaw(css: &str) -> Option<String> {
    let Some(bare) = without_comments(css) else {
        return Some("/*".to_owned());
    };
    let mut rest = bare.trim();
    while !rest.is_empty() {
        let Some((selectors, after)) = rest.split_once('{') else {
            return Some(rest.to_owned());
        };
        let Some((declarations, after)) = after.split_once('}') else {
            return Some(selectors.trim().to_owned());
        };
        let selector = selectors
            .split(',')
            .map(str::trim)
            .find(|one| !SELECTORS.contains(one));
        let declaration = || {
            declarations
                .split(';')
                .map(str::trim)
                .find(|one| !is_declaration(one))
        };
        if let Some(flaw) = selector.or_else(declaration) {
            return Some(flaw.to_owned());
        }
        rest = after.trim();
    }
    None
}

/// Each comment gives way to a space, as a browser reads it; `None` for one without an end. A string cannot hide a comment's
/// beginning: what such a string leaves behind has a quotation mark too few.
fn without_comments(css: &str) -> Option<String> {
    let mut bare = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        if !quotes_agree(before) {
            return None;
        }
        bare.push_str(before);
        bare.push(' ');
        rest = comment.split_once("*/")?.1;
    }
    bare.push_str(rest);
    Some(bare)
}

fn is_declaration(declaration: &str) -> bool {
    if declaration.is_empty() {
        return true;
    }
    let Some((property, value)) = declaration.split_once(':') else {
        return false;
    };
    let (property, value) = (property.trim_end(), value.trim());
    let is_name = property.starts_with(|letter: char| letter.is_ascii_lowercase())
        && property.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    is_name
        && !value.is_empty()
        && value.chars().all(is_plain)
        && quotes_agree(value)
        && functions_are_known(value)
}

/// No braces, semicolons, escapes or at-signs: a value ends where it seems to.
fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || letter.is_ascii_whitespace() || "#%.,()+-*/!_'\"".contains(letter)
}

/// Whether every string in a value ends in it, and on its line.
fn quotes_agree(value: &str) -> bool {
    let mut open = None;
    for letter in value.chars() {
        open = match (open, letter) {
            (None, '"' | '\'') => Some(letter),
            (Some(quote), _) if quote == letter => None,
            (Some(_), '\n' | '\r' | '\u{c}') => return false,
            (still, _) => still,
        };
    }
    open.is_none()
}

/// What stands before each parenthesis is the name of a known function, or nothing.
fn functions_are_known(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let mut pieces: Vec<&str> = value.split('(').collect();
    pieces.pop();
    pieces.into_iter().all(|before| {
        let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
        let name = before.trim_end_matches(is_of_name);
        let name = &before[name.len()..];
        name.is_empty() || FUNCTIONS.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_known_classes_with_plain_values_pass() {
        for css in [
            "",
            ".submitButton-customizable { background-color: #333; color: red; }",
            ".submitButton-customizable:hover,\n.label-customizable{font-weight:400}",
            "/* ours */ .logo-customizable { max-width: 60%; /* of { it } */ height: auto }\n/* end */",
            ".label-customizable { font-family: \"Open Sans\", 'ヒラギノ角ゴ', Arial; }",
            ".submitButton-customizable { background: linear-gradient(90deg, rgb(1 2 3 / 50%), #fff) !important }",
            ".inputField-customizable { width: calc((100% - 2px) * 1); margin: -1px; }",
        ] {
            assert_eq!(flaw(css), None, "{css}");
        }
    }

    #[test]
    fn every_selector_of_the_documentation_passes() {
        for selector in SELECTORS {
            assert_eq!(flaw(&format!("{selector} {{ color: red }}")), None);
        }
    }

    #[test]
    fn what_could_load_hide_or_reach_out_is_refused() {
        for css in [
            "body { color: red }",
            ".evil { color: red }",
            ".label-customizable:hover { color: red }",
            ".label-customizable input { color: red }",
            ".label-customizable { background: url(https://evil.example/x) }",
            ".label-customizable { background: URL ( x ); background: u\\72l(x) }",
            ".label-customizable { background: image-set(\"x\" 1x) }",
            ".label-customizable { background: -webkit-image-set(\"x\" 1x) }",
            ".label-customizable { width: expression(alert(1)) }",
            ".label-customizable { color: var(--x) }",
            ".label-customizable { --x: red }",
            "@import 'https://evil.example/x.css';",
            "@media print { .label-customizable { color: red } }",
            "@charset \"utf-7\";",
            ".label-customizable { color: red } </style><script>",
            ".label-customizable { color: \"red }",
            ".label-customizable { color: red",
            ".label-customizable { COLOR: red }",
            ".label-customizable { color }",
            ".label-customizable { color: \"/*\" } body { color: \"*/\" }",
            ".label-customizable { color: '\n'; }",
            ".label-customizable { a:hover { color: red } }",
            ".label-customizable { color: red /* }",
            "x",
        ] {
            assert!(flaw(css).is_some(), "{css}");
        }
    }
}
