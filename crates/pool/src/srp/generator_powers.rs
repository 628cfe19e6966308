//! Powers of g = 2 by tables made once: a server computes g^b at every SRP challenge, g^x at every password.
//!
//! A comb after Lim and Lee: a table has the products of six powers of g, so six bits of the exponent cost
//! one multiplication, and three columns of the exponent share the tables, so these stay small enough (344 kB)
//! for a processor's second-level cache. The lowest eleven bits cost nothing but a shift, for g is 2. An exponent is
//! secret, hence every table is read from end to end.

use std::sync::LazyLock;

use super::group::{Element, bit};
use super::montgomery::LIMBS;

/// Bits of the exponent that are a shift: 2^(2^11 − 1) is still below N.
const SHIFT_BITS: usize = 11;
const COLUMNS: usize = 3;
const TEETH: usize = 6;
/// As many as cover the 245 bits above the shift.
const TABLES: usize = (256 - SHIFT_BITS).div_ceil(COLUMNS).div_ceil(TEETH);

type Table = [Element; 1 << TEETH];

/// Table `t`, entry `e`: the product of g^(2^(11 + 3·(6·t + i))) over the bits i of e. Takes milliseconds to make.
static COMB: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut tooth = (0..SHIFT_BITS).fold(Element::generator(), |power, _| power.squared());
    let mut tables = Vec::with_capacity(TABLES);
    for _ in 0..TABLES {
        let mut table = [Element::ONE; 1 << TEETH];
        for i in 0..TEETH {
            for entry in 0..1 << i {
                table[(1 << i) + entry] = table[entry].times(tooth);
            }
            tooth = (0..COLUMNS).fold(tooth, |power, _| power.squared());
        }
        tables.push(table);
    }
    tables
});

/// Makes the tables now, in about five milliseconds, so that the first sign-in need not wait for them. A server does it
/// aside, once it answers.
pub fn prepare() {
    LazyLock::force(&COMB);
}

/// g^exponent for a secret big-endian exponent.
pub(super) fn generator_power(exponent: &[u8; 32]) -> Element {
    let mut columns = [const { None::<Element> }; COLUMNS];
    for (t, table) in COMB.iter().enumerate() {
        for (column, product) in columns.iter_mut().enumerate() {
            let digit = (0..TEETH).fold(0, |digit, i| {
                digit | bit(exponent, SHIFT_BITS + column + COLUMNS * (TEETH * t + i)) << i
            });
            let factor = Element::select(table, digit);
            *product = Some(product.map_or(factor, |product| product.times(factor)));
        }
    }
    let result = columns
        .into_iter()
        .rev()
        .flatten()
        .reduce(|higher, column| higher.squared().times(column));
    shifted(&result.unwrap_or(Element::ONE), exponent)
}

/// Multiplies by 2^(the lowest bits of `exponent`).
fn shifted(element: &Element, exponent: &[u8; 32]) -> Element {
    use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

    let shift = (0..SHIFT_BITS).fold(0, |shift, i| shift | (bit(exponent, i) as u64) << i);
    let mut power = [0; LIMBS];
    for (i, limb) in (0_u64..).zip(power.iter_mut()) {
        *limb = u64::conditional_select(&0, &(1 << (shift % 64)), i.ct_eq(&(shift / 64)));
    }
    element.times(Element::from_number(&power))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edges_of_the_exponent() {
        for i in 0..256 {
            let mut exponent = [0; 32];
            exponent[31 - i / 8] = 1 << (i % 8);
            assert!(
                generator_power(&exponent) == Element::generator().power(&exponent),
                "bit {i}"
            );
        }
        for exponent in [[0; 32], [255; 32]] {
            assert!(generator_power(&exponent) == Element::generator().power(&exponent));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_comb_gives_what_plain_exponentiation_gives(exponent: [u8; 32]) {
            prop_assert!(generator_power(&exponent) == Element::generator().power(&exponent));
        }
    }
}
