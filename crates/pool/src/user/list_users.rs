//! `ListUsers`.

use super::{User, filter};
use crate::attribute::Schema;
use crate::error::{Error, text};
use crate::page;
use crate::ports::{UserCursor, UserQuery};
use crate::service::Service;

/// Which users, and what of them.
#[derive(Clone, Debug, Default)]
pub struct ListUsers {
    /// The pool.
    pub user_pool_id: String,
    /// The attributes to show; `None` shows all.
    pub attributes_to_get: Option<Vec<String>>,
    /// At most so many, 0 to 60; 0 and none are 60.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub pagination_token: Option<String>,
    /// `attribute = "value"` or `attribute ^= "value"`; empty is none.
    pub filter: Option<String>,
}

/// A page of users, in no order that clients may rely on.
#[derive(Clone, Debug)]
pub struct ListedUsers {
    /// The users.
    pub users: Vec<ListedUser>,
    /// The next page, when there is one.
    pub pagination_token: Option<String>,
}

/// A user, and the attributes that were asked for.
#[derive(Clone, Debug)]
pub struct ListedUser {
    /// The user.
    pub user: User,
    /// Names and values to show, `sub` among them.
    pub attributes: Vec<(String, String)>,
}

/// Lists users.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for a filter that cannot be read, an
/// attribute that is not in the schema, and a token that was not given for this pool and filter.
pub async fn list_users(service: &Service, request: ListUsers) -> Result<ListedUsers, Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    check_attributes(&pool.schema, request.attributes_to_get.as_deref())?;
    let filter_text = request.filter.as_deref().unwrap_or_default();
    let listing = ["ListUsers", pool.id.as_str(), filter_text];
    let after: Option<UserCursor> = page::open_token(service, &listing, request.pagination_token.as_deref())?;
    let limit = match request.limit {
        None | Some(0) => page::LARGEST,
        Some(limit) => limit.min(page::LARGEST),
    };
    let query = UserQuery {
        filter: filter::parse(filter_text, pool.case())?,
        after,
        limit,
    };
    let page = service.store().list_users(&pool.id, &query).await?;
    let pagination_token = page::token(service, &listing, page.next.as_ref())?;
    let shown = |name: &str| {
        request
            .attributes_to_get
            .as_ref()
            .is_none_or(|names| names.iter().any(|n| n == name))
    };
    let users = page.users.into_iter().map(|user| ListedUser {
        attributes: user
            .listed_attributes()
            .filter(|(name, _)| shown(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        user,
    });
    Ok(ListedUsers {
        users: users.collect(),
        pagination_token,
    })
}

/// Attributes that are in the schema may be asked for, whether or not users have them; no others.
fn check_attributes(schema: &Schema, asked: Option<&[String]>) -> Result<(), Error> {
    let known = |name: &String| schema.get(name).is_some();
    if asked.unwrap_or_default().iter().all(known) {
        Ok(())
    } else {
        Err(Error::invalid_parameter(text::UNKNOWN_ATTRIBUTES_TO_GET))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attributes_of_the_schema_can_be_asked_for() {
        let check = |name: &str| check_attributes(&Schema::standard(), Some(&[name.to_owned()]));
        assert!(check("sub").is_ok());
        assert!(check("email").is_ok());
        assert!(check("custom:unknown").is_err());
        assert!(check_attributes(&Schema::standard(), None).is_ok());
    }
}
