//! In which language a page is shown: as the request asks (`lang`), as it was asked for before (a cookie), as the browser
//! prefers (`Accept-Language`), else in the first.

use super::words::{Language, Languages};

/// The cookie that keeps a choice.
pub(super) const COOKIE: &str = "lang";

/// What a request says about languages.
pub(super) struct Wishes<'a> {
    /// The `lang` parameter, as in the real service's `/oauth2/authorize`.
    pub(super) parameter: Option<&'a str>,
    /// The cookie.
    pub(super) cookie: Option<&'a str>,
    /// `Accept-Language`.
    pub(super) header: Option<&'a str>,
}

/// The language for a request.
pub(super) fn choose<'l>(languages: &'l Languages, wishes: &Wishes<'_>) -> &'l Language {
    let asked = wishes.parameter.into_iter().chain(wishes.cookie);
    let mut wanted = asked
        .map(str::to_owned)
        .chain(preferred(wishes.header.unwrap_or_default()));
    wanted
        .find_map(|tag| find(languages, &tag))
        .unwrap_or_else(|| languages.first())
}

/// The language of a tag: that very one, or one that differs in what follows the first part (`ja-JP` is served by `ja`, `zh`
/// by `zh-CN`).
pub(super) fn find<'l>(languages: &'l Languages, tag: &str) -> Option<&'l Language> {
    let primary = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let all = languages.all();
    let this = all.iter().find(|language| language.tag.eq_ignore_ascii_case(tag));
    let alike = || all.iter().find(|language| primary(&language.tag) == primary(tag));
    this.or_else(alike).map(|language| &**language)
}

/// The tags of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4). Of a long header the first are read.
fn preferred(header: &str) -> Vec<String> {
    let mut tags: Vec<(u16, &str)> = header
        .split(',')
        .take(20)
        .filter_map(|entry| {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = parameters.trim().strip_prefix("q=").unwrap_or("1");
            let thousandths = thousandths(weight.trim())?;
            (thousandths > 0 && tag.trim() != "*").then_some((thousandths, tag.trim()))
        })
        .collect();
    tags.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    tags.into_iter().map(|(_, tag)| tag.to_owned()).collect()
}

/// A weight of at most three decimals, in thousandths.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if !matches!(whole, "0" | "1") || decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u16 = whole.parse().ok()?;
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    Some((whole * 1000 + decimals).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(parameter: Option<&str>, cookie: Option<&str>, header: Option<&str>) -> String {
        let languages = Languages::compiled_in().unwrap();
        let wishes = Wishes {
            parameter,
            cookie,
            header,
        };
        choose(&languages, &wishes).tag.clone()
    }

    #[test]
    fn the_parameter_comes_before_the_cookie_and_the_cookie_before_the_header() {
        assert_eq!(chosen(Some("ja"), Some("en"), Some("en")), "ja");
        assert_eq!(chosen(None, Some("ja"), Some("en")), "ja");
        assert_eq!(chosen(None, None, Some("ja")), "ja");
        assert_eq!(chosen(None, None, None), "en");
    }

    #[test]
    fn a_language_that_is_not_there_leaves_the_next_wish() {
        assert_eq!(chosen(Some("xx"), Some("ja-JP"), None), "ja");
        assert_eq!(chosen(None, None, Some("fr, ja;q=0.8, en;q=0.9")), "en");
        assert_eq!(chosen(None, None, Some("fr, en;q=0.7, ja;q=0.8")), "ja");
        assert_eq!(chosen(None, None, Some("ja;q=0, *;q=0.5")), "en");
        assert_eq!(chosen(None, None, Some(";;;,q=,ja;q=9")), "en");
    }
}
