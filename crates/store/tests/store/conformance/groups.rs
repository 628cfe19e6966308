//! Groups and who is in them.

use pool::group::Group;
use pool::id::{GroupId, GroupName};
use pool::ports::{Change, Conflict};
use pool::time::Time;

use super::{Subject, conflict};
use crate::fixtures::{insert_pool, insert_user, pool_id, sub, user, user_pool};

pub(crate) fn group(name: &str) -> Group {
    Group {
        user_pool_id: pool_id(1),
        id: GroupId::generate(&pool::ports::SystemEntropy),
        name: GroupName::parse(name).unwrap(),
        description: Some("people".to_owned()),
        role_arn: None,
        precedence: Some(3),
        created_at: Time(1),
        modified_at: Time(1),
        version: 1,
    }
}

async fn with_pool(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
}

async fn insert(store: &Subject, group: &Group) {
    store
        .commit(vec![Change::InsertGroup(Box::new(group.clone()))])
        .await
        .unwrap();
}

fn add(group: &Group, n: u32) -> Vec<Change> {
    vec![Change::AddGroupMember {
        user_pool_id: pool_id(1),
        group: group.id.clone(),
        sub: sub(n),
    }]
}

async fn members(store: &Subject, group: &Group) -> Vec<String> {
    let users = store
        .list_group_members(&pool_id(1), &group.id, None, 10)
        .await
        .unwrap();
    users.into_iter().map(|user| user.username.to_string()).collect()
}

pub(crate) async fn a_group_is_found_by_name_and_by_id(store: &Subject) {
    with_pool(store).await;
    let admins = group("admins");
    insert(store, &admins).await;
    let by_name = store.find_group(&pool_id(1), &admins.name).await.unwrap();
    let by_id = store.find_group_by_id(&pool_id(1), &admins.id).await.unwrap();
    assert_eq!((by_name.as_ref(), by_id.as_ref()), (Some(&admins), Some(&admins)));
    assert_eq!(store.find_group(&pool_id(2), &admins.name).await.unwrap(), None);
    assert_eq!(store.count_groups(&pool_id(1)).await.unwrap(), 1);
}

pub(crate) async fn the_name_of_a_group_is_taken_once(store: &Subject) {
    with_pool(store).await;
    insert(store, &group("admins")).await;
    let again = vec![Change::InsertGroup(Box::new(group("admins")))];
    assert_eq!(conflict(store, again).await, Conflict::IdTaken);
}

pub(crate) async fn a_stale_group_replaces_nothing(store: &Subject) {
    with_pool(store).await;
    let admins = group("admins");
    insert(store, &admins).await;
    let change = || {
        let newer = Group {
            precedence: None,
            ..admins.clone()
        };
        vec![Change::ReplaceGroup(Box::new(newer))]
    };
    store.commit(change()).await.unwrap();
    assert_eq!(conflict(store, change()).await, Conflict::Changed);
    let found = store
        .find_group(&pool_id(1), &admins.name)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.precedence, found.version), (None, 2));
}

pub(crate) async fn groups_are_listed_by_name_in_pages(store: &Subject) {
    with_pool(store).await;
    for name in ["c", "a", "b"] {
        insert(store, &group(name)).await;
    }
    let names = async |after: Option<&str>, limit| {
        let after = after.and_then(GroupName::parse);
        let groups = store
            .list_groups(&pool_id(1), after.as_ref(), limit)
            .await
            .unwrap();
        groups
            .into_iter()
            .map(|group| group.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(None, 2).await, ["a", "b"]);
    assert_eq!(names(Some("b"), 2).await, ["c"]);
}

pub(crate) async fn members_come_go_and_vanish_with_user_and_group(store: &Subject) {
    with_pool(store).await;
    let admins = group("admins");
    insert(store, &admins).await;
    for n in [1, 2] {
        store
            .commit(vec![insert_user(
                user(n, &pool_id(1), &[]),
                &[&format!("user{n}")],
            )])
            .await
            .unwrap();
        store.commit(add(&admins, n)).await.unwrap();
        store.commit(add(&admins, n)).await.unwrap();
    }
    assert_eq!(members(store, &admins).await.len(), 2);
    let gone = sub(1);
    let delete = Change::DeleteUser {
        user_pool_id: pool_id(1),
        sub: gone,
    };
    store.commit(vec![delete]).await.unwrap();
    assert_eq!(members(store, &admins).await, ["user2".to_owned()]);
    let remove = Change::RemoveGroupMember {
        user_pool_id: pool_id(1),
        group: admins.id.clone(),
        sub: sub(2),
    };
    store.commit(vec![remove]).await.unwrap();
    assert!(members(store, &admins).await.is_empty());
    store.commit(add(&admins, 2)).await.unwrap();
    let no_more = || {
        vec![Change::DeleteGroup {
            user_pool_id: pool_id(1),
            id: admins.id.clone(),
        }]
    };
    store.commit(no_more()).await.unwrap();
    assert_eq!(conflict(store, no_more()).await, Conflict::Changed);
    assert_eq!(conflict(store, add(&admins, 2)).await, Conflict::Changed);
}

pub(crate) async fn a_deleted_user_pool_takes_its_groups(store: &Subject) {
    with_pool(store).await;
    let admins = group("admins");
    insert(store, &admins).await;
    store
        .commit(vec![insert_user(
            user(1, &pool_id(1), &[]),
            &[&format!("user{}", 1)],
        )])
        .await
        .unwrap();
    store.commit(add(&admins, 1)).await.unwrap();
    store
        .commit(vec![Change::DeleteUserPool(pool_id(1))])
        .await
        .unwrap();
    assert_eq!(store.count_groups(&pool_id(1)).await.unwrap(), 0);
}
