//! Chance for tests: that can be foreseen, or that does not take long.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use pool::jwt::{KeyError, SigningKey};
use pool::ports::{Entropy, SystemEntropy};

/// The machine's chance, with keys for tokens out of a store: a test makes several, and a tenth of a second for each would be
/// most of its time. The keys of one server differ from each other; those of the next server are the same again.
#[derive(Debug, Default)]
pub struct ThriftyEntropy {
    drawn: AtomicUsize,
}

/// The keys of a process as PKCS#8, each made when it is drawn for the first time.
static KEYS: [OnceLock<Vec<u8>>; 12] = [const { OnceLock::new() }; 12];

impl Entropy for ThriftyEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        SystemEntropy.fill(bytes);
    }

    fn signing_key(&self) -> Result<SigningKey, KeyError> {
        let Some(kept) = KEYS.get(self.drawn.fetch_add(1, Ordering::Relaxed)) else {
            return SigningKey::generate();
        };
        if let Some(key) = kept.get() {
            return SigningKey::from_pkcs8(key);
        }
        let key = SigningKey::generate()?;
        let made = key.to_pkcs8()?.to_vec();
        SigningKey::from_pkcs8(kept.get_or_init(|| made))
    }
}

/// SplitMix64: even and quick, and good for nothing secret.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// Draws what this seed draws.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_again() {
        let draw = |seed| SeededEntropy::new(seed).alphanumeric(40);
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
