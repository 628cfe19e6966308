//! Any sequence of commits leaves a store as it leaves a simple model of it.

use std::collections::BTreeMap;

use pool::id::{Sub, UserPoolId};
use pool::ports::{Change, Conflict, StoreError, UserFilter, UserQuery};
use pool::user::{Comparison, SearchKey, User};
use proptest::prelude::*;

use super::Subject;
use crate::fixtures::{insert_pool, insert_user, login, pool_id, replace_user, sub, user, user_pool};

const NAMES: [&str; 5] = ["ann", "bob", "cem", "a@example.com", "\u{10ffff}"];
const VALUES: [&str; 5] = ["a", "ab", "a%", "山", ""];

/// A change, by small numbers.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    InsertPool(u32),
    DeletePool(u32),
    InsertUser {
        pool: u32,
        user: u32,
        value: Option<usize>,
        names: Vec<usize>,
    },
    ReplaceUser {
        pool: u32,
        user: u32,
        stale: bool,
        value: Option<usize>,
        names: Option<Vec<usize>>,
    },
    DeleteUser {
        pool: u32,
        user: u32,
    },
}

/// Some commits of some steps.
pub(crate) fn commits() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let names = || proptest::collection::vec(0..NAMES.len(), 0..3);
    let value = || proptest::option::of(0..VALUES.len());
    let who = || (0..2_u32, 0..4_u32);
    let step = prop_oneof![
        2 => (0..2_u32).prop_map(Step::InsertPool),
        1 => (0..2_u32).prop_map(Step::DeletePool),
        8 => (who(), value(), names()).prop_map(|((pool, user), value, names)| {
            Step::InsertUser { pool, user, value, names }
        }),
        8 => (who(), proptest::bool::weighted(0.1), value(), proptest::option::of(names())).prop_map(
            |((pool, user), stale, value, names)| Step::ReplaceUser { pool, user, stale, value, names }
        ),
        3 => who().prop_map(|(pool, user)| Step::DeleteUser { pool, user }),
    ];
    proptest::collection::vec(proptest::collection::vec(step, 1..4), 1..25)
}

/// What a store holds.
#[derive(Clone, Debug, Default)]
struct Model {
    pools: BTreeMap<UserPoolId, Users>,
}

#[derive(Clone, Debug, Default)]
struct Users {
    users: BTreeMap<Sub, User>,
    logins: BTreeMap<String, Sub>,
}

impl Model {
    /// The change that a step means now. A replacement starts from what is stored.
    fn change(&self, step: &Step) -> Change {
        let valued = |pool: u32, n: u32, value: Option<usize>| {
            let attributes: Vec<_> = value.map(|value| ("name", VALUES[value])).into_iter().collect();
            user(n, &pool_id(pool), &attributes)
        };
        let texts = |names: &[usize]| names.iter().map(|name| NAMES[*name]).collect::<Vec<_>>();
        match step {
            Step::InsertPool(pool) => insert_pool(user_pool(*pool)),
            Step::DeletePool(pool) => Change::DeleteUserPool(pool_id(*pool)),
            Step::InsertUser {
                pool,
                user,
                value,
                names,
            } => insert_user(valued(*pool, *user, *value), &texts(names)),
            Step::ReplaceUser {
                pool,
                user,
                stale,
                value,
                names,
            } => {
                let stored = self
                    .pools
                    .get(&pool_id(*pool))
                    .and_then(|users| users.users.get(&sub(*user)));
                let version = stored.map_or(1, |user| user.version) - i64::from(*stale);
                let user = User {
                    version,
                    ..valued(*pool, *user, *value)
                };
                replace_user(user, names.as_deref().map(texts).as_deref())
            }
            Step::DeleteUser { pool, user } => Change::DeleteUser {
                user_pool_id: pool_id(*pool),
                sub: sub(*user),
            },
        }
    }

