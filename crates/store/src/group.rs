//! The statements on groups and their members.

use pool::group::Group;
use pool::id::{GroupId, GroupName, Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};
use pool::user::User;

use crate::session::{Row, Session, one_row};
use crate::{document, user, user_pool};

const TABLE: &str = "user_group";

/// The group of this name.
pub(crate) async fn find_by_name(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    name: &GroupName,
) -> Result<Option<Group>, StoreError> {
    const SQL: &str = "SELECT group_id, document FROM user_group WHERE user_pool_id = ?1 AND group_name = ?2";
    let arguments = [user_pool_id.as_str().into(), name.as_str().into()];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut().map(read).transpose()
}

/// The group of this id.
pub(crate) async fn find_by_id(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    id: &GroupId,
) -> Result<Option<Group>, StoreError> {
    const SQL: &str = "SELECT group_id, document FROM user_group WHERE user_pool_id = ?1 AND group_id = ?2";
    let arguments = [user_pool_id.as_str().into(), id.as_str().into()];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut().map(read).transpose()
}

/// Groups of a pool after `after` in the order of their names.
pub(crate) async fn list(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    after: Option<&GroupName>,
    limit: u32,
) -> Result<Vec<Group>, StoreError> {
    const SQL: &str = "SELECT group_id, document FROM user_group \
                       WHERE user_pool_id = ?1 AND group_name > ?2 ORDER BY group_name LIMIT ?3";
    let after = after.map_or("", GroupName::as_str);
    let arguments = [
        user_pool_id.as_str().into(),
        after.into(),
        i64::from(limit).into(),
    ];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.iter_mut().map(read).collect()
}

/// How many groups a pool has.
pub(crate) async fn count(session: &mut impl Session, user_pool_id: &UserPoolId) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM user_group WHERE user_pool_id = ?1";
    let rows = session.rows(SQL, &[user_pool_id.as_str().into()]).await?;
    let count = rows.first().map_or(Ok(0), |row| row.integer(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Members of a group after `after` in the order of their `sub`.
pub(crate) async fn list_members(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    group: &GroupId,
    after: Option<&Sub>,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    const SQL: &str = "SELECT pool_user.sub, pool_user.document FROM group_member JOIN pool_user \
                       ON pool_user.user_pool_id = group_member.user_pool_id AND pool_user.sub = group_member.sub \
                       WHERE group_member.user_pool_id = ?1 AND group_member.group_id = ?2 AND group_member.sub > ?3 \
                       ORDER BY group_member.sub LIMIT ?4";
    let after = after.map_or("", Sub::as_str);
    let arguments = [
        user_pool_id.as_str().into(),
        group.as_str().into(),
        after.into(),
        i64::from(limit).into(),
    ];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.iter_mut().map(user::read).collect()
}

/// A new group of a pool that must still be there.
pub(crate) async fn insert(session: &mut impl Session, group: &Group) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO user_group (user_pool_id, group_id, group_name, version, document) \
                       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    user_pool::get_case(session, &group.user_pool_id).await?;
    let id = group.id.as_str();
    let document = document::write(group, TABLE, id)?;
    let arguments = [
        group.user_pool_id.as_str().into(),
        id.into(),
        group.name.as_str().into(),
        group.version.into(),
        document.as_str().into(),
    ];
    one_row(session.execute(SQL, &arguments).await?, Conflict::IdTaken)
}

/// The new state of a group whose version is still the given one.
pub(crate) async fn replace(session: &mut impl Session, mut group: Group) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE user_group SET version = ?4, document = ?5 \
                       WHERE user_pool_id = ?1 AND group_id = ?2 AND version = ?3";
    const STORED: &str =
        "SELECT document FROM user_group WHERE user_pool_id = ?1 AND group_id = ?2 AND version = ?3";
    let read = group.version;
    group.version = read + 1;
    let id = group.id.as_str();
    let present = [group.user_pool_id.as_str().into(), id.into(), read.into()];
    let stored = session.rows(STORED, &present).await?;
    let document = document::rewrite(&group, stored, TABLE, id)?;
    let arguments = [
        group.user_pool_id.as_str().into(),
        id.into(),
        read.into(),
        group.version.into(),
        document.as_str().into(),
    ];
    one_row(session.execute(SQL, &arguments).await?, Conflict::Changed)
}

/// The group and its memberships go.
pub(crate) async fn delete(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    id: &GroupId,
) -> Result<(), StoreError> {
    const HOLD: &str =
        "SELECT group_id FROM user_group WHERE user_pool_id = ?1 AND group_id = ?2 /* FOR UPDATE */";
    const MEMBERS: &str = "DELETE FROM group_member WHERE user_pool_id = ?1 AND group_id = ?2";
    const GROUP: &str = "DELETE FROM user_group WHERE user_pool_id = ?1 AND group_id = ?2";
    let arguments = [user_pool_id.as_str().into(), id.as_str().into()];
    session.rows(HOLD, &arguments).await?;
    session.execute(MEMBERS, &arguments).await?;
    one_row(session.execute(GROUP, &arguments).await?, Conflict::Changed)
}

/// Lists a user with a group. Both must be there; once more is fine.
pub(crate) async fn add_member(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    group: &GroupId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO group_member (user_pool_id, group_id, sub) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO NOTHING";
    if find_by_id(session, user_pool_id, group).await?.is_none() {
        return Err(Conflict::Changed.into());
    }
    let arguments = [
        user_pool_id.as_str().into(),
        group.as_str().into(),
        sub.as_str().into(),
    ];
    session.execute(SQL, &arguments).await.map(drop)
}

/// Takes a user off the list of a group; one who is not on it is fine.
pub(crate) async fn remove_member(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    group: &GroupId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM group_member WHERE user_pool_id = ?1 AND group_id = ?2 AND sub = ?3";
    let arguments = [
        user_pool_id.as_str().into(),
        group.as_str().into(),
        sub.as_str().into(),
    ];
    session.execute(SQL, &arguments).await.map(drop)
}

/// A user's memberships go.
pub(crate) async fn delete_of_user(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM group_member WHERE user_pool_id = ?1 AND sub = ?2";
    let arguments = [user_pool_id.as_str().into(), sub.as_str().into()];
    session.execute(SQL, &arguments).await.map(drop)
}

/// All groups of a pool go, and all memberships.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const MEMBERS: &str = "DELETE FROM group_member WHERE user_pool_id = ?1";
    const GROUPS: &str = "DELETE FROM user_group WHERE user_pool_id = ?1";
    session.execute(MEMBERS, &[user_pool_id.as_str().into()]).await?;
    session
        .execute(GROUPS, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}

fn read(row: &mut Row) -> Result<Group, StoreError> {
    let id = row.text(0)?;
    document::read(&row.text(1)?, TABLE, &id)
}
