//! Request rates by Cognito's categories, for the whole server: what an account has at AWS, a server has here.
//!
//! Source: *Quotas in Amazon Cognito*. A category's operations draw on one rate; answers to challenges have three times the
//! rate of sign-ins for themselves and count as sign-ins beyond that; some operations have a rate in each user pool as
//! well. Chosen: a bucket of one second's worth, and a request that is turned away counts nowhere. Each process counts
//! for itself.

mod bucket;
mod category;
mod limits;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use model::{ChallengeNameType, Operation};
use pool::id::UserPoolId;
use pool::time::Time;

use bucket::Bucket;
pub use category::Category;
pub use limits::RateLimits;

/// How many times the rate of sign-ins the answers to challenges have.
const ANSWERS_TO_A_SIGN_IN: u32 = 3;

/// From how many on the buckets of operations in pools are looked through for full ones, which need not be kept.
const MANY_POOLS: usize = 1024;

/// What a request draws on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw<'a> {
    /// The operation.
    pub(crate) operation: Operation,
    /// Which challenge is answered, if one is.
    pub(crate) challenge: Option<ChallengeNameType>,
    /// Which pool is named, if one is.
    pub(crate) user_pool_id: Option<&'a UserPoolId>,
}

/// The rates and what is left of them.
#[derive(Debug)]
pub(crate) struct Quotas {
    limits: RateLimits,
    left: Mutex<Left>,
}

#[derive(Debug, Default)]
struct Left {
    categories: BTreeMap<Category, Bucket>,
    answers: Option<Bucket>,
    pools: HashMap<(Operation, UserPoolId), Bucket>,
}

impl Quotas {
    /// Nothing drawn yet.
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            left: Mutex::default(),
        }
    }

    /// Lets a request through, or says which category's rate it exceeds.
    pub(crate) fn draw(&self, draw: Draw<'_>, now: Time) -> Result<(), Category> {
        if self.limits.is_off() {
            return Ok(());
        }
        let category = Category::of(draw.operation, draw.challenge);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let Left {
            categories,
            answers,
            pools,
        } = &mut *left;
        // Asked first and taken last: what the server's rate turns away takes nothing from the pool's.
        let mut in_pool = self.in_pool(pools, draw, category, now);
        if in_pool.as_mut().is_some_and(|bucket| !bucket.has_one(now)) {
            return Err(category);
        }
        if let Some(rate) = self.limits.of(category) {
            let is_answer = category == Category::UserAuthentication && is_answer(draw.operation);
            let of_answers = || Bucket::full(rate.saturating_mul(ANSWERS_TO_A_SIGN_IN), now);
            let is_let_through = is_answer && answers.get_or_insert_with(of_answers).take_one(now);
            let bucket = categories
                .entry(category)
                .or_insert_with(|| Bucket::full(rate, now));
            if !is_let_through && !bucket.take_one(now) {
                return Err(category);
            }
        }
        in_pool.map(|bucket| bucket.take_one(now));
        Ok(())
    }

    /// What is left for an operation in its pool, where that is limited.
    fn in_pool<'p>(
        &self,
        pools: &'p mut HashMap<(Operation, UserPoolId), Bucket>,
        draw: Draw<'_>,
        category: Category,
        now: Time,
    ) -> Option<&'p mut Bucket> {
        let rate = self.limits.per_user_pool()?;
        let pool = draw
            .user_pool_id
            .filter(|_| category.is_limited_per_user_pool())?;
        if pools.len() >= MANY_POOLS {
            pools.retain(|_, bucket| !bucket.is_full(now));
        }
        let key = (draw.operation, pool.clone());
        Some(pools.entry(key).or_insert_with(|| Bucket::full(rate, now)))
    }
}

