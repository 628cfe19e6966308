//! What is sealed: each purpose has keys of its own.

/// What a sealed value is for; values of one purpose never open as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The session between a challenge and its answer.
    Session,
    /// `SECRET_BLOCK` of `PASSWORD_VERIFIER`.
    SecretBlock,
    /// A refresh token.
    RefreshToken,
    /// A user's SRP verifier, at rest.
    Verifier,
    /// A device's SRP verifier, at rest.
    DeviceVerifier,
    /// A pool's signing key, at rest.
    SigningKey,
    /// An app client's secret, at rest.
    ClientSecret,
    /// A confirmation code, at rest.
    Code,
    /// A user's TOTP secret, at rest.
    TotpSecret,
    /// An OAuth authorisation code.
    AuthorizationCode,
    /// What a browser keeps: cookies, CSRF tokens.
    Cookie,
    /// `PaginationToken`, `NextToken`.
    PaginationToken,
    /// A message that waits for its carrier, at rest.
    Message,
    /// The challenge for which a passkey is made.
    WebAuthnChallenge,
    /// The key of a database's digests, at rest.
    DigestKey,
}

impl Purpose {
    pub(super) const ALL: [Self; 15] = [
        Self::Session,
        Self::SecretBlock,
        Self::RefreshToken,
        Self::Verifier,
        Self::DeviceVerifier,
        Self::SigningKey,
        Self::ClientSecret,
        Self::Code,
        Self::TotpSecret,
        Self::AuthorizationCode,
        Self::Cookie,
        Self::PaginationToken,
        Self::Message,
        Self::WebAuthnChallenge,
        Self::DigestKey,
    ];

    /// Enters the derivation of the key: never change one.
    pub(super) fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::SecretBlock => b"secret block",
            Self::RefreshToken => b"refresh token",
            Self::Verifier => b"verifier",
            Self::DeviceVerifier => b"device verifier",
            Self::SigningKey => b"signing key",
            Self::ClientSecret => b"client secret",
            Self::Code => b"code",
            Self::TotpSecret => b"totp secret",
            Self::AuthorizationCode => b"authorization code",
            Self::Cookie => b"cookie",
            Self::PaginationToken => b"pagination token",
            Self::Message => b"message",
            Self::WebAuthnChallenge => b"web authn challenge",
            Self::DigestKey => b"digest key",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_purpose_is_its_place_in_the_list() {
        for (i, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, i);
        }
    }
}
