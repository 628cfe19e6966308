//! Temporary passwords: made so that they keep to the pool's policy and can be read aloud.

use trigger::Password;

use crate::ports::Entropy;
use crate::user_pool::PasswordPolicy;

/// Letters and digits that are not mistaken for one another.
const UPPERCASE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWERCASE: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
/// Symbols that mean nothing in HTML.
const SYMBOLS: &[u8] = b"!@#$%*-_=+?";
const ANY: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/// Least length, 50 bits and more of chance.
const LENGTH: usize = 10;

/// A new temporary password. It has a letter of each case and a digit, and a symbol where the policy asks for one.
pub(super) fn generate(policy: &PasswordPolicy, entropy: &dyn Entropy) -> Password {
    let length = LENGTH.max(policy.minimum_length as usize);
    let mut classes = vec![UPPERCASE, LOWERCASE, DIGITS];
    if policy.require_symbols {
        classes.push(SYMBOLS);
    }
    let mut text = entropy.text_of(ANY, length - classes.len());
    for class in classes {
        text.insert_str(below(text.len() + 1, entropy), &entropy.text_of(class, 1));
    }
    Password::new(text)
}

/// A number below `limit`, which is at most 256, each equally likely.
fn below(limit: usize, entropy: &dyn Entropy) -> usize {
    let fair = 256 - 256 % limit;
    let mut byte = [0];
    loop {
        entropy.fill(&mut byte);
        let value = usize::from(byte[0]);
        if value < fair {
            return value % limit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemEntropy;
    use crate::user_pool::password_policy::Operation;

    #[test]
    fn a_generated_password_keeps_to_any_policy() {
        for minimum_length in [6, 8, 12, 99] {
            for require_symbols in [true, false] {
                let policy = PasswordPolicy {
                    minimum_length,
                    require_symbols,
                    ..PasswordPolicy::default()
                };
                for _ in 0..200 {
                    let password = generate(&policy, &SystemEntropy);
                    assert!(policy.check(&password, Operation::AdminCreateUser).is_ok());
                    assert_eq!(password.expose().len(), LENGTH.max(minimum_length as usize));
                }
            }
        }
    }

    #[test]
    fn two_passwords_differ() {
        let policy = PasswordPolicy::default();
        let [a, b] = [0; 2].map(|_| generate(&policy, &SystemEntropy));
        assert_ne!(a.expose(), b.expose());
    }
}
