//! A page of users: by `sub`, or by one search key and `sub`. Every statement walks one index from where the last page
//! ended, so a page costs the same wherever it stands and however many users there are.

use pool::id::UserPoolId;
use pool::ports::{StoreError, UserCursor, UserFilter, UserPage, UserQuery};
use pool::user::{Comparison, SearchKey};

use crate::session::{Argument, Row, Session};
use crate::user;

/// A page of users.
pub(crate) async fn list(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    query: &UserQuery,
) -> Result<UserPage, StoreError> {
    // One more than asked for tells whether more follow.
    let limit = i64::from(query.limit) + 1;
    let after = query.after.as_ref();
    let rows = match &query.filter {
        None => all(session, user_pool_id, after, limit).await?,
        Some(filter) => match filter.comparison {
            Comparison::Equals => equal(session, user_pool_id, filter, after, limit).await?,
            Comparison::StartsWith => starting(session, user_pool_id, filter, after, limit).await?,
        },
    };
    page(rows, query)
}

/// Everybody.
async fn all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    after: Option<&UserCursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    const SQL: &str = "SELECT sub, document, '' FROM pool_user WHERE user_pool_id = ?1 AND sub > ?2 \
                       ORDER BY sub LIMIT ?3";
    let sub = after.map_or("", |cursor| cursor.sub.as_str());
    session
        .rows(SQL, &[user_pool_id.as_str().into(), sub.into(), limit.into()])
        .await
}

/// Those whose key is the value.
async fn equal(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    filter: &UserFilter,
    after: Option<&UserCursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let sub = after.map_or("", |cursor| cursor.sub.as_str());
    let arguments = [
        user_pool_id.as_str().into(),
        filter.value.as_str().into(),
        sub.into(),
        limit.into(),
    ];
    session.rows(statements(filter.key).equal, &arguments).await
}

/// Those whose key starts with the value: the half-open range from the value to the first text behind all that start
/// with it.
async fn starting(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    filter: &UserFilter,
    after: Option<&UserCursor>,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let start = (filter.value.as_str(), "");
    let (key, sub) = after.map_or(start, |cursor| {
        start.max((cursor.key.as_str(), cursor.sub.as_str()))
    });
    let pool_id: Argument<'_> = user_pool_id.as_str().into();
    let statements = statements(filter.key);
    match end_of_prefix(&filter.value) {
        Some(end) => {
            let arguments = [pool_id, key.into(), sub.into(), limit.into(), end.as_str().into()];
            session.rows(statements.between, &arguments).await
        }
        None => {
            session
                .rows(statements.from, &[pool_id, key.into(), sub.into(), limit.into()])
                .await
        }
    }
}

/// The page of the rows `sub, document, key`, of which there may be one too many.
fn page(mut rows: Vec<Row>, query: &UserQuery) -> Result<UserPage, StoreError> {
    let limit = query.limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut users = Vec::with_capacity(rows.len());
    for row in &mut rows {
        users.push(user::read(row)?);
    }
    let next = match (rows.last_mut(), users.last()) {
        (Some(row), Some(user)) if more => Some(UserCursor {
            key: row.text(2)?,
            sub: user.sub.clone(),
        }),
        _ => None,
    };
    Ok(UserPage { users, next })
}

/// The least text that is greater than all texts that start with `prefix`; `None` when there is none. The order is
/// that of code points, which is also the order of UTF-8 bytes.
fn end_of_prefix(prefix: &str) -> Option<String> {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        // Stepping over a char range skips the surrogates, which are no characters.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

/// The statements of one search key.
struct Statements {
    /// `=`
    equal: &'static str,
    /// `^=` with an end
    between: &'static str,
    /// `^=` without
    from: &'static str,
}

/// Writes the statements for a column.
macro_rules! statements {
    ($column:literal) => {
        Statements {
            equal: concat!(
                "SELECT sub, document, ",
                $column,
                " FROM pool_user ",
                "WHERE user_pool_id = ?1 AND ",
                $column,
                " = ?2 AND sub > ?3 ORDER BY sub LIMIT ?4"
            ),
            between: concat!(
                "SELECT sub, document, ",
                $column,
                " FROM pool_user ",
                "WHERE user_pool_id = ?1 AND (",
                $column,
                ", sub) > (?2, ?3) AND ",
                $column,
                " < ?5 ",
                "ORDER BY ",
                $column,
                ", sub LIMIT ?4"
            ),
            from: concat!(
                "SELECT sub, document, ",
                $column,
                " FROM pool_user ",
                "WHERE user_pool_id = ?1 AND (",
                $column,
                ", sub) > (?2, ?3) AND ",
                $column,
                " IS NOT NULL ORDER BY ",
                $column,
                ", sub LIMIT ?4"
            ),
        }
    };
}

/// The statements of `key`.
fn statements(key: SearchKey) -> Statements {
    match key {
        SearchKey::Username => statements!("user_name"),
        SearchKey::Sub => statements!("sub"),
        SearchKey::Email => statements!("email"),
        SearchKey::PhoneNumber => statements!("phone_number"),
        SearchKey::Name => statements!("full_name"),
        SearchKey::GivenName => statements!("given_name"),
        SearchKey::FamilyName => statements!("family_name"),
        SearchKey::PreferredUsername => statements!("preferred_username"),
        SearchKey::UserStatus => statements!("user_status"),
        SearchKey::Enabled => statements!("enabled"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_behind_all_that_start_with_it() {
        assert_eq!(end_of_prefix("ab").as_deref(), Some("ac"));
        assert_eq!(end_of_prefix("a%_").as_deref(), Some("a%`"));
        assert_eq!(end_of_prefix("é").as_deref(), Some("ê"));
        assert_eq!(end_of_prefix("\u{7f}").as_deref(), Some("\u{80}"));
    }

    #[test]
    fn the_end_of_a_prefix_steps_over_what_is_no_character() {
        assert_eq!(end_of_prefix("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(end_of_prefix("a\u{10ffff}").as_deref(), Some("b"));
    }

    #[test]
    fn the_last_prefix_has_no_end() {
        assert_eq!(end_of_prefix(""), None);
        assert_eq!(end_of_prefix("\u{10ffff}\u{10ffff}"), None);
    }
}
