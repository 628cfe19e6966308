//! What a client that hides unknown users is shown of somebody who is not there: a challenge like any other, the same at every
//! try, to which no proof holds.
//!
//! Source: *Managing user existence error responses* (the salt and a user id in UUID format stay the same for a name in a
//! pool); the echo of the name in a pool of plain user names as observed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::attribute::{is_email, is_phone_number};
use crate::error::Error;
use crate::id::{Sub, UserPoolId, Username};
use crate::ports::Entropy;
use crate::seal::Purpose;
use crate::service::Service;
use crate::srp::{VERIFIER_LENGTH, Verifier};
use crate::time::Time;
use crate::user::{
    Credential, HourlyTries, Lockout, MfaPreference, SecondFactor, SoftwareTokens, User, UserStatus,
};
use crate::user_pool::{SignInNames, UserPool};

/// `USER_ID_FOR_SRP` for a name that leads nowhere. Behind an e-mail address or phone number that could sign somebody in
/// stands another user name, so here too; any other name stands for itself, in the form in which a pool would keep it.
pub(crate) fn user_id(service: &Service, pool: &UserPool, login: &str) -> String {
    let (SignInNames::Aliases(names) | SignInNames::UsernameAttributes(names)) = &pool.sign_in_names else {
        return pool.case().fold(login);
    };
    let may_be_a = |attribute: &str| names.iter().any(|name| name == attribute);
    if may_be_a("email") && is_email(login) || may_be_a("phone_number") && is_phone_number(login) {
        let key = pool.case().login_key(login);
        let parts = [pool.id.as_str(), "pretended user id", key.as_str()];
        return Digest(service.sealer.digest(Purpose::Verifier, &parts)).sub();
    }
    pool.case().fold(login)
}

/// The id of nobody of this name, which a session holds in place of a user's. It is the same for what was typed and for the
/// user name that is said to stand behind it: a client may answer under either.
pub(crate) fn sub(service: &Service, pool: &UserPool, login: &str) -> Sub {
    let user_id = user_id(service, pool, login);
    let parts = [pool.id.as_str(), "pretended sub", user_id.as_str()];
    Sub::generate(&Digest(service.sealer.digest(Purpose::Verifier, &parts)))
}

/// A verifier of no password.
///
/// # Errors
/// [`Error::Internal`] when none can be made.
pub(crate) fn verifier(service: &Service, pool: &UserPool, user_id: &str) -> Result<Verifier, Error> {
    let mut bytes = Vec::with_capacity(VERIFIER_LENGTH + 32);
    for counter in 0_u8.. {
        if bytes.len() >= VERIFIER_LENGTH {
            break;
        }
        let counter = counter.to_string();
        let parts = [pool.id.as_str(), "pretence", user_id, &counter];
        bytes.extend(service.sealer.digest(Purpose::Verifier, &parts));
    }
    Verifier::from_bytes(&bytes[..VERIFIER_LENGTH]).map_err(Error::internal)
}

/// Reads a record of the usual size, as finding a user does: for answers that end with that, so that their time tells no more
/// than their text.
pub(crate) fn read_nobody() {
    static RECORD: LazyLock<String> = LazyLock::new(record);
    std::hint::black_box(serde_json::from_str::<User>(std::hint::black_box(&RECORD)).ok());
}

fn record() -> String {
    let record = nobody().and_then(|nobody| serde_json::to_string(&nobody).ok());
    record.unwrap_or_default()
}

/// A user as most are: with a password and an e-mail address.
fn nobody() -> Option<User> {
    let sub = Sub::generate(&Digest([0; 32]));
    let attributes = [
        ("email", "somebody@example.com"),
        ("email_verified", "true"),
        ("family_name", "Nobody"),
        ("given_name", "Somebody"),
    ];
    Some(User {
        user_pool_id: UserPoolId::generate("us-east-1", &Digest([0; 32])),
        username: Username::parse(sub.as_str())?,
        sub,
        attributes: attributes.into_iter().collect(),
        enabled: true,
        status: UserStatus::Confirmed,
        credential: Some(Credential {
            sealed_verifier: vec![0; VERIFIER_LENGTH + 64],
            set_at: Time(0),
            generation: 1,
            former: Vec::new(),
        }),
        lockout: Lockout::default(),
        password_changes: HourlyTries::default(),
        codes: BTreeMap::new(),
        mfa: MfaPreference::default(),
        migratable: false,
        groups: Vec::new(),
        second_factor: SecondFactor::default(),
        passkeys: Vec::new(),
        software_tokens: SoftwareTokens::default(),
        tokens_revoked_at: None,
        created_at: Time(0),
        modified_at: Time(0),
        version: 1,
    })
}

/// A digest as the chance that a pretended id is drawn from.
struct Digest([u8; 32]);

impl Entropy for Digest {
    fn fill(&self, bytes: &mut [u8]) {
        for (byte, drawn) in bytes.iter_mut().zip(self.0.iter().cycle()) {
            *byte = *drawn;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_that_is_read_for_nobody_is_a_user_s() {
        assert_eq!(serde_json::from_str::<User>(&record()).ok(), nobody());
        assert!(nobody().is_some());
    }
}
