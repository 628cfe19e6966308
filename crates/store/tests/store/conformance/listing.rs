use pool::id::UserPoolId;
use pool::ports::{Change, UserFilter, UserQuery};
use pool::user::{Comparison, SearchKey, User, UserStatus};

use super::Subject;
use crate::fixtures::{
    case_insensitive_pool, insert_pool, insert_user, pool_id, replace_user, sub, user, user_pool,
};

/// A store with pool 1 and users 0, 1, … who have these values of an attribute.
async fn with_values(store: &Subject, attribute: &str, values: &[&str]) {
    let mut changes = vec![insert_pool(user_pool(1))];
    for (n, value) in (0..).zip(values) {
        changes.push(insert_user(user(n, &pool_id(1), &[(attribute, value)]), &[]));
    }
    store.commit(changes).await.unwrap();
}

fn filter(key: SearchKey, comparison: Comparison, value: &str) -> UserFilter {
    UserFilter {
        key,
        value: value.to_owned(),
        comparison,
    }
}

/// All users of a filter, read in pages of `limit`.
async fn pages(
    store: &Subject,
    pool: &UserPoolId,
    filter: impl Into<Option<UserFilter>>,
    limit: u32,
) -> Vec<User> {
    let mut query = UserQuery {
        filter: filter.into(),
        after: None,
        limit,
    };
    let mut users = Vec::new();
    loop {
        let page = store.list_users(pool, &query).await.unwrap();
        assert!(page.users.len() <= limit as usize);
        assert!(page.next.is_none() || page.users.len() == limit as usize);
        users.extend(page.users);
        let Some(next) = page.next else { return users };
        query.after = Some(next);
    }
}

/// The numbers of the users of pool 1 whose `name` matches, by pages of `limit`.
async fn named(store: &Subject, comparison: Comparison, value: &str, limit: u32) -> Vec<u32> {
    let users = pages(
        store,
        &pool_id(1),
        filter(SearchKey::Name, comparison, value),
        limit,
    )
    .await;
    users.iter().map(number).collect()
}

fn number(user: &User) -> u32 {
    u32::from_str_radix(&user.sub.as_str()[..8], 16).unwrap()
}

pub(crate) async fn all_users_are_listed_in_pages(store: &Subject) {
    with_values(store, "name", &["x"; 10]).await;
    for limit in [1, 3, 5, 10, 60] {
        let users = pages(store, &pool_id(1), None, limit).await;
        assert_eq!(
            users.iter().map(number).collect::<Vec<_>>(),
            (0..10).collect::<Vec<_>>(),
            "{limit}"
        );
    }
}

pub(crate) async fn a_page_that_is_full_and_last_has_no_next(store: &Subject) {
    with_values(store, "name", &["x", "x"]).await;
    let query = |filter| UserQuery {
        filter,
        after: None,
        limit: 2,
    };
    assert_eq!(
        store.list_users(&pool_id(1), &query(None)).await.unwrap().next,
        None
    );
    let by_name = query(Some(filter(SearchKey::Name, Comparison::StartsWith, "x")));
    assert_eq!(store.list_users(&pool_id(1), &by_name).await.unwrap().next, None);
}

pub(crate) async fn equality_compares_the_whole_value(store: &Subject) {
    with_values(store, "name", &["Ann", "Anna", "ann", "Ann ", "An", "Ann\u{301}"]).await;
    assert_eq!(named(store, Comparison::Equals, "Ann", 9).await, [0]);
    assert_eq!(named(store, Comparison::Equals, "A", 9).await, [0; 0]);
    assert_eq!(named(store, Comparison::Equals, "", 9).await, [0; 0]);
}

pub(crate) async fn equal_values_are_paged_by_sub(store: &Subject) {
    with_values(store, "name", &["b", "a", "b", "b", "c", "b", "b"]).await;
    for limit in 1..=6 {
        assert_eq!(
            named(store, Comparison::Equals, "b", limit).await,
            [0, 2, 3, 5, 6],
            "{limit}"
        );
    }
}

pub(crate) async fn a_prefix_compares_the_beginning(store: &Subject) {
    with_values(
        store,
        "name",
        &["Bo", "Anna", "Ann", "Anne", "ann", "Am", "Ao", "Ann", "Anna"],
    )
    .await;
    for limit in 1..=8 {
        assert_eq!(
            named(store, Comparison::StartsWith, "Ann", limit).await,
            [2, 7, 1, 8, 3],
            "{limit}"
        );
    }
    assert_eq!(named(store, Comparison::StartsWith, "Annabel", 9).await, [0; 0]);
}

