//! Texts that nobody may read by chance: tokens, codes, app client secrets.
//!
//! Each is a type of its own that cannot be printed or serialised, is wiped when it goes and compares in constant
//! time (for texts of one length; the length itself is no secret). [`expose`](ClientSecret::expose) is the one
//! way to the text. Passwords are `trigger::Password`; verifiers and keys live with [`srp`](crate::srp),
//! [`seal`](crate::seal) and [`jwt`](crate::jwt).

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// Declares a text type that cannot be printed.
macro_rules! secret_text {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes the text.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(text.into())
            }

            /// The text, for the one place that sends, seals or compares it.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                same_text(self.expose(), other.expose())
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

secret_text! {
    /// The access token of a signed-in user: a JWT (RS256).
    AccessToken;
    /// What an app exchanges for tokens: a sealed value in base64url, opaque to it.
    AuthorizationCode;
    /// What keeps somebody signed in to a pool in a browser: a sealed value in base64url.
    BrowserCookie;
    /// The secret of an app client, 1 to 128 characters of `[\w+]`.
    ClientSecret;
    /// A code that was sent to a user, or a temporary password.
    ConfirmationCode;
    /// The ID token of a signed-in user: a JWT (RS256).
    IdToken;
    /// A refresh token: a sealed value in base64url, opaque to clients.
    RefreshToken;
    /// What links the answers to one challenge after another: a sealed value in base64url, 20 to 4096 characters.
    SessionToken;
    /// The secret of an authenticator app as its user gets it: Base32.
    TotpSecret;
}

/// `SECRET_HASH` as clients send it: Base64 of HMAC-SHA256 over user name and app client id, keyed by the app
/// client's secret. `username` is the text as the request has it, an alias or any spelling included.
/// Source: "Computing secret hash values" in Cognito's guide.
#[must_use]
pub fn secret_hash(username: &str, client_id: &str, client_secret: &ClientSecret) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret.expose().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(username.as_bytes());
    context.update(client_id.as_bytes());
    STANDARD.encode(context.sign())
}

/// Whether `received` is the [`secret_hash`] of the rest; in constant time.
#[must_use]
pub fn secret_hash_matches(
    received: &str,
    username: &str,
    client_id: &str,
    client_secret: &ClientSecret,
) -> bool {
    same_text(received, &secret_hash(username, client_id, client_secret))
}

/// Compares two texts in a time that depends on their lengths alone.
#[must_use]
pub fn same_text(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_hash_is_the_one_that_clients_compute() {
        // Made with Python's hmac and base64.
        let secret = ClientSecret::new("1example2secret3of4the5app6client7".to_owned());
        let hash = secret_hash("owned-user", "1example23456789", &secret);
        assert_eq!(hash, "uLeL43p5eGiY3Wc42y2h3Mah/XcKFc2QvPof/qX4TkY=");
        assert!(secret_hash_matches(
            &hash,
            "owned-user",
            "1example23456789",
            &secret
        ));
    }

    #[test]
    fn another_user_app_client_secret_or_an_empty_hash_does_not_match() {
        let secret = ClientSecret::new("secret".to_owned());
        let hash = secret_hash("user", "client", &secret);
        assert!(!secret_hash_matches(&hash, "User", "client", &secret));
        assert!(!secret_hash_matches(&hash, "user", "client2", &secret));
        assert!(!secret_hash_matches(
            &hash,
            "user",
            "client",
            &ClientSecret::new("secret2".to_owned())
        ));
        assert!(!secret_hash_matches("", "user", "client", &secret));
        assert!(!secret_hash_matches(
            &format!("{hash}="),
            "user",
            "client",
            &secret
        ));
    }

    #[test]
    fn a_secret_text_is_never_printed() {
        let token = RefreshToken::new("canary".to_owned());
        assert_eq!(
            format!("{token:?} {:?}", Some(&token)),
            "RefreshToken(…) Some(RefreshToken(…))"
        );
    }

    #[test]
    fn secret_texts_compare_by_content() {
        let code = |text: &str| ConfirmationCode::new(text.to_owned());
        assert_eq!(code("123456"), code("123456"));
        assert_ne!(code("123456"), code("123457"));
        assert_ne!(code("123456"), code("12345"));
    }
}
