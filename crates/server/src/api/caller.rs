//! What a request's headers tell of its sender, for the events of triggers.

use http::HeaderMap;
use http::header::USER_AGENT;

/// The SDK in the form of `callerContext.awsSdkVersion`, like `aws-sdk-js-2.1639.0`; `None` when the user agent
/// names none that Cognito would know. Browsers cannot set their user agent, so SDKs have a header of their own.
pub(super) fn sdk_version(headers: &HeaderMap) -> Option<String> {
    let agents = ["x-amz-user-agent", USER_AGENT.as_str()];
    let mut words = agents
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .flat_map(str::split_ascii_whitespace);
    words.find_map(|word| {
        let (sdk, version) = word.split_once('/')?;
        let plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+'))
        };
        let known = sdk.starts_with("aws-sdk-") && plain(sdk) && plain(version) && word.len() <= 64;
        known.then(|| format!("{sdk}-{version}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> Option<String> {
        sdk_version(
            &pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect(),
        )
    }

    #[test]
    fn an_sdk_is_known_by_its_user_agent() {
        let agent = "aws-sdk-js/3.901.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22.0.0";
        assert_eq!(of(&[("user-agent", agent)]).unwrap(), "aws-sdk-js-3.901.0");
    }

    #[test]
    fn the_header_of_browsers_counts_first() {
        let agents = [
            ("user-agent", "Mozilla/5.0"),
            ("x-amz-user-agent", "aws-sdk-js/2.1639.0 callback"),
        ];
        assert_eq!(of(&agents).unwrap(), "aws-sdk-js-2.1639.0");
    }

    #[test]
    fn others_are_unknown() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("user-agent", "curl/8.0")]), None);
        assert_eq!(of(&[("user-agent", "aws-sdk-<script>/1")]), None);
    }
}
