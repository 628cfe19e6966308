//! The URL that a function is invoked at.

use pool::ports::FunctionArn;
use reqwest::Url;

use crate::functions::ArnParts;
use crate::functions::settings::EndpointSettings;

/// The version of Lambda's API, and the path that all invocations share.
const FUNCTIONS: &str = "2015-03-31/functions";

/// Where the events of one function go.
pub(super) enum Target {
    /// AWS: the whole ARN goes into the path, so that a function in another account is found too.
    Aws(Url),
    /// An emulator: the bare name goes into the path, the qualifier into the query; not every one reads ARNs.
    Emulator(Url),
    /// The settings give the whole URL, path included.
    Exact(Url),
}

impl Target {
    /// The target of the function with these `parts`; `None` when its region makes no host name.
    pub(super) fn new(parts: &ArnParts<'_>, settings: &EndpointSettings) -> Option<Self> {
        Some(match settings {
            EndpointSettings::Aws => Self::Aws(aws(parts)?),
            EndpointSettings::Url(url) if url.path().contains(FUNCTIONS) => Self::Exact(url.clone()),
            EndpointSettings::Url(url) if is_aws(url) => Self::Aws(url.clone()),
            EndpointSettings::Url(url) => Self::Emulator(url.clone()),
        })
    }

    /// The URL for one invocation of `function`; `None` when its ARN is none.
    pub(super) fn url(&self, function: &FunctionArn) -> Option<Url> {
        let parts = ArnParts::of(function)?;
        match self {
            Self::Exact(url) => Some(url.clone()),
            Self::Aws(base) => with_path(base, &function.0.replace(':', "%3A").replace('$', "%24")),
            Self::Emulator(base) => {
                let mut url = with_path(base, parts.name)?;
                if let Some(qualifier) = parts.qualifier {
                    url.query_pairs_mut().append_pair("Qualifier", qualifier);
                }
                Some(url)
            }
        }
    }

    /// Whether events leave this machine readable by others.
    pub(super) fn sends_in_clear(&self) -> bool {
        let (Self::Aws(url) | Self::Emulator(url) | Self::Exact(url)) = self;
        let loopback = match url.host_str() {
            Some(host) => {
                let address = host
                    .trim_start_matches('[')
                    .trim_end_matches(']')
                    .parse::<std::net::IpAddr>();
                host == "localhost" || address.is_ok_and(|address| address.is_loopback())
            }
            None => false,
        };
        url.scheme() == "http" && !loopback
    }
}

/// Lambda's own endpoint in the ARN's region. Source: "Lambda endpoints and quotas" in AWS's general reference.
fn aws(parts: &ArnParts<'_>) -> Option<Url> {
    let suffix = if parts.partition == "aws-cn" {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    Url::parse(&format!("https://lambda.{}.{suffix}", parts.region)).ok()
}

/// Whether AWS itself answers at `url`.
pub(in crate::functions) fn is_aws(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
}

fn with_path(base: &Url, function: &str) -> Option<Url> {
    let base_text = base.as_str().trim_end_matches('/');
    Url::parse(&format!("{base_text}/{FUNCTIONS}/{function}/invocations")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(endpoint: &EndpointSettings, arn: &str) -> String {
        let arn = FunctionArn(arn.to_owned());
        let target = Target::new(&ArnParts::of(&arn).unwrap(), endpoint).unwrap();
        target.url(&arn).unwrap().to_string()
    }

    fn at(text: &str) -> EndpointSettings {
        EndpointSettings::Url(Url::parse(text).unwrap())
    }

    const ARN: &str = "arn:aws:lambda:eu-west-1:000000000000:function:Migrate:live";
    const IN_AWS: &str = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/\
        arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3AMigrate%3Alive/invocations";

    #[test]
    fn aws_gets_the_whole_arn() {
        assert_eq!(url(&EndpointSettings::Aws, ARN), IN_AWS);
        assert_eq!(url(&at("https://lambda.eu-west-1.amazonaws.com"), ARN), IN_AWS);
    }

    #[test]
    fn an_emulator_gets_name_and_qualifier() {
        let expected = "http://127.0.0.1:9001/2015-03-31/functions/Migrate/invocations?Qualifier=live";
        assert_eq!(url(&at("http://127.0.0.1:9001"), ARN), expected);
    }

    #[test]
    fn a_whole_url_is_taken_as_it_is() {
        let emulator = "http://127.0.0.1:9000/2015-03-31/functions/function/invocations";
        assert_eq!(url(&at(emulator), ARN), emulator);
    }

    #[test]
    fn only_plain_http_to_another_machine_sends_in_clear() {
        let arn = FunctionArn(ARN.to_owned());
        let clear = |text: &str| {
            Target::new(&ArnParts::of(&arn).unwrap(), &at(text))
                .unwrap()
                .sends_in_clear()
        };
        assert!(clear("http://lambda:8080"));
        for safe in [
            "https://lambda:8080",
            "http://localhost:1",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(!clear(safe), "{safe}");
        }
    }
}
