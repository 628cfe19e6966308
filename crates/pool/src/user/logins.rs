//! The names that sign a user in.
//!
//! Source: *User pool attributes* (aliases count once verified, `preferred_username` once set; username attributes
//! count at once).

use super::User;
use crate::id::LoginKey;
use crate::user_pool::{SignInNames, UserPool};

impl User {
    /// User name and active aliases in the form in which names are compared, each once.
    #[must_use]
    pub fn logins(&self, pool: &UserPool) -> Vec<LoginKey> {
        let case = pool.case();
        let mut logins = vec![case.login_key(self.username.as_str())];
        let names: &[String] = match &pool.sign_in_names {
            SignInNames::Username => &[],
            SignInNames::Aliases(names) | SignInNames::UsernameAttributes(names) => names,
        };
        for name in names {
            let active = match &pool.sign_in_names {
                SignInNames::Aliases(_) => self.is_active_alias(name),
                SignInNames::Username | SignInNames::UsernameAttributes(_) => true,
            };
            let Some(value) = self
                .attributes
                .get(name)
                .filter(|value| active && !value.is_empty())
            else {
                continue;
            };
            let key = case.login_key(value);
            if !logins.contains(&key) {
                logins.push(key);
            }
        }
        logins
    }

    /// Whether the attribute `name` signs the user in where it is an alias.
    fn is_active_alias(&self, name: &str) -> bool {
        name == "preferred_username" || self.attributes.is_true(&format!("{name}_verified"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const CONTACTS: &[(&str, &str)] = &[
        ("email", "A@b.c"),
        ("phone_number", "+123"),
        ("preferred_username", "al"),
    ];

    fn logins(pool: &UserPool, attributes: &[(&str, &str)]) -> Vec<String> {
        let user = fixture::user(pool, "alice", attributes);
        user.logins(pool)
            .into_iter()
            .map(|login| login.to_string())
            .collect()
    }

    fn names() -> Vec<String> {
        ["email", "phone_number", "preferred_username"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn without_aliases_the_user_name_alone_signs_in() {
        assert_eq!(logins(&fixture::pool(SignInNames::Username), CONTACTS), ["alice"]);
    }

    #[test]
    fn an_alias_counts_once_verified_and_a_preferred_user_name_at_once() {
        let pool = fixture::pool(SignInNames::Aliases(names()));
        assert_eq!(logins(&pool, CONTACTS), ["alice", "al"]);
        let verified = [
            CONTACTS,
            &[("email_verified", "true"), ("phone_number_verified", "false")],
        ]
        .concat();
        assert_eq!(logins(&pool, &verified), ["alice", "A@b.c", "al"]);
    }

    #[test]
    fn a_username_attribute_counts_unverified_beside_the_user_name() {
        let pool = fixture::pool(SignInNames::UsernameAttributes(vec!["email".to_owned()]));
        assert_eq!(logins(&pool, CONTACTS), ["alice", "A@b.c"]);
    }

    #[test]
    fn a_pool_that_ignores_case_compares_in_lower_case() {
        let mut pool = fixture::pool(SignInNames::UsernameAttributes(vec!["email".to_owned()]));
        pool.case_sensitive = Some(false);
        assert_eq!(logins(&pool, CONTACTS), ["alice", "a@b.c"]);
    }

    #[test]
    fn a_name_that_signs_in_twice_over_is_listed_once() {
        let pool = fixture::pool(SignInNames::Aliases(names()));
        assert_eq!(logins(&pool, &[("preferred_username", "alice")]), ["alice"]);
    }
}