pub(crate) async fn wildcards_of_sql_are_plain_characters(store: &Subject) {
    let values = [
        "a%", "a%b", "a_b", "axb", "a", "a\\%", "a*", "a?", "a[b", "a'b", "a\"b", "%", "_",
    ];
    with_values(store, "name", &values).await;
    assert_eq!(named(store, Comparison::StartsWith, "a%", 2).await, [0, 1]);
    assert_eq!(named(store, Comparison::StartsWith, "a_", 2).await, [2]);
    assert_eq!(named(store, Comparison::StartsWith, "%", 2).await, [11]);
    assert_eq!(named(store, Comparison::StartsWith, "a'", 2).await, [9]);
    assert_eq!(named(store, Comparison::StartsWith, "a\\", 2).await, [5]);
    assert_eq!(named(store, Comparison::Equals, "_", 2).await, [12]);
    assert_eq!(named(store, Comparison::Equals, "a\"b", 2).await, [10]);
}

pub(crate) async fn prefixes_may_end_in_any_character(store: &Subject) {
    let values = [
        "山",
        "山田",
        "山田太郎",
        "山\u{10ffff}",
        "山\u{10ffff}z",
        "山\u{d7ff}",
        "山\u{e000}",
        "山\u{ffff}",
        "山\u{10000}",
        "😀",
        "😀😀",
        "\u{10ffff}",
        "\u{10ffff}\u{10ffff}",
        "z",
        "\u{7f}",
        "\u{80}",
    ];
    with_values(store, "name", &values).await;
    for prefix in values {
        let mut expected: Vec<(&str, u32)> = values
            .iter()
            .copied()
            .zip(0..)
            .filter(|(value, _)| value.starts_with(prefix))
            .collect();
        expected.sort_unstable();
        let expected: Vec<u32> = expected.into_iter().map(|(_, n)| n).collect();
        for limit in [1, 2, 60] {
            let found = named(store, Comparison::StartsWith, prefix, limit).await;
            assert_eq!(found, expected, "{prefix:?} by {limit}");
        }
        assert_eq!(
            named(store, Comparison::Equals, prefix, 9).await.len(),
            1,
            "{prefix:?}"
        );
    }
}

pub(crate) async fn null_characters_are_characters(store: &Subject) {
    let values = [
        "a\0b",
        "a\u{1}b",
        "a\u{2}b",
        "a\0",
        "a",
        "a\0\u{1}",
        "\u{1}\u{1}",
        "\0",
    ];
    with_values(store, "name", &values).await;
    for prefix in values {
        let mut expected: Vec<(&str, u32)> = values
            .iter()
            .copied()
            .zip(0..)
            .filter(|(value, _)| value.starts_with(prefix))
            .collect();
        expected.sort_unstable();
        let expected: Vec<u32> = expected.into_iter().map(|(_, n)| n).collect();
        for limit in [1, 60] {
            let found = named(store, Comparison::StartsWith, prefix, limit).await;
            assert_eq!(found, expected, "{prefix:?} by {limit}");
        }
        assert_eq!(
            named(store, Comparison::Equals, prefix, 9).await.len(),
            1,
            "{prefix:?}"
        );
    }
    let named_so = insert_user(user(99, &pool_id(1), &[]), &["x\0y"]);
    store.commit(vec![named_so]).await.unwrap();
    let found = store
        .find_user(&pool_id(1), &crate::fixtures::login("x\0y"))
        .await
        .unwrap();
    assert_eq!(found.map(|user| user.sub), Some(sub(99)));
    assert_eq!(
        store
            .find_user(&pool_id(1), &crate::fixtures::login("xy"))
            .await
            .unwrap(),
        None
    );
}

pub(crate) async fn an_empty_prefix_wants_the_attribute(store: &Subject) {
    with_values(store, "name", &["b", "", "a"]).await;
    store
        .commit(vec![insert_user(user(9, &pool_id(1), &[]), &[])])
        .await
        .unwrap();
    for limit in 1..=4 {
        assert_eq!(
            named(store, Comparison::StartsWith, "", limit).await,
            [1, 2, 0],
            "{limit}"
        );
    }
    assert_eq!(named(store, Comparison::Equals, "", 9).await, [1]);
}

pub(crate) async fn every_key_finds_its_user(store: &Subject) {
    let attributes = [
        ("email", "Ann@Example.com"),
        ("phone_number", "+4915112345678"),
        ("name", "Ann Lee"),
        ("given_name", "Ann"),
        ("family_name", "Lee"),
        ("preferred_username", "annlee"),
    ];
    let ann = User {
        enabled: false,
        status: UserStatus::ResetRequired,
        ..user(1, &pool_id(1), &attributes)
    };
    let pool = user_pool(1);
    let case = pool.case();
    let others = (2..20).map(|n| {
        insert_user(
            user(n, &pool_id(1), &[("email", "ann@other"), ("name", "Ann")]),
            &[],
        )
    });
    let mut changes = vec![insert_pool(pool), insert_user(ann.clone(), &[])];
    changes.extend(others);
    store.commit(changes).await.unwrap();
    for key in SearchKey::ALL {
        let value = ann.search_key(key, case).unwrap();
        let end = value.char_indices().nth_back(0).unwrap().0;
        let found = pages(store, &pool_id(1), filter(key, Comparison::Equals, &value), 2).await;
        assert_eq!(found, std::slice::from_ref(&ann), "{key:?}");
        for limit in [1, 2, 60] {
            let begins = filter(key, Comparison::StartsWith, &value[..end]);
            let found = pages(store, &pool_id(1), begins, limit).await;
            assert!(found.contains(&ann), "{key:?}");
            assert!(
                found.windows(2).all(|pair| ordered(&pair[0], &pair[1], key)),
                "{key:?}"
            );
        }
    }
}

