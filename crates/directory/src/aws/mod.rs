//! What every call of an AWS API needs, without an SDK: credentials, the signature, AWS JSON; and the texts that settings
//! refer to.

mod credentials;
pub(crate) mod json;
pub(crate) mod sign;
mod texts;

pub use credentials::Credentials;
pub use texts::{Endpoints, Reference, Texts, Unreadable};

/// The host of a service, or the endpoint that stands for it; with the path `/`.
pub(crate) fn url(service: &str, region: &str, endpoint: Option<&str>) -> String {
    let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
    match endpoint {
        Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
        None => format!("https://{service}.{region}.amazonaws.com{suffix}/"),
    }
}
