//! Queries and form bodies (`application/x-www-form-urlencoded`) as pairs.

use percent_encoding::percent_decode;

/// The pairs of a query or a form in their order, decoded; `None` when a name or value is not UTF-8.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    let decoded = percent_decode(text.as_bytes()).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_keep_their_order() {
        let read = pairs("b=1+2&a=%C3%A4%26&c&&b==").unwrap();
        let read: Vec<_> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(read, [("b", "1 2"), ("a", "ä&"), ("c", ""), ("b", "=")]);
        assert_eq!(pairs(""), Some(vec![]));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(pairs("a=%FF"), None);
    }
}
