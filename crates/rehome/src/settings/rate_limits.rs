//! How many requests a second are let through: `off`, `cognito`, or a file that says what is other than at Cognito.
//!
//! ```toml
//! [requests_per_second]
//! UserAuthentication = 500
//! UserList = "off"
//! each_operation_in_a_user_pool = "off"
//! ```

use std::path::Path;

use server::RateLimits;
use server::quota::Category;

use crate::problem::Problem;
use crate::section::{self, Section};

/// The key for what an operation may have in each user pool.
const PER_USER_POOL: &str = "each_operation_in_a_user_pool";

/// The highest rate: at more, nothing is limited anyway.
const HIGHEST: u32 = 1_000_000;

/// Reads what the flag says. `None` when something is wrong with it.
pub(super) fn read(given: &str, problems: &mut Vec<Problem>) -> Option<RateLimits> {
    match given {
        "off" => Some(RateLimits::off()),
        "cognito" => Some(RateLimits::cognito()),
        file => {
            let text = super::read(Path::new(file), "--rate-limits", problems)?;
            from_file(file, &text, problems)
        }
    }
}

fn from_file(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<RateLimits> {
    let before = problems.len();
    let table = section::parse(file, text, problems)?;
    let mut root = Section::new(format!("{file}: "), table, problems);
    let mut limits = RateLimits::cognito();
    match root.table("requests_per_second") {
        Some(rates) => {
            let mut rates = root.inner("requests_per_second", rates);
            for &category in Category::ALL {
                if let Some(rate) = rate(&mut rates, category.as_str()) {
                    limits = limits.with(category, rate);
                }
            }
            if let Some(rate) = rate(&mut rates, PER_USER_POOL) {
                limits = limits.with_per_user_pool(rate);
            }
            rates.refuse_the_rest();
        }
        None => root.wrong(
            "requests_per_second",
            "has no rates; write a line UserAuthentication = 500 under [requests_per_second]",
        ),
    }
    root.refuse_the_rest();
    (problems.len() == before).then_some(limits)
}

/// A rate, or the word that lifts a limit; nothing where the file is silent.
#[expect(clippy::option_option, reason = "silent, lifted, or a number")]
fn rate(rates: &mut Section<'_>, key: &'static str) -> Option<Option<u32>> {
    let value = rates.value(key)?;
    let number = value.as_integer().and_then(|number| u32::try_from(number).ok());
    match number.filter(|number| (1..=HIGHEST).contains(number)) {
        Some(number) => Some(Some(number)),
        None if value.as_str() == Some("off") => Some(None),
        None => rates.refuse(
            key,
            format!("write a whole number from 1 to {HIGHEST}, or \"off\""),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_is_other_than_at_cognito() {
        let text = "[requests_per_second]\nUserAuthentication = 500\nUserList = \"off\"\n\
                    each_operation_in_a_user_pool = \"off\"";
        let mut problems = Vec::new();
        let expected = RateLimits::cognito()
            .with(Category::UserAuthentication, Some(500))
            .with(Category::UserList, None)
            .with_per_user_pool(None);
        assert_eq!(from_file("rates.toml", text, &mut problems), Some(expected));
        assert_eq!(problems, []);
    }

    #[test]
    fn everything_wrong_with_a_file_is_told_with_its_mend() {
        let text = "[requests_per_second]\nUserAuthentication = 0\nUserRead = \"fast\"\nSignIn = 4";
        let mut problems = Vec::new();
        assert_eq!(from_file("rates.toml", text, &mut problems), None);
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        let mend = "write a whole number from 1 to 1000000, or \"off\"";
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(
            told[..2],
            [
                format!("rates.toml: requests_per_second.UserAuthentication: {mend}"),
                format!("rates.toml: requests_per_second.UserRead: {mend}"),
            ]
        );
        assert!(told[2].starts_with("rates.toml: requests_per_second.SignIn: is not a key"));
    }

    #[test]
    fn a_file_without_rates_is_not_taken_for_cognito_s() {
        let mut problems = Vec::new();
        assert_eq!(from_file("rates.toml", "UserRead = 5", &mut problems), None);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let mut problems = Vec::new();
        assert_eq!(read("cognitoo", &mut problems), None);
        assert!(problems[0].to_string().contains("--rate-limits"), "{problems:?}");
    }
}
