//! The group that Cognito's SRP computes in: the 3072-bit prime of RFC 3526 (group 15) with g = 2.
//!
//! RFC 5054 gives this prime the generator 5; Cognito takes 2, like Amplify's clients.

use std::sync::LazyLock;

use aws_lc_rs::digest::{Context, SHA256};
use crypto_bigint::U3072;
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

use super::modulus::{MODULUS, Modular};
use super::montgomery::{LIMBS, Limbs, multiply, square};
use super::pad::pad;

/// Bytes of a number modulo N.
pub(super) const LENGTH: usize = 384;

/// k = SHA-256(00 ‖ N ‖ 02), the multiplier of the verifier in B.
static K: LazyLock<Element> = LazyLock::new(|| {
    let mut hash = Context::new(&SHA256);
    hash.update(&pad(&MODULUS.to_be_bytes()));
    hash.update(&pad(&[2]));
    Element::from_bytes(hash.finish().as_ref())
});

/// k as an element.
pub(super) fn k() -> Element {
    *K
}

/// A number modulo N.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Element(Modular);

impl Element {
    pub(super) const ONE: Self = Self(Modular::ONE);

    /// g.
    pub(super) fn generator() -> Self {
        Self(Modular::new(&U3072::from(2_u8)))
    }

    /// Reads a big-endian number of any length modulo N, in a time that depends on the length alone.
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut value = Modular::ZERO;
        for chunk in bytes.rchunks(LENGTH).rev() {
            let mut block = [0; LENGTH];
            block[LENGTH - chunk.len()..].copy_from_slice(chunk);
            // value · 2^3072 + chunk; the form of 2^3072 is 2^3072 multiplied by itself, modulo N.
            let shifted = value * Modular::new(&Modular::ONE.to_montgomery());
            value = shifted + Modular::new(&U3072::from_be_slice(&block));
        }
        Self(value)
    }

    /// Takes a number below N, least significant limb first.
    pub(super) fn from_number(limbs: &Limbs) -> Self {
        Self(Modular::new(&U3072::from_words(*limbs)))
    }

    /// The number below N, big-endian.
    pub(super) fn to_bytes(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes.copy_from_slice(self.0.retrieve().to_be_bytes().as_ref());
        bytes
    }

    pub(super) fn is_zero(self) -> bool {
        self.0
            .as_montgomery()
            .as_words()
            .ct_eq(Modular::ZERO.as_montgomery().as_words())
            .into()
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    pub(super) fn times(self, other: Self) -> Self {
        Self::from_limbs(&multiply(self.limbs(), other.limbs()))
    }

    pub(super) fn squared(self) -> Self {
        Self::from_limbs(&square(self.limbs()))
    }

    /// self^exponent for a secret big-endian exponent: the steps depend on its length alone.
    pub(super) fn power(self, exponent: &[u8]) -> Self {
        const WINDOW: usize = 5;
        let mut powers = [Self::ONE; 1 << WINDOW];
        for i in 1..powers.len() {
            powers[i] = if i % 2 == 0 {
                powers[i / 2].squared()
            } else {
                powers[i - 1].times(self)
            };
        }
        let windows = (exponent.len() * 8).div_ceil(WINDOW);
        let mut result = Self::ONE;
        for window in (0..windows).rev() {
            if window + 1 < windows {
                for _ in 0..WINDOW {
                    result = result.squared();
                }
            }
            let digit = (0..WINDOW).fold(0, |digit, i| digit | bit(exponent, window * WINDOW + i) << i);
            result = result.times(Self::select(&powers, digit));
        }
        result
    }

    /// self^exponent for an exponent that everybody knows; only self is secret.
    pub(super) fn power_of_public(self, exponent: &[u8]) -> Self {
        const WINDOW: usize = 5;
        let square = self.squared();
        let mut odd_powers = [self; 1 << (WINDOW - 1)];
        for i in 1..odd_powers.len() {
            odd_powers[i] = odd_powers[i - 1].times(square);
        }
        let mut result = None::<Self>;
        let mut left = exponent.len() * 8;
        while left > 0 {
            // A window starts and ends with a set bit; between windows there are only squarings.
            let mut length = 1;
            if bit(exponent, left - 1) == 1 {
                length = WINDOW.min(left);
                while bit(exponent, left - length) == 0 {
                    length -= 1;
                }
            }
            left -= length;
            let digit = (0..length).fold(0, |digit, i| digit | bit(exponent, left + i) << i);
            if let Some(value) = &mut result {
                for _ in 0..length {
                    *value = value.squared();
                }
            }
            if digit > 0 {
                let factor = odd_powers[digit / 2];
                result = Some(result.map_or(factor, |value| value.times(factor)));
            }
        }
        result.unwrap_or(Self::ONE)
    }

    /// Entry `index` of `table`, all of which is read.
    pub(super) fn select(table: &[Self], index: usize) -> Self {
        let mut limbs = [0; LIMBS];
        for (i, entry) in table.iter().enumerate() {
            let mask = u64::conditional_select(&0, &u64::MAX, (i as u64).ct_eq(&(index as u64)));
            for (limb, candidate) in limbs.iter_mut().zip(entry.limbs()) {
                *limb |= candidate & mask;
            }
        }
        Self::from_limbs(&limbs)
    }

    /// The form's limbs.
    pub(super) fn limbs(&self) -> &Limbs {
        self.0.as_montgomery().as_words()
    }

    /// The element of this form; below N.
    pub(super) fn from_limbs(limbs: &Limbs) -> Self {
        Self(Modular::from_montgomery(U3072::from_words(*limbs)))
    }
}

/// Bit `i` of a big-endian number, from the least significant; 0 beyond its end.
pub(super) fn bit(number: &[u8], i: usize) -> usize {
    number
        .len()
        .checked_sub(i / 8 + 1)
        .map_or(0, |at| usize::from(number[at] >> (i % 8) & 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::srp::hex;

    fn by_crypto_bigint(base: &Element, exponent: &[u8; 32]) -> Element {
        Element(base.0.pow(&crypto_bigint::U256::from_be_slice(exponent)))
    }

    #[test]
    fn k_is_the_constant_of_all_clients() {
        let k = "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6";
        assert_eq!(hex::encode_number(&super::k().to_bytes()), k);
    }

    #[test]
    fn long_numbers_are_reduced() {
        let n = MODULUS.to_be_bytes();
        let mut bytes = n.as_ref().to_vec();
        assert!(Element::from_bytes(&bytes).is_zero());
        bytes.push(7);
        assert!(Element::from_bytes(&bytes) == Element::from_bytes(&[7]));
        bytes.extend([0; 500]);
        let shift = Element::generator().power(&4000_u32.to_be_bytes());
        assert!(Element::from_bytes(&bytes) == Element::from_bytes(&[7]).times(shift));
        assert!(Element::from_bytes(&[]).is_zero());
    }

    #[test]
    fn edges_of_the_exponent() {
        let base = Element::from_bytes(b"base");
        let [mut one, mut top] = [[0; 32]; 2];
        (one[31], top[0]) = (1, 128);
        for exponent in [[0; 32], [255; 32], one, top] {
            let expected = by_crypto_bigint(&base, &exponent);
            assert!(base.power(&exponent) == expected);
            assert!(base.power_of_public(&exponent) == expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn both_powers_are_those_of_crypto_bigint(base: [u8; 32], exponent: [u8; 32]) {
            let base = Element::from_bytes(&base.repeat(12));
            let expected = by_crypto_bigint(&base, &exponent);
            prop_assert!(base.power(&exponent) == expected);
            prop_assert!(base.power_of_public(&exponent) == expected);
        }
    }
}
