//! What has become of a sign-in's tokens, as far as they cannot carry it: revoked, or refreshed in rotation.

use serde::{Deserialize, Serialize};

use super::SignIn;
use crate::app_client::LONGEST_TOKEN_LIFE;
use crate::id::{Sub, UserPoolId};
use crate::time::Time;

/// All tokens of one sign-in. There is a record only once something has happened to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenFamily {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// Whose tokens.
    pub sub: Sub,
    /// `origin_jti` of all of them.
    pub origin_jti: String,
    /// Whether they are worth nothing any more.
    pub revoked: bool,
    /// Where refresh tokens rotate, which of them count.
    #[serde(default)]
    pub rotation: Rotation,
    /// When the last of the tokens ends by itself; the record can go then.
    pub expires_at: Time,
    /// Counts the writes; a commit names the one it has read, 0 for a new record.
    pub version: i64,
}

/// The refresh tokens of a family that rotates, each known by its `jti`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The newest.
    pub current: Option<String>,
    /// The one that the newest was given for; good until the time beside it.
    pub previous: Option<(String, Time)>,
}

/// What a refresh token is worth among those of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It is the newest, or the newest was given for it a moment ago.
    Good,
    /// Another has taken its place.
    Displaced,
    /// The whole family is worth nothing any more.
    Revoked,
}

impl TokenFamily {
    /// The record of a sign-in to whose tokens nothing has happened.
    pub(super) fn of(user_pool_id: &UserPoolId, sign_in: &SignIn) -> Self {
        Self {
            user_pool_id: user_pool_id.clone(),
            sub: sign_in.sub.clone(),
            origin_jti: sign_in.origin_jti.clone(),
            revoked: false,
            rotation: Rotation::default(),
            // What the last refresh gave may still be good after the refresh token.
            expires_at: sign_in.expires_at.plus(LONGEST_TOKEN_LIFE),
            version: 0,
        }
    }

    /// The record of an authorization code that has been redeemed: the code bears the id of the family that it opens. It is
    /// needed no longer than somebody could come with the code again.
    pub(crate) fn of_redeemed_code(user_pool_id: &UserPoolId, sign_in: &SignIn, code_ends_at: Time) -> Self {
        Self {
            expires_at: code_ends_at,
            ..Self::of(user_pool_id, sign_in)
        }
    }

    /// Keeps the record until the last of the sign-in's tokens has ended.
    pub(super) fn outlast(&mut self, sign_in: &SignIn) {
        self.expires_at = self.expires_at.max(sign_in.expires_at.plus(LONGEST_TOKEN_LIFE));
    }

    /// Makes all tokens of the sign-in worthless.
    pub(crate) fn revoke(&mut self, sign_in: &SignIn) {
        self.revoked = true;
        self.outlast(sign_in);
    }

    /// What the refresh token with this `jti` is worth.
    pub(super) fn worth(&self, jti: &str, now: Time) -> Worth {
        if self.revoked {
            return Worth::Revoked;
        }
        // The first refresh token bears the family's own id.
        let current = self.rotation.current.as_deref().unwrap_or(&self.origin_jti);
        let in_grace = |(previous, until): &(String, Time)| previous == jti && now < *until;
        if current == jti || self.rotation.previous.as_ref().is_some_and(in_grace) {
            Worth::Good
        } else {
            Worth::Displaced
        }
    }

    /// Makes `next` the newest refresh token, given for the token `jti`. When that one is the newest's predecessor, retried
    /// within its time, `next` takes the place of the child it had, and the time is not extended. Observed.
    pub(super) fn rotate(&mut self, jti: &str, next: String, grace_ends_at: Time) {
        let current = self.rotation.current.as_deref().unwrap_or(&self.origin_jti);
        if current == jti {
            self.rotation.previous = Some((jti.to_owned(), grace_ends_at));
        }
        self.rotation.current = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AppClientId;

    const GRACE: i64 = 4_000;

    fn family() -> TokenFamily {
        let sign_in = SignIn {
            client_id: AppClientId::parse("client").unwrap(),
            sub: Sub::parse("00000000-0000-7000-0000-000000000000").unwrap(),
            auth_time: 0,
            event_id: "event".to_owned(),
            origin_jti: "first".to_owned(),
            jti: "first".to_owned(),
            device_key: None,
            expires_at: Time(0),
            scopes: None,
            nonce: None,
        };
        TokenFamily::of(&UserPoolId::parse("us-east-1_AbCdEf123").unwrap(), &sign_in)
    }

    /// What "first", "second", "third" and "fourth" are worth.
    fn worths(family: &TokenFamily, now: i64) -> [Worth; 4] {
        ["first", "second", "third", "fourth"].map(|jti| family.worth(jti, Time(now)))
    }

    #[test]
    fn before_anything_happens_the_first_is_good() {
        assert_eq!(family().worth("first", Time(0)), Worth::Good);
    }

    #[test]
    fn the_newest_and_for_a_while_the_one_before_are_good() {
        use Worth::{Displaced, Good};
        let mut family = family();
        family.rotate("first", "second".to_owned(), Time(GRACE));
        assert_eq!(worths(&family, GRACE - 1)[..2], [Good, Good]);
        assert_eq!(worths(&family, GRACE)[..2], [Displaced, Good]);
        family.rotate("second", "third".to_owned(), Time(2 * GRACE));
        assert_eq!(worths(&family, 1)[..3], [Displaced, Good, Good]);
    }

    #[test]
    fn a_retry_displaces_the_child_and_extends_no_grace() {
        use Worth::{Displaced, Good};
        let mut family = family();
        family.rotate("first", "second".to_owned(), Time(GRACE));
        family.rotate("first", "third".to_owned(), Time(GRACE + 2));
        assert_eq!(worths(&family, 3)[..3], [Good, Displaced, Good]);
        assert_eq!(worths(&family, GRACE)[..3], [Displaced, Displaced, Good]);
    }

    #[test]
    fn revoked_is_all_of_it() {
        let mut family = family();
        family.rotate("first", "second".to_owned(), Time(GRACE));
        family.revoked = true;
        assert_eq!(worths(&family, 1), [Worth::Revoked; 4]);
    }

    #[test]
    fn the_record_outlasts_the_last_access_token() {
        assert_eq!(family().expires_at, Time(0).plus(LONGEST_TOKEN_LIFE));
    }
}
