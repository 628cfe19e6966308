//! What the browser says about a ceremony: `clientDataJSON`. Source: Web Authentication Level 3, section 5.8.1.

use serde::Deserialize;

use super::Flaw;

/// Which ceremony it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// A credential was made.
    Create,
    /// A credential was used.
    Get,
}

/// The members that are looked at; there may be more, now and later.
#[derive(Deserialize)]
pub(super) struct ClientData {
    r#type: String,
    /// The challenge, in base64url.
    pub(super) challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl ClientData {
    /// Reads it.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub(super) fn parse(json: &[u8]) -> Result<Self, Flaw> {
        serde_json::from_slice(json).map_err(|_| Flaw::Malformed)
    }

    /// Whether it is of this ceremony, on a page of the relying party, and not in a frame of somebody else's.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] for another ceremony, [`Flaw::Origin`].
    pub(super) fn check(&self, ceremony: Ceremony, relying_party_id: &str) -> Result<(), Flaw> {
        let expected = match ceremony {
            Ceremony::Create => "webauthn.create",
            Ceremony::Get => "webauthn.get",
        };
        if self.r#type != expected {
            return Err(Flaw::Malformed);
        }
        if self.cross_origin || !is_of(&self.origin, relying_party_id) {
            return Err(Flaw::Origin);
        }
        Ok(())
    }
}

/// Whether pages of this origin may speak for the relying party: its domain or one below it, by HTTPS; on this very machine
/// HTTP will do, as it does for browsers. The port does not matter.
fn is_of(origin: &str, relying_party_id: &str) -> bool {
    let (host, secure) = match origin.split_once("://") {
        Some(("https", host)) => (host, true),
        Some(("http", host)) => (host, false),
        _ => return false,
    };
    let (host, port) = host.split_once(':').unwrap_or((host, "443"));
    let has_a_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let is_here = host == "localhost" || host.ends_with(".localhost");
    let below = host
        .strip_suffix(relying_party_id)
        .is_some_and(|head| head.is_empty() || head.len() > 1 && head.ends_with('.'));
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    has_a_port && host.bytes().all(plain) && below && (secure || is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_and_those_below_it_speak_for_the_relying_party() {
        for origin in [
            "https://example.com",
            "https://example.com:8443",
            "https://auth.example.com",
            "https://a.b.example.com",
        ] {
            assert!(is_of(origin, "example.com"), "{origin}");
        }
        for origin in ["http://localhost", "http://localhost:5173", "https://localhost"] {
            assert!(is_of(origin, "localhost"), "{origin}");
        }
    }

    #[test]
    fn others_do_not() {
        for origin in [
            "",
            "example.com",
            "http://example.com",
            "https://example.com.evil.net",
            "https://evilexample.com",
            "https://.example.com",
            "https://com",
            "https://example.org",
            "https://evil.net/example.com",
            "https://evil.net?.example.com",
            "https://evil.net@example.com",
            "https://evil.net:1@example.com",
            "https://evil.net#.example.com",
            "https://example.com:",
            "https://example.com:x",
            "android:apk-key-hash:example.com",
            "https://EXAMPLE.com",
        ] {
            assert!(!is_of(origin, "example.com"), "{origin}");
        }
        assert!(!is_of("http://127.0.0.1", "127.0.0.1"), "an address is no domain");
    }

    fn client_data(json: &serde_json::Value) -> ClientData {
        ClientData::parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn another_ceremony_or_a_strange_frame_is_refused() {
        let json = serde_json::json!({
            "type": "webauthn.get", "challenge": "AA", "origin": "https://example.com", "crossOrigin": false, "more": 1,
        });
        let data = client_data(&json);
        assert_eq!(data.check(Ceremony::Get, "example.com"), Ok(()));
        assert_eq!(data.check(Ceremony::Create, "example.com"), Err(Flaw::Malformed));
        assert_eq!(data.check(Ceremony::Get, "example.org"), Err(Flaw::Origin));
        let mut framed = json;
        framed["crossOrigin"] = true.into();
        assert_eq!(
            client_data(&framed).check(Ceremony::Get, "example.com"),
            Err(Flaw::Origin)
        );
    }
}
