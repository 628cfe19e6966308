//! The rules of a new password, told before it is typed.

use pool::user_pool::PasswordPolicy;

use super::words::{Words, fill};

/// One rule.
pub(super) struct Rule {
    /// By which the script knows it.
    pub(super) name: &'static str,
    /// Of the length, the number of characters.
    pub(super) count: u32,
    pub(super) text: String,
}

/// Those of a pool.
pub(super) fn of(words: &Words, policy: &PasswordPolicy) -> Vec<Rule> {
    let count = policy.minimum_length;
    let length = fill(&words.rule_length, "count", &count.to_string());
    let all = [
        (true, "length", length),
        (policy.require_uppercase, "upper", words.rule_upper.clone()),
        (policy.require_lowercase, "lower", words.rule_lower.clone()),
        (policy.require_numbers, "number", words.rule_number.clone()),
        (policy.require_symbols, "symbol", words.rule_symbol.clone()),
    ];
    let wanted = all.into_iter().filter(|(wanted, ..)| *wanted);
    wanted.map(|(_, name, text)| Rule { name, count, text }).collect()
}
