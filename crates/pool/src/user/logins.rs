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
