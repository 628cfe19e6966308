//! Commits that meet: each ends as if it had been alone, before or after the others.

use std::sync::Arc;

use pool::ports::{Change, Conflict, Delivery, StoreError, UserQuery};
use pool::time::Time;
use tokio::task::JoinSet;

use super::Subject;
use super::deliveries::delivery;
use super::devices::{device, family};
use super::groups::group;
use super::unknown_names::name as unknown_name;
use crate::fixtures::{insert_pool, insert_user, login, pool_id, replace_user, sub, user, user_pool};

/// How often the commits are made to meet: each time in another order.
const ROUNDS: u32 = 12;

type Outcome = Result<(), StoreError>;

/// Commits all at once.
async fn at_once(store: &Subject, commits: impl IntoIterator<Item = Vec<Change>>) -> Vec<Outcome> {
    let mut tasks = JoinSet::new();
    for (place, changes) in commits.into_iter().enumerate() {
        let store = Arc::clone(store);
        tasks.spawn(async move { (place, store.commit(changes).await) });
    }
    let mut outcomes = tasks.join_all().await;
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn succeeded(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

/// The conflict of an outcome that is a failure; nothing else is one.
fn conflict_of(outcome: &Outcome) -> Option<&Conflict> {
    match outcome {
        Ok(()) => None,
        Err(StoreError::Conflict(conflict)) => Some(conflict),
        Err(error) => panic!("{error:?}"),
    }
}

fn delete_user(n: u32) -> Vec<Change> {
    vec![Change::DeleteUser {
        user_pool_id: pool_id(1),
        sub: sub(n),
    }]
}

pub(crate) async fn names_taken_crosswise_are_taken_by_one(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    for round in 0..ROUNDS {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        let new =
            |n: u32, names: [&str; 2]| vec![insert_user(user(round * 10 + n, &pool_id(1), &[]), &names)];
        let outcomes = at_once(
            store,
            [
                new(0, [&a, &b]),
                new(1, [&b, &a]),
                new(2, [&a, &b]),
                new(3, [&b, &a]),
            ],
        );
        let outcomes = outcomes.await;
        assert_eq!(succeeded(&outcomes), 1, "{outcomes:?}");
        for outcome in &outcomes {
            let taken = conflict_of(outcome);
            assert!(matches!(taken, None | Some(Conflict::LoginTaken(_))), "{taken:?}");
        }
        let owner = async |name: &str| {
            store
                .find_user(&pool_id(1), &login(name))
                .await
                .unwrap()
                .unwrap()
                .sub
        };
        assert_eq!(owner(&a).await, owner(&b).await);
    }
    assert_eq!(
        store.estimate_users(&pool_id(1)).await.unwrap(),
        u64::from(ROUNDS)
    );
}

pub(crate) async fn names_that_change_hands_crosswise_stay_one_user_s(store: &Subject) {
    let mut users = [user(0, &pool_id(1), &[]), user(1, &pool_id(1), &[])];
    let made = vec![
        insert_pool(user_pool(1)),
        insert_user(users[0].clone(), &["zero", "x"]),
        insert_user(users[1].clone(), &["one", "y"]),
    ];
    store.commit(made).await.unwrap();
    for _ in 0..ROUNDS {
        // Each takes the other's alias from them, in one commit.
        let take = |loser: usize, winner: usize, own: [&str; 2]| {
            vec![
                replace_user(users[loser].clone(), Some(&own[..1])),
                replace_user(users[winner].clone(), Some(&[own[1], "x", "y"])),
            ]
        };
        let outcomes = at_once(store, [take(0, 1, ["zero", "one"]), take(1, 0, ["one", "zero"])]).await;
        assert_eq!(succeeded(&outcomes), 1, "{outcomes:?}");
        for user in &mut users {
            *user = store
                .find_user_by_sub(&pool_id(1), &user.sub)
                .await
                .unwrap()
                .unwrap();
        }
        let owner = async |name: &str| {
            store
                .find_user(&pool_id(1), &login(name))
                .await
                .unwrap()
                .unwrap()
                .sub
        };
        assert_eq!(owner("x").await, owner("y").await);
        assert_eq!((owner("zero").await, owner("one").await), (sub(0), sub(1)));
    }
}

pub(crate) async fn users_who_come_and_go_at_once_are_counted(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    for n in 0..40 {
        let new = insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")]);
        store.commit(vec![new]).await.unwrap();
    }
    // Everybody of the first forty goes twice, forty more come.
    let gone = (0..80).map(|n| delete_user(n % 40));
    let come = (40..80).map(|n| vec![insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")])]);
    let outcomes = at_once(store, gone.chain(come)).await;
    assert_eq!(succeeded(&outcomes[..80]), 40, "each was there once");
    assert_eq!(succeeded(&outcomes[80..]), 40);
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 40);
}

pub(crate) async fn nothing_comes_into_a_pool_that_goes(store: &Subject) {
    for round in 0..ROUNDS {
        store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
        let mut commits: Vec<Vec<Change>> = (0..12)
            .map(|n| vec![insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")])])
            .collect();
        commits.push(vec![Change::InsertGroup(Box::new(group("staff")))]);
        commits.push(vec![Change::InsertDomain {
            domain: "login".to_owned(),
            user_pool_id: pool_id(1),
        }]);
        // At another place each time.
        commits.insert(round as usize % 14, vec![Change::DeleteUserPool(pool_id(1))]);
        let outcomes = at_once(store, commits).await;
        assert!(outcomes[round as usize % 14].is_ok(), "{outcomes:?}");
        for outcome in &outcomes {
            assert!(
                matches!(conflict_of(outcome), None | Some(Conflict::Changed)),
                "{outcome:?}"
            );
        }
        assert_eq!(store.find_user_pool(&pool_id(1)).await.unwrap(), None);
        assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 0);
        assert_eq!(store.find_pool_of_domain("login").await.unwrap(), None);
        let everybody = UserQuery {
            filter: None,
            after: None,
            limit: 60,
        };
        assert!(
            store
                .list_users(&pool_id(1), &everybody)
                .await
                .unwrap()
                .users
                .is_empty()
        );
        assert_eq!(store.count_groups(&pool_id(1)).await.unwrap(), 0);
    }
}

pub(crate) async fn nothing_clings_to_a_user_who_goes(store: &Subject) {
    let staff = group("staff");
    let made = vec![
        insert_pool(user_pool(1)),
        Change::InsertGroup(Box::new(staff.clone())),
    ];
    store.commit(made).await.unwrap();
    for round in 0..ROUNDS {
        let ann = user(1, &pool_id(1), &[]);
        store
            .commit(vec![insert_user(ann.clone(), &["ann"])])
            .await
            .unwrap();
        let mut commits = vec![
            vec![replace_user(ann, Some(&["ann", "a"]))],
            vec![Change::InsertDevice(Box::new(device("phone")))],
            vec![Change::PutTokenFamily {
                family: Box::new(family("jti", 100)),
                now: Time(1),
            }],
            vec![Change::AddGroupMember {
                user_pool_id: pool_id(1),
                group: staff.id.clone(),
                sub: sub(1),
            }],
        ];
        commits.insert(round as usize % 5, delete_user(1));
        let outcomes = at_once(store, commits).await;
        assert!(outcomes[round as usize % 5].is_ok(), "{outcomes:?}");
        for outcome in &outcomes {
            assert!(
                matches!(conflict_of(outcome), None | Some(Conflict::Changed)),
                "{outcome:?}"
            );
        }
        for name in ["ann", "a"] {
            assert_eq!(store.find_user(&pool_id(1), &login(name)).await.unwrap(), None);
        }
        assert!(
            store
                .list_devices(&pool_id(1), &sub(1), None, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let members = store
            .list_group_members(&pool_id(1), &staff.id, None, 9)
            .await
            .unwrap();
        assert!(members.is_empty());
        assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 0);
    }
}

pub(crate) async fn nobody_comes_into_a_group_that_goes(store: &Subject) {
    let ann = insert_user(user(1, &pool_id(1), &[]), &["ann"]);
    store.commit(vec![insert_pool(user_pool(1)), ann]).await.unwrap();
    for round in 0..ROUNDS {
        let staff = group("staff");
        store
            .commit(vec![Change::InsertGroup(Box::new(staff.clone()))])
            .await
            .unwrap();
        let add = vec![Change::AddGroupMember {
            user_pool_id: pool_id(1),
            group: staff.id.clone(),
            sub: sub(1),
        }];
        let delete = vec![Change::DeleteGroup {
            user_pool_id: pool_id(1),
            id: staff.id.clone(),
        }];
        let commits = if round % 2 == 0 {
            [add, delete]
        } else {
            [delete, add]
        };
        let outcomes = at_once(store, commits).await;
        assert!(outcomes[usize::from(round % 2 == 0)].is_ok(), "{outcomes:?}");
        for outcome in &outcomes {
            assert!(
                matches!(conflict_of(outcome), None | Some(Conflict::Changed)),
                "{outcome:?}"
            );
        }
        assert_eq!(
            store.find_group_by_id(&pool_id(1), &staff.id).await.unwrap(),
            None
        );
        assert!(
            store
                .list_group_members(&pool_id(1), &staff.id, None, 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

pub(crate) async fn what_is_written_first_by_many_is_written_once(store: &Subject) {
    let ann = insert_user(user(1, &pool_id(1), &[]), &["ann"]);
    store.commit(vec![insert_pool(user_pool(1)), ann]).await.unwrap();
    let put_family = || {
        vec![Change::PutTokenFamily {
            family: Box::new(family("jti", 100)),
            now: Time(1),
        }]
    };
    let put_name = || {
        vec![Change::PutUnknownName {
            name: Box::new(unknown_name(7, 100)),
            now: Time(1),
        }]
    };
    for outcomes in [
        at_once(store, (0..20).map(|_| put_family())).await,
        at_once(store, (0..20).map(|_| put_name())).await,
    ] {
        assert_eq!(succeeded(&outcomes), 1, "{outcomes:?}");
        assert!(
            outcomes
                .iter()
                .all(|outcome| matches!(conflict_of(outcome), None | Some(Conflict::Changed)))
        );
    }
}

pub(crate) async fn a_message_is_taken_up_by_one_of_many(store: &Subject) {
    let waiting = delivery(1, 100);
    store
        .commit(vec![Change::InsertDelivery(Box::new(waiting.clone()))])
        .await
        .unwrap();
    let take = |n: i64| {
        vec![Change::ReplaceDelivery {
            delivery: Box::new(Delivery {
                due_at: Time(1000 + n),
                ..waiting.clone()
            }),
            was_due_at: Time(100),
        }]
    };
    let outcomes = at_once(store, (0..20).map(take)).await;
    assert_eq!(succeeded(&outcomes), 1, "{outcomes:?}");
    let winner = outcomes.iter().position(Result::is_ok).unwrap();
    let kept = store.due_deliveries(Time(2000), 9).await.unwrap();
    assert_eq!(kept[0].due_at, Time(1000 + i64::try_from(winner).unwrap()));
}

pub(crate) async fn what_is_renewed_while_it_is_cleared_away_stays(store: &Subject) {
    for round in 0..i64::from(ROUNDS) {
        let (begins, ends) = (round * 1000, round * 1000 + 100);
        let put = |name: pool::unknown_name::UnknownName, now| {
            vec![Change::PutUnknownName {
                name: Box::new(name),
                now: Time(now),
            }]
        };
        let n = u32::try_from(round).unwrap() * 100;
        store.commit(put(unknown_name(n, ends), begins)).await.unwrap();
        let written = store
            .find_unknown_name(&pool_id(1), &sub(n))
            .await
            .unwrap()
            .unwrap();
        // It has ended and is tried again, while others come by who clear away what has ended.
        let mut renewed = written.clone();
        renewed.expires_at = Time(ends + 5000);
        let mut commits: Vec<_> = (1..9)
            .map(|m| put(unknown_name(n + m, ends + 900), ends + 1))
            .collect();
        commits.insert(4, put(renewed, ends + 1));
        let outcomes = at_once(store, commits).await;
        let found = store.find_unknown_name(&pool_id(1), &sub(n)).await.unwrap();
        match conflict_of(&outcomes[4]) {
            None => assert_eq!(found.map(|name| name.expires_at), Some(Time(ends + 5000))),
            // Cleared away before: it is written as a new one at the next try.
            Some(conflict) => assert_eq!((conflict, found), (&Conflict::Changed, None)),
        }
    }
}