    fn apply(&mut self, change: Change) -> Result<(), Conflict> {
        match change {
            Change::InsertUserPool(pool) => {
                if self.pools.contains_key(&pool.id) {
                    return Err(Conflict::IdTaken);
                }
                self.pools.insert(pool.id, Users::default());
                Ok(())
            }
            Change::DeleteUserPool(id) => self.pools.remove(&id).map(drop).ok_or(Conflict::Changed),
            Change::InsertUser { user, logins } => {
                let users = self.pools.get_mut(&user.user_pool_id).ok_or(Conflict::Changed)?;
                if users.users.contains_key(&user.sub) {
                    return Err(Conflict::IdTaken);
                }
                let sub = user.sub.clone();
                users.users.insert(sub.clone(), *user);
                users.name(&sub, &logins)
            }
            Change::ReplaceUser { user, logins } => {
                let users = self.pools.get_mut(&user.user_pool_id).ok_or(Conflict::Changed)?;
                let stored = users.users.get_mut(&user.sub).ok_or(Conflict::Changed)?;
                if stored.version != user.version {
                    return Err(Conflict::Changed);
                }
                let sub = user.sub.clone();
                *stored = User {
                    version: user.version + 1,
                    ..*user
                };
                let Some(logins) = logins else { return Ok(()) };
                users.logins.retain(|_, owner| *owner != sub);
                users.name(&sub, &logins)
            }
            Change::DeleteUser { user_pool_id, sub } => {
                let users = self.pools.get_mut(&user_pool_id).ok_or(Conflict::Changed)?;
                users.logins.retain(|_, owner| *owner != sub);
                users.users.remove(&sub).map(drop).ok_or(Conflict::Changed)
            }
            other => panic!("the model knows nothing of {other:?}"),
        }
    }
}

impl Users {
    fn name(&mut self, sub: &Sub, logins: &[pool::id::LoginKey]) -> Result<(), Conflict> {
        for login in logins {
            let owner = self
                .logins
                .entry(login.as_str().to_owned())
                .or_insert_with(|| sub.clone());
            if owner != sub {
                return Err(Conflict::LoginTaken(login.clone()));
            }
        }
        Ok(())
    }

    /// The users of a name filter in the order of a listing.
    fn named(&self, comparison: Comparison, value: &str) -> Vec<User> {
        let mut found: Vec<(&str, &User)> = Vec::new();
        for user in self.users.values() {
            let Some(name) = user.attributes.get("name") else {
                continue;
            };
            let matches = match comparison {
                Comparison::Equals => name == value,
                Comparison::StartsWith => name.starts_with(value),
            };
            if matches {
                found.push((name, user));
            }
        }
        found.sort_by_key(|(name, user)| (*name, &user.sub));
        found.into_iter().map(|(_, user)| user.clone()).collect()
    }
}

/// Runs `commits` on an empty store and compares it with the model after each.
pub(crate) async fn a_store_does_as_the_model_does(store: &Subject, commits: Vec<Vec<Step>>) {
    let mut model = Model::default();
    for steps in commits {
        let (mut after, mut expected) = (model.clone(), Ok(()));
        let mut changes = Vec::new();
        for step in &steps {
            // What follows the first failure is part of the commit all the same.
            let change = after.change(step);
            changes.push(change.clone());
            if expected.is_ok() {
                expected = after.apply(change);
            }
        }
        let outcome = match store.commit(changes).await {
            Ok(()) => Ok(()),
            Err(StoreError::Conflict(conflict)) => Err(conflict),
            Err(error) => panic!("{error:?}"),
        };
        assert_eq!(outcome, expected, "{steps:?}");
        if expected.is_ok() {
            model = after;
        }
        compare(store, &model).await;
    }
}

async fn compare(store: &Subject, model: &Model) {
    for pool in (0..2).map(pool_id) {
        let nobody = Users::default();
        let users = model.pools.get(&pool).unwrap_or(&nobody);
        assert_eq!(
            store.find_user_pool(&pool).await.unwrap().is_some(),
            model.pools.contains_key(&pool)
        );
        assert_eq!(
            store.estimate_users(&pool).await.unwrap(),
            users.users.len() as u64
        );
        for name in NAMES {
            let expected = users.logins.get(name).and_then(|sub| users.users.get(sub));
            assert_eq!(
                store.find_user(&pool, &login(name)).await.unwrap().as_ref(),
                expected
            );
        }
        assert_eq!(
            all(store, &pool, None).await,
            users.users.values().cloned().collect::<Vec<_>>()
        );
        for comparison in [Comparison::Equals, Comparison::StartsWith] {
            for value in VALUES {
                let filter = UserFilter {
                    key: SearchKey::Name,
                    value: value.to_owned(),
                    comparison,
                };
                assert_eq!(
                    all(store, &pool, Some(filter)).await,
                    users.named(comparison, value)
                );
            }
        }
    }
}

/// All users of a filter, two at a time.
async fn all(store: &Subject, pool: &UserPoolId, filter: Option<UserFilter>) -> Vec<User> {
    let mut query = UserQuery {
        filter,
        after: None,
        limit: 2,
    };
    let mut users = Vec::new();
    loop {
        let page = store.list_users(pool, &query).await.unwrap();
        users.extend(page.users);
        let Some(next) = page.next else { return users };
        query.after = Some(next);
    }
}