fn is_answer(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::RespondToAuthChallenge | Operation::AdminRespondToAuthChallenge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    /// How many of a hundred such requests at once are let through.
    fn let_through(quotas: &Quotas, draw: Draw<'_>) -> usize {
        (0..100).filter(|_| quotas.draw(draw, NOW).is_ok()).count()
    }

    fn draw(operation: Operation) -> Draw<'static> {
        Draw {
            operation,
            challenge: None,
            user_pool_id: None,
        }
    }

    #[test]
    fn operations_of_a_category_share_its_rate_and_others_do_not() {
        let quotas = Quotas::new(RateLimits::off().with(Category::UserCreation, Some(7)));
        for _ in 0..3 {
            assert_eq!(quotas.draw(draw(Operation::SignUp), NOW), Ok(()));
        }
        assert_eq!(let_through(&quotas, draw(Operation::AdminCreateUser)), 4);
        assert_eq!(
            quotas.draw(draw(Operation::SignUp), NOW),
            Err(Category::UserCreation)
        );
        assert_eq!(let_through(&quotas, draw(Operation::GetUser)), 100);
    }

    #[test]
    fn answers_have_three_times_the_rate_and_then_take_from_the_sign_ins() {
        let quotas = Quotas::new(RateLimits::off().with(Category::UserAuthentication, Some(10)));
        assert_eq!(let_through(&quotas, draw(Operation::RespondToAuthChallenge)), 40);
        assert_eq!(let_through(&quotas, draw(Operation::InitiateAuth)), 0);
        let quotas = Quotas::new(RateLimits::off().with(Category::UserAuthentication, Some(10)));
        assert_eq!(let_through(&quotas, draw(Operation::InitiateAuth)), 10);
        assert_eq!(
            let_through(&quotas, draw(Operation::AdminRespondToAuthChallenge)),
            30
        );
    }

    #[test]
    fn a_chosen_password_counts_as_recovery() {
        let limits = RateLimits::cognito()
            .with(Category::UserAuthentication, None)
            .with(Category::UserAccountRecovery, Some(2));
        let chosen = Draw {
            challenge: Some(ChallengeNameType::NewPasswordRequired),
            ..draw(Operation::RespondToAuthChallenge)
        };
        assert_eq!(let_through(&Quotas::new(limits), chosen), 2);
    }

    #[test]
    fn an_operation_has_a_rate_in_each_pool_and_does_not_take_another_s() {
        let [one, other] = ["us-east-1_AAAAAAAAA", "us-east-1_BBBBBBBBB"]
            .map(|id| UserPoolId::parse(id).expect("a pool's id"));
        let quotas = Quotas::new(RateLimits::cognito());
        let list = |pool| Draw {
            user_pool_id: Some(pool),
            ..draw(Operation::ListGroups)
        };
        assert_eq!(let_through(&quotas, list(&one)), 5);
        assert_eq!(let_through(&quotas, list(&other)), 5);
        let get = Draw {
            operation: Operation::GetGroup,
            ..list(&one)
        };
        assert_eq!(let_through(&quotas, get), 5);
        // Users have no such rate.
        let users = Draw {
            operation: Operation::ListUsers,
            ..list(&one)
        };
        assert_eq!(let_through(&quotas, users), 30);
    }

    #[test]
    fn buckets_of_pools_are_not_kept_for_ever() {
        let limits = RateLimits::off().with_per_user_pool(Some(5));
        let quotas = Quotas::new(limits);
        for n in 0..10_000 {
            let id = UserPoolId::parse(&format!("us-east-1_{n:09}")).expect("a pool's id");
            let list = Draw {
                user_pool_id: Some(&id),
                ..draw(Operation::ListGroups)
            };
            assert_eq!(quotas.draw(list, Time(n * 1000)), Ok(()));
        }
        assert!(quotas.left.lock().unwrap().pools.len() <= MANY_POOLS);
    }

    #[test]
    fn without_limits_nothing_is_counted() {
        let quotas = Quotas::new(RateLimits::off());
        assert_eq!(let_through(&quotas, draw(Operation::InitiateAuth)), 100);
        assert!(quotas.left.lock().unwrap().categories.is_empty());
    }
}
