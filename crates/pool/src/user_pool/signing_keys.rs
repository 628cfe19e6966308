//! Which keys sign a pool's tokens, and which are published, at any moment.
//!
//! A pool has pairs of keys, one of a pair for ID tokens and the other for access tokens, as observed. Verifiers keep what
//! they have fetched for a while, so a pair is published before it signs; and the tokens that a pair has signed live on,
//! so it is published after it has signed. Cognito documents that keys are rotated, and no more: the times are chosen.

use serde::{Deserialize, Serialize};

use crate::app_client::LONGEST_TOKEN_LIFE;
use crate::time::{Span, Time};

/// How long a pair is published before it signs: longer than verifiers keep keys that they have fetched. The document itself
/// allows an hour, API Gateway takes two, and libraries between five minutes and ten hours.
const PUBLISHED_BEFORE: Span = Span::hours(24);

/// How far the clocks of those who sign and those who verify may be apart.
const CLOCKS_APART: Span = Span::minutes(5);

/// A signing key at rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedKey(#[serde(with = "crate::encoding::base64_bytes")] pub Vec<u8>);

/// Two keys that sign at the same time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyPair {
    /// Signs ID tokens.
    pub id_token: SealedKey,
    /// Signs access tokens.
    pub access_token: SealedKey,
    /// From when on the pair signs, until the next one does.
    pub signs_from: Time,
}

/// A pool's pairs of keys, in the order in which they sign.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SigningKeys(Vec<KeyPair>);

/// What a pair of keys is for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published and will sign from then on.
    Next(Time),
    /// It signs.
    Signing,
    /// It signs no more and is published until then, when its last token has ended.
    Former(Time),
    /// Nothing that it has signed is worth anything any more.
    Past,
}

impl SigningKeys {
    /// The keys of a new pool: this pair signs at once, since nobody can have fetched any other.
    #[must_use]
    pub fn new(pair: KeyPair) -> Self {
        Self(vec![pair])
    }

    /// The pairs.
    #[must_use]
    pub fn pairs(&self) -> &[KeyPair] {
        &self.0
    }

    /// The pairs, to be sealed anew.
    pub(crate) fn pairs_mut(&mut self) -> &mut [KeyPair] {
        &mut self.0
    }

    /// Which of [`SigningKeys::pairs`] signs. The first does even before its time: somebody has to.
    #[must_use]
    pub fn signing(&self, now: Time) -> usize {
        let begun = |pair: &KeyPair| pair.signs_from <= now;
        self.0.iter().rposition(begun).unwrap_or_default()
    }

    /// What the `n`th pair is for.
    #[must_use]
    pub fn state(&self, n: usize, now: Time) -> KeyState {
        let signing = self.signing(now);
        if n == signing {
            return KeyState::Signing;
        }
        match (self.0.get(n), self.0.get(n + 1)) {
            (Some(pair), _) if n > signing => KeyState::Next(pair.signs_from),
            (Some(_), Some(follower)) => {
                let ends = follower.signs_from.plus(LONGEST_TOKEN_LIFE).plus(CLOCKS_APART);
                if now < ends {
                    KeyState::Former(ends)
                } else {
                    KeyState::Past
                }
            }
            _ => KeyState::Past,
        }
    }

    /// The pair that is published and does not sign yet, if there is one.
    #[must_use]
    pub fn next(&self, now: Time) -> Option<&KeyPair> {
        self.0.get(self.signing(now) + 1)
    }

    /// When a pair that is published from now on may sign.
    pub(super) fn may_sign_from(now: Time) -> Time {
        now.plus(PUBLISHED_BEFORE)
    }

    /// Lets a pair follow the last one.
    pub(super) fn push(&mut self, pair: KeyPair) {
        self.0.push(pair);
    }

    /// Lets go of pairs that are past.
    pub(crate) fn forget_past(&mut self, now: Time) {
        let past = (0..self.0.len())
            .take_while(|n| self.state(*n, now) == KeyState::Past)
            .count();
        self.0.drain(..past);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pair(signs_from: Time) -> KeyPair {
        KeyPair {
            id_token: SealedKey(Vec::new()),
            access_token: SealedKey(Vec::new()),
            signs_from,
        }
    }

    fn states(keys: &SigningKeys, now: Time) -> Vec<KeyState> {
        (0..keys.0.len()).map(|n| keys.state(n, now)).collect()
    }

    #[test]
    fn the_only_pair_signs_at_any_time() {
        let keys = SigningKeys::new(pair(Time(1000)));
        for now in [0, 1000, i64::MAX] {
            assert_eq!(states(&keys, Time(now)), [KeyState::Signing]);
        }
    }

    #[test]
    fn a_pair_is_published_a_day_before_and_until_its_last_token_has_ended() {
        let day = Span::hours(24);
        let (made, asked) = (Time(0), Time(5_000_000));
        let mut keys = SigningKeys::new(pair(made));
        let signs_from = SigningKeys::may_sign_from(asked);
        keys.push(pair(signs_from));
        assert_eq!(signs_from, asked.plus(day));
        let waits = [KeyState::Signing, KeyState::Next(signs_from)];
        assert_eq!(states(&keys, asked), waits);
        assert_eq!(states(&keys, Time(signs_from.0 - 1)), waits);
        let gone = signs_from.plus(day).plus(Span::minutes(5));
        let changed = [KeyState::Former(gone), KeyState::Signing];
        assert_eq!(states(&keys, signs_from), changed);
        assert_eq!(states(&keys, Time(gone.0 - 1)), changed);
        assert_eq!(states(&keys, gone), [KeyState::Past, KeyState::Signing]);
        keys.forget_past(Time(gone.0 - 1));
        assert_eq!(keys.0.len(), 2);
        keys.forget_past(gone);
        assert_eq!(keys.0, [pair(signs_from)]);
    }

    proptest! {
        #[test]
        fn what_was_signed_verifies_with_keys_fetched_an_hour_ago_for_as_long_as_it_lives(
            rotations in proptest::collection::vec(0..200_i64, 0..6),
            signed_at in 0..1500_i64,
            age in 0..=24_i64,
        ) {
            // Rotations are asked for so many hours apart, as soon as the one before is over.
            let mut keys = SigningKeys::new(pair(Time(0)));
            let mut asked = Time(0);
            for hours in rotations {
                asked = asked.plus(Span::hours(hours));
                if keys.next(asked).is_none() {
                    keys.push(pair(SigningKeys::may_sign_from(asked)));
                }
            }
            let signed_at = Time(0).plus(Span::hours(signed_at));
            let verified_at = signed_at.plus(Span::hours(age));
            let signer = keys.signing(signed_at);
            prop_assert_ne!(keys.state(signer, verified_at), KeyState::Past);
            // Whoever fetched the keys in the day before had the signer among them, unless the pool was not there.
            let published = keys.0[signer].signs_from.0 - PUBLISHED_BEFORE.0;
            prop_assert!(signer == 0 || published <= signed_at.0 - PUBLISHED_BEFORE.0);
        }
    }
}
