//! The statements on users.

use pool::id::{Case, LoginKey, Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};
use pool::user::{SearchKey, User};

use crate::session::{Argument, Row, Session, one_row};
use crate::{document, login, user_pool};

const TABLE: &str = "pool_user";

/// How many characters of a search key are kept. A filter is at most 256 characters, folding to lower case doubles a
/// character at worst, so nothing that can be asked for is cut; and an entry stays below the 2,704 bytes that an
/// index of PostgreSQL can hold.
pub(crate) const SEARCH_KEY_CHARACTERS: usize = 513;

/// The user whom a name signs in.
pub(crate) async fn find_by_login(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    login: &LoginKey,
) -> Result<Option<User>, StoreError> {
    const SQL: &str = "SELECT pool_user.sub, pool_user.document FROM login \
                       JOIN pool_user ON pool_user.user_pool_id = login.user_pool_id AND pool_user.sub = login.sub \
                       WHERE login.user_pool_id = ?1 AND login.login_key = ?2";
    let mut rows = session
        .rows(SQL, &[user_pool_id.as_str().into(), login.as_str().into()])
        .await?;
    rows.first_mut().map(read).transpose()
}

/// The user with this `sub`.
pub(crate) async fn find_by_sub(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<Option<User>, StoreError> {
    const SQL: &str = "SELECT sub, document FROM pool_user WHERE user_pool_id = ?1 AND sub = ?2";
    let mut rows = session
        .rows(SQL, &[user_pool_id.as_str().into(), sub.as_str().into()])
        .await?;
    rows.first_mut().map(read).transpose()
}

/// The user of a row whose first columns are `sub` and `document`.
pub(crate) fn read(row: &mut Row) -> Result<User, StoreError> {
    let sub = row.text(0)?;
    document::read(&row.text(1)?, TABLE, &sub)
}

/// A new user with their names.
pub(crate) async fn insert(
    session: &mut impl Session,
    user: &User,
    logins: &[LoginKey],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO pool_user (user_pool_id, sub, version, document, user_name, email, phone_number, \
                       full_name, given_name, family_name, preferred_username, user_status, enabled) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
                       ON CONFLICT (user_pool_id, sub) DO NOTHING";
    let case = user_pool::get_case(session, &user.user_pool_id).await?;
    let (pool_id, sub) = (user.user_pool_id.as_str(), user.sub.as_str());
    let document = document::write(user, TABLE, sub)?;
    let columns = SearchColumns::of(user, case);
    let record = [
        pool_id.into(),
        sub.into(),
        user.version.into(),
        document.as_str().into(),
    ];
    let arguments: Vec<_> = record.into_iter().chain(columns.arguments()).collect();
    one_row(session.execute(SQL, &arguments).await?, Conflict::IdTaken)?;
    login::insert(session, &user.user_pool_id, &user.sub, logins).await
}

/// The new state of a user whose version is still the given one, and the names where they change.
pub(crate) async fn replace(
    session: &mut impl Session,
    mut user: User,
    logins: Option<&[LoginKey]>,
) -> Result<(), StoreError> {
    // Most writes (a wrong password, a new one, a code) change nothing that is searched. An update that names no
    // indexed column leaves the ten indexes alone, so it is tried first.
    const DOCUMENT_ONLY: &str = "UPDATE pool_user SET version = ?4, document = ?5 \
        WHERE user_pool_id = ?1 AND sub = ?2 AND version = ?3 AND user_name = ?6 \
        AND email IS NOT DISTINCT FROM ?7 AND phone_number IS NOT DISTINCT FROM ?8 \
        AND full_name IS NOT DISTINCT FROM ?9 AND given_name IS NOT DISTINCT FROM ?10 \
        AND family_name IS NOT DISTINCT FROM ?11 AND preferred_username IS NOT DISTINCT FROM ?12 \
        AND user_status = ?13 AND enabled = ?14";
    const WHOLE: &str = "UPDATE pool_user SET version = ?4, document = ?5, user_name = ?6, email = ?7, \
        phone_number = ?8, full_name = ?9, given_name = ?10, family_name = ?11, preferred_username = ?12, \
        user_status = ?13, enabled = ?14 WHERE user_pool_id = ?1 AND sub = ?2 AND version = ?3";
    const STORED: &str = "SELECT pool_user.document, user_pool.name_case FROM pool_user \
        JOIN user_pool ON user_pool.user_pool_id = pool_user.user_pool_id \
        WHERE pool_user.user_pool_id = ?1 AND pool_user.sub = ?2 AND pool_user.version = ?3";
    let read = user.version;
    user.version = read + 1;
    let (pool_id, sub) = (user.user_pool_id.as_str(), user.sub.as_str());
    let present = [pool_id.into(), sub.into(), read.into()];
    let mut stored = session.rows(STORED, &present).await?;
    let case = user_pool::case(&mut stored, 1)?;
    let document = document::rewrite(&user, stored, TABLE, sub)?;
    let columns = SearchColumns::of(&user, case);
    let record = [
        pool_id.into(),
        sub.into(),
        read.into(),
        user.version.into(),
        document.as_str().into(),
    ];
    let arguments: Vec<_> = record.into_iter().chain(columns.arguments()).collect();
    if session.execute(DOCUMENT_ONLY, &arguments).await? == 0 {
        one_row(session.execute(WHOLE, &arguments).await?, Conflict::Changed)?;
    }
    match logins {
        Some(logins) => login::replace(session, &user.user_pool_id, &user.sub, logins).await,
        None => Ok(()),
    }
}

/// Keeps everybody else from changing the user and adding to them, who must be there.
pub(crate) async fn hold(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT sub FROM pool_user WHERE user_pool_id = ?1 AND sub = ?2 /* FOR UPDATE */";
    let rows = session
        .rows(SQL, &[user_pool_id.as_str().into(), sub.as_str().into()])
        .await?;
    one_row(rows.len() as u64, Conflict::Changed)
}

/// The user and their names go.
pub(crate) async fn delete(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM pool_user WHERE user_pool_id = ?1 AND sub = ?2";
    login::delete(session, user_pool_id, sub).await?;
    let touched = session
        .execute(SQL, &[user_pool_id.as_str().into(), sub.as_str().into()])
        .await?;
    one_row(touched, Conflict::Changed)
}

/// All users of a pool and their names go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM pool_user WHERE user_pool_id = ?1";
    login::delete_all(session, user_pool_id).await?;
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}

