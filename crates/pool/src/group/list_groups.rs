//! `ListGroups`.

use super::Group;
use crate::error::{Error, text};
use crate::id::GroupName;
use crate::page;
use crate::service::Service;

/// Which page of a pool's groups.
#[derive(Clone, Debug)]
pub struct ListGroups {
    /// The pool.
    pub user_pool_id: String,
    /// At most so many, 1 to 60; 60 when not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of groups, in no order that clients may rely on.
#[derive(Clone, Debug)]
pub struct ListedGroups {
    /// The groups.
    pub groups: Vec<Group>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists a pool's groups.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for a limit of 0 and for a token that
/// this listing has not given.
pub async fn list_groups(service: &Service, request: ListGroups) -> Result<ListedGroups, Error> {
    let limit = limit(request.limit)?;
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let id = &loaded.pool.id;
    let listing = ["ListGroups", id.as_str()];
    let after: Option<GroupName> = page::open_token(service, &listing, request.next_token.as_deref())?;
    let mut groups = service.store().list_groups(id, after.as_ref(), limit + 1).await?;
    let position = last_of_full_page(&mut groups, limit).map(|group| &group.name);
    let next_token = page::token(service, &listing, position)?;
    Ok(ListedGroups { groups, next_token })
}

/// How many entries a page of groups or members may have. Unlike the listing of users these refuse a limit of 0. Observed.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, Error> {
    match asked {
        Some(0) => Err(Error::invalid_parameter(text::LIMIT_OF_ZERO)),
        asked => Ok(asked.unwrap_or(page::LARGEST).min(page::LARGEST)),
    }
}

/// Of entries that were read with one more than `limit`: keeps the page, and gives its last entry when more follow.
pub(super) fn last_of_full_page<T>(entries: &mut Vec<T>, limit: u32) -> Option<&T> {
    let limit = limit as usize;
    let more = entries.len() > limit;
    entries.truncate(limit);
    entries.last().filter(|_| more)
}
