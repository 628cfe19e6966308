//! The way back to the app: a registered URL with an answer in its query or its fragment.

use crate::encoding::query_value;

/// Where in the URL the answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// After `?`, or after the query that the URL has already: the answer to `response_type=code`.
    Query,
    /// After `#`: the answer to `response_type=token`.
    Fragment,
}

/// The URL with the pairs in it. The values are percent-encoded but for what is unreserved, the URL where it is beyond ASCII:
/// the result fits in a header, whatever the values are.
#[must_use]
pub fn redirect(url: &str, part: Part, pairs: &[(&str, &str)]) -> String {
    let mut target = String::with_capacity(url.len() + 64);
    for c in url.chars() {
        if c.is_ascii_graphic() {
            target.push(c);
        } else {
            target.push_str(&query_value(c.encode_utf8(&mut [0; 4])));
        }
    }
    let mut mark = match part {
        Part::Query if url.contains('?') => '&',
        Part::Query => '?',
        Part::Fragment => '#',
    };
    for (name, value) in pairs {
        target.push(mark);
        target.push_str(name);
        target.push('=');
        target.push_str(&query_value(value));
        mark = '&';
    }
    target
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_follows_the_query_that_is_there() {
        let pairs = [("code", "1"), ("state", "a b")];
        assert_eq!(
            redirect("https://app/cb", Part::Query, &pairs),
            "https://app/cb?code=1&state=a%20b"
        );
        assert_eq!(
            redirect("https://app/cb?t=1", Part::Query, &pairs),
            "https://app/cb?t=1&code=1&state=a%20b"
        );
        assert_eq!(
            redirect("https://app/cb?t=1", Part::Fragment, &pairs),
            "https://app/cb?t=1#code=1&state=a%20b"
        );
    }

    #[test]
    fn nothing_leaves_the_header_or_the_value() {
        let target = redirect(
            "https://app/ä\r\nX: y",
            Part::Query,
            &[("state", "\r\nSet-Cookie: a=b&x#y")],
        );
        assert_eq!(
            target,
            "https://app/%C3%A4%0D%0AX:%20y?state=%0D%0ASet-Cookie%3A%20a%3Db%26x%23y"
        );
    }

    proptest! {
        #[test]
        fn whatever_the_values_are_they_stay_values_and_the_rest_a_header(url in "\\PC*", value in any::<String>()) {
            let target = redirect(&url, Part::Query, &[("state", &value), ("x", "y")]);
            prop_assert!(target.bytes().all(|b| b.is_ascii_graphic()));
            let (_, after) = target.rsplit_once("state=").unwrap();
            let (encoded, rest) = after.rsplit_once('&').unwrap();
            prop_assert_eq!(rest, "x=y");
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        }
    }
}