/// The columns by which users are listed, in the order of the statements above; `sub` has its own.
struct SearchColumns([Option<String>; 9]);

impl SearchColumns {
    fn of(user: &User, case: Case) -> Self {
        const KEYS: [SearchKey; 9] = [
            SearchKey::Username,
            SearchKey::Email,
            SearchKey::PhoneNumber,
            SearchKey::Name,
            SearchKey::GivenName,
            SearchKey::FamilyName,
            SearchKey::PreferredUsername,
            SearchKey::UserStatus,
            SearchKey::Enabled,
        ];
        Self(KEYS.map(|key| user.search_key(key, case).map(cut)))
    }

    fn arguments(&self) -> [Argument<'_>; 9] {
        self.0.each_ref().map(|value| value.as_deref().into())
    }
}

/// The first [`SEARCH_KEY_CHARACTERS`] of a search key.
fn cut(mut value: String) -> String {
    if let Some((end, _)) = value.char_indices().nth(SEARCH_KEY_CHARACTERS) {
        value.truncate(end);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_key_is_cut_between_characters() {
        assert_eq!(cut("é".repeat(600)), "é".repeat(SEARCH_KEY_CHARACTERS));
        assert_eq!(
            cut("é".repeat(SEARCH_KEY_CHARACTERS)),
            "é".repeat(SEARCH_KEY_CHARACTERS)
        );
        assert_eq!(cut(String::new()), "");
    }
}
