//! Whether a request was made on this machine, for this machine.
//!
//! A server without access keys takes any signature, and the outbox shows codes to whoever asks: both are for the machine
//! alone. That the peer is loopback does not suffice. A proxy on this machine brings strangers, a page in this machine's
//! browser may come from anywhere, and a name that somebody else owns may lead to loopback (DNS rebinding).

use std::net::IpAddr;

use http::HeaderMap;
use http::header::{FORWARDED, HOST, ORIGIN, VIA};

/// Whether no proxy says that it has passed the request on.
pub(crate) fn came_directly(headers: &HeaderMap) -> bool {
    let by_a_proxy = |name: &http::HeaderName| {
        *name == FORWARDED
            || *name == VIA
            || *name == "x-real-ip"
            || name.as_str().starts_with("x-forwarded-")
    };
    !headers.keys().any(by_a_proxy)
}

/// Whether `Host` is a name of this machine. A public URL's name is not: strangers come by it.
pub(crate) fn is_addressed_here(headers: &HeaderMap) -> bool {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    names_this_machine(host)
}

/// Whether no page of another origin makes the request. Programs send no `Origin`.
pub(crate) fn is_of_no_other_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().ok().and_then(authority);
    origin.is_some_and(names_this_machine)
}

/// `localhost` or a loopback address, with or without port.
fn names_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Host and port of a URL or an origin.
fn authority(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split('/').next()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn a_name_of_this_machine_is_local_and_a_name_that_leads_to_it_is_not() {
        for host in ["localhost:9229", "127.0.0.1", "127.8.8.8:80", "[::1]:9229"] {
            assert!(is_addressed_here(&with("host", host)), "{host}");
        }
        for host in [
            "evil.example",
            "pool.example.com",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.1",
            "",
        ] {
            assert!(!is_addressed_here(&with("host", host)), "{host}");
        }
    }

    #[test]
    fn a_page_of_another_origin_is_told_apart_from_a_program() {
        assert!(is_of_no_other_origin(&HeaderMap::new()));
        for origin in ["http://localhost:3000", "http://127.0.0.1:9229"] {
            assert!(is_of_no_other_origin(&with("origin", origin)), "{origin}");
        }
        for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
            assert!(!is_of_no_other_origin(&with("origin", origin)), "{origin}");
        }
    }

    #[test]
    fn a_request_that_a_proxy_passed_on_did_not_come_directly() {
        assert!(came_directly(&with("host", "localhost")));
        for name in [
            "forwarded",
            "via",
            "x-real-ip",
            "x-forwarded-for",
            "x-forwarded-host",
        ] {
            assert!(!came_directly(&with(name, "x")), "{name}");
        }
    }
}
