//! What can be wrong with what an authenticator or a browser says.

/// Why a ceremony did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Flaw {
    /// It does not read as what it should be.
    #[error("it does not read as what it should be")]
    Malformed,
    /// An algorithm or attestation format that is not accepted.
    #[error("its kind is not supported")]
    NotSupported,
    /// The page is not the relying party's.
    #[error("the origin is not the relying party's")]
    Origin,
    /// The credential is another relying party's.
    #[error("it is for another relying party")]
    RelyingParty,
    /// Nobody was there, or their authenticator has not verified them.
    #[error("the user was not verified")]
    Unverified,
    /// The signature does not hold.
    #[error("the signature is wrong")]
    Signature,
    /// It was made for another challenge.
    #[error("the challenge is another")]
    Challenge,
    /// The counter has not grown: somebody may have a copy of the credential.
    #[error("the counter has not grown")]
    Counter,
}
