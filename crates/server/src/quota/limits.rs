//! How many requests a second are let through: none counted, Cognito's numbers, or somebody's own.

use std::collections::BTreeMap;

use super::Category;

/// Requests that one operation may have a second in one user pool, in the categories where that is limited too.
const COGNITOS_PER_USER_POOL: u32 = 5;

/// Requests a second by category, for all user pools of the server together. What is not named is not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    categories: BTreeMap<Category, u32>,
    per_user_pool: Option<u32>,
}

impl RateLimits {
    /// Nothing is limited.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// The default quotas of an account at Cognito.
    #[must_use]
    pub fn cognito() -> Self {
        let rates = Category::ALL
            .iter()
            .map(|&category| (category, category.cognitos_rate()));
        Self {
            categories: rates.collect(),
            per_user_pool: Some(COGNITOS_PER_USER_POOL),
        }
    }

    /// The same with another rate for a category; `None` lifts its limit.
    #[must_use]
    pub fn with(mut self, category: Category, requests_a_second: Option<u32>) -> Self {
        match requests_a_second {
            Some(rate) => self.categories.insert(category, rate),
            None => self.categories.remove(&category),
        };
        self
    }

    /// The same with another rate for each operation in each user pool; `None` lifts that limit.
    #[must_use]
    pub fn with_per_user_pool(mut self, requests_a_second: Option<u32>) -> Self {
        self.per_user_pool = requests_a_second;
        self
    }

    /// Whether nothing is limited.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.categories.is_empty() && self.per_user_pool.is_none()
    }

    pub(super) fn of(&self, category: Category) -> Option<u32> {
        self.categories.get(&category).copied()
    }

    pub(super) fn per_user_pool(&self) -> Option<u32> {
        self.per_user_pool
    }
}
