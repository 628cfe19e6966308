//! Multiplication modulo N in Montgomery's form (R = 2^3072), the work that an SRP sign-in consists of.
//!
//! crypto-bigint has no squaring of its own for Montgomery's form and cannot know this modulus. Two things make
//! it quicker here: a square needs half of the partial products, and N + 1 is a multiple of 2^64, so a
//! row of the reduction takes its factor as it stands and one product less. Both loops do two rows in a pass to
//! halve the traffic. All run the same steps whatever the numbers are.

use subtle::{Choice, ConditionallySelectable as _};

use super::modulus::MODULUS;

/// 64-bit limbs of a number modulo N.
pub(super) const LIMBS: usize = 48;

/// Limbs, least significant first.
pub(super) type Limbs = [u64; LIMBS];

const N: Limbs = MODULUS.to_words();

/// (N + 1) / 2^64.
const M: [u64; LIMBS - 1] = {
    let mut limbs = [0; LIMBS - 1];
    let mut carry = true;
    let mut i = 0;
    while i < LIMBS - 1 {
        (limbs[i], carry) = N[i + 1].overflowing_add(carry as u64);
        i += 1;
    }
    limbs
};

/// A double-length product, and one limb of room for a pass of two rows.
type Product = [u64; 2 * LIMBS + 1];

/// a · b / R mod N, for a and b below N.
pub(super) fn multiply(a: &Limbs, b: &Limbs) -> Limbs {
    let mut product: Product = [0; 2 * LIMBS + 1];
    for (i, [a0, a1]) in a.as_chunks::<2>().0.iter().enumerate() {
        let Some(row) = product[2 * i..].first_chunk_mut::<{ LIMBS + 2 }>() else {
            break;
        };
        let (low, mut carry0) = multiply_add(*a0, b[0], row[0], 0);
        let mut carry1 = 0;
        row[0] = low;
        for j in 1..LIMBS {
            let (sum, carry) = multiply_add(*a0, b[j], row[j], carry0);
            carry0 = carry;
            (row[j], carry1) = multiply_add(*a1, b[j - 1], sum, carry1);
        }
        (row[LIMBS], row[LIMBS + 1]) = multiply_add(*a1, b[LIMBS - 1], carry0, carry1);
    }
    reduce(&mut product)
}

/// a² / R mod N, for a below N.
pub(super) fn square(a: &Limbs) -> Limbs {
    let mut product: Product = [0; 2 * LIMBS + 1];
    for i in 0..LIMBS {
        let mut carry = 0;
        for (limb, factor) in product[2 * i + 1..i + LIMBS].iter_mut().zip(&a[i + 1..]) {
            (*limb, carry) = multiply_add(a[i], *factor, *limb, carry);
        }
        product[i + LIMBS] = carry;
    }
    let (mut shifted_out, mut carry) = (0, false);
    for (pair, limb) in product.as_chunks_mut::<2>().0.iter_mut().zip(a) {
        let (low, high) = multiply_add(*limb, *limb, 0, 0);
        let doubled = [(pair[0] << 1) | shifted_out, (pair[1] << 1) | (pair[0] >> 63)];
        shifted_out = pair[1] >> 63;
        (pair[0], carry) = doubled[0].carrying_add(low, carry);
        (pair[1], carry) = doubled[1].carrying_add(high, carry);
    }
    reduce(&mut product)
}

/// product / R mod N. With u the lowest limb, product + u·N = product − u + u·M·2^64 ends in a zero limb.
fn reduce(product: &mut Product) -> Limbs {
    let mut top = 0;
    for i in (0..LIMBS).step_by(2) {
        let u0 = product[i];
        let (u1, mut carry0) = multiply_add(u0, M[0], product[i + 1], 0);
        let mut carry1 = 0;
        let Some(row) = product[i + 2..].first_chunk_mut::<LIMBS>() else {
            break;
        };
        for j in 0..LIMBS - 2 {
            let (sum, carry) = multiply_add(u0, M[j + 1], row[j], carry0);
            carry0 = carry;
            (row[j], carry1) = multiply_add(u1, M[j], sum, carry1);
        }
        let (sum, high) = multiply_add(u1, M[LIMBS - 2], row[LIMBS - 2], carry1);
        let sum = u128::from(sum) + u128::from(carry0) + u128::from(top);
        let (low, carry) = split(sum);
        row[LIMBS - 2] = low;
        (row[LIMBS - 1], top) = split(u128::from(row[LIMBS - 1]) + u128::from(high) + u128::from(carry));
    }
    let mut result = [0; LIMBS];
    result.copy_from_slice(&product[LIMBS..2 * LIMBS]);
    subtract_modulus(&result, top)
}

/// `value` + `top`·R, which is below 2N, brought below N.
fn subtract_modulus(value: &Limbs, top: u64) -> Limbs {
    let mut difference = [0; LIMBS];
    let mut borrow = false;
    for ((limb, value), modulus) in difference.iter_mut().zip(value).zip(&N) {
        (*limb, borrow) = value.borrowing_sub(*modulus, borrow);
    }
    let was_below = Choice::from(u8::from(borrow)) & !Choice::from(u8::from(top != 0));
    for (limb, value) in difference.iter_mut().zip(value) {
        limb.conditional_assign(value, was_below);
    }
    difference
}

/// a · b + c + d in two limbs: it always fits.
#[inline]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    split(u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d))
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn split(wide: u128) -> (u64, u64) {
    (wide as u64, (wide >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{U3072, Uint};
    use proptest::prelude::*;

    use super::super::modulus::Modular;
    use super::*;

    fn check(a: &Limbs, b: &Limbs) {
        let form = |limbs: &Limbs| Modular::from_montgomery(U3072::from_words(*limbs));
        let expected = form(a) * form(b);
        assert_eq!(multiply(a, b), expected.to_montgomery().to_words());
        assert_eq!(square(a), form(a).square().to_montgomery().to_words());
    }

    #[test]
    fn the_edges_multiply_as_in_crypto_bigint() {
        let edges = [
            U3072::ZERO,
            U3072::ONE,
            U3072::from(u64::MAX),
            U3072::ONE.shl_vartime(64),
            U3072::ONE.shl_vartime(3071),
            MODULUS.wrapping_sub(&Uint::ONE),
            MODULUS.wrapping_sub(&Uint::from(u64::MAX)),
            MODULUS.shr_vartime(1),
            Modular::ONE.to_montgomery(),
        ];
        for a in edges {
            for b in edges {
                check(a.as_words(), b.as_words());
            }
        }
    }

    proptest! {
        #[test]
        fn any_numbers_multiply_as_in_crypto_bigint(
            mut a in prop::collection::vec(any::<u64>(), LIMBS),
            mut b in prop::collection::vec(any::<u64>(), LIMBS),
        ) {
            // Below N, whose top limb has all bits set.
            a[LIMBS - 1] -= u64::from(a[LIMBS - 1] == u64::MAX);
            b[LIMBS - 1] -= u64::from(b[LIMBS - 1] == u64::MAX);
            check(a.as_slice().try_into().unwrap(), b.as_slice().try_into().unwrap());
        }
    }
}