/// Whether `a` stands before `b` in a listing by `key`.
fn ordered(a: &User, b: &User, key: SearchKey) -> bool {
    let place = |user: &User| (user.search_key(key, pool::id::Case::Sensitive), user.sub.clone());
    place(a) < place(b)
}

pub(crate) async fn pages_go_on_where_users_come_and_go(store: &Subject) {
    with_values(store, "name", &["a", "b", "c", "d"]).await;
    let by_name = filter(SearchKey::Name, Comparison::StartsWith, "");
    let mut query = UserQuery {
        filter: Some(by_name),
        after: None,
        limit: 2,
    };
    let first = store.list_users(&pool_id(1), &query).await.unwrap();
    // The user at whom the page ended goes, one comes in front and one behind.
    let changes = vec![
        Change::DeleteUser {
            user_pool_id: pool_id(1),
            sub: sub(1),
        },
        insert_user(user(10, &pool_id(1), &[("name", "aa")]), &[]),
        insert_user(user(11, &pool_id(1), &[("name", "bb")]), &[]),
    ];
    store.commit(changes).await.unwrap();
    query.after = first.next;
    query.limit = 9;
    let second = store.list_users(&pool_id(1), &query).await.unwrap();
    assert_eq!(second.users.iter().map(number).collect::<Vec<_>>(), [11, 2, 3]);
}

pub(crate) async fn case_is_folded_where_the_pool_ignores_it(store: &Subject) {
    let email = [("email", "ÄNN@Example.com")];
    let changes = vec![
        insert_pool(user_pool(1)),
        insert_pool(case_insensitive_pool(2)),
        insert_user(user(1, &pool_id(1), &email), &[]),
        insert_user(user(1, &pool_id(2), &email), &[]),
    ];
    store.commit(changes).await.unwrap();
    for (pool, value) in [(1, "ÄNN@Example.com"), (2, "änn@example.com")] {
        for (n, found) in [(1, usize::from(pool == 1)), (2, usize::from(pool == 2))] {
            let users = pages(
                store,
                &pool_id(n),
                filter(SearchKey::Email, Comparison::Equals, value),
                9,
            )
            .await;
            assert_eq!(users.len(), found, "{value} in pool {n}");
        }
    }
}

pub(crate) async fn a_changed_attribute_is_found_under_its_new_value(store: &Subject) {
    with_values(store, "name", &["old"]).await;
    let mut ann = store
        .find_user_by_sub(&pool_id(1), &sub(0))
        .await
        .unwrap()
        .unwrap();
    ann.attributes.set("name", "new");
    store.commit(vec![replace_user(ann.clone(), None)]).await.unwrap();
    assert_eq!(named(store, Comparison::Equals, "new", 9).await, [0]);
    assert_eq!(named(store, Comparison::Equals, "old", 9).await, [0; 0]);
    ann.version += 1;
    ann.attributes.remove("name");
    store.commit(vec![replace_user(ann, None)]).await.unwrap();
    assert_eq!(named(store, Comparison::StartsWith, "", 9).await, [0; 0]);
}

pub(crate) async fn a_very_long_value_is_found_by_its_beginning(store: &Subject) {
    let long = "\u{1f600}".repeat(2048);
    with_values(store, "name", &[&long, &long, "b"]).await;
    let beginning = "\u{1f600}".repeat(256);
    for limit in [1, 2, 3] {
        assert_eq!(
            named(store, Comparison::StartsWith, &beginning, limit).await,
            [0, 1],
            "{limit}"
        );
    }
    assert_eq!(named(store, Comparison::Equals, &beginning, 9).await, [0; 0]);
    let found = store
        .find_user_by_sub(&pool_id(1), &sub(0))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.attributes.get("name"), Some(long.as_str()));
}

pub(crate) async fn users_of_other_pools_are_not_listed(store: &Subject) {
    with_values(store, "name", &["a"]).await;
    let changes = vec![
        insert_pool(user_pool(2)),
        insert_user(user(5, &pool_id(2), &[("name", "a")]), &[]),
    ];
    store.commit(changes).await.unwrap();
    assert_eq!(named(store, Comparison::Equals, "a", 9).await, [0]);
    assert_eq!(named(store, Comparison::StartsWith, "", 9).await, [0]);
    assert_eq!(pages(store, &pool_id(1), None, 9).await.len(), 1);
    assert!(pages(store, &pool_id(3), None, 9).await.is_empty());
}
