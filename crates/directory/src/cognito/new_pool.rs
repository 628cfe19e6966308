//! The new pool, as far as the function writes into it: the groups of people who have moved.
//!
//! Needs `AdminAddUserToGroup`, `AdminUpdateUserAttributes` and `AdminDeleteUserAttributes` on the new pool, and `CreateGroup`
//! where groups are to be made.

use migration::{CouldNotAsk, Deadline};
use serde::Serialize;

use super::api::{Api, Failure};
use super::settings::Settings;
use crate::aws::Credentials;
use crate::http::Limits;

/// The new pool.
pub struct NewPool {
    api: Api,
    user_pool_id: String,
}

/// What became of somebody who was to be put into a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// They are in it.
    Done,
    /// There is no such group.
    NoSuchGroup,
    /// There is no such user.
    NoSuchUser,
}

const ADD: &str = "AdminAddUserToGroup";
const CREATE: &str = "CreateGroup";
const UPDATE: &str = "AdminUpdateUserAttributes";
const DELETE: &str = "AdminDeleteUserAttributes";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Membership<'a> {
    user_pool_id: &'a str,
    username: &'a str,
    group_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'a> {
    user_pool_id: &'a str,
    group_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change<'a> {
    user_pool_id: &'a str,
    username: &'a str,
    user_attributes: [Attribute<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Removal<'a> {
    user_pool_id: &'a str,
    username: &'a str,
    user_attribute_names: [&'a str; 1],
}

impl NewPool {
    /// The pool that an event came from, with the function's own credentials. Nothing is sent yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(
        region: &str,
        user_pool_id: &str,
        endpoint: Option<String>,
        credentials: Option<Credentials>,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let settings = Settings {
            region: region.to_owned(),
            user_pool_id: user_pool_id.to_owned(),
            client_id: String::new(),
            client_secret: None,
            endpoint,
            role: None,
            with_groups: false,
            credentials,
        };
        Ok(Self {
            api: Api::new(crate::http::client()?, settings),
            user_pool_id: user_pool_id.to_owned(),
        })
    }

    /// Puts somebody into a group. Who is in it already stays in it.
    ///
    /// # Errors
    /// When there is no answer in time, or none that is understood.
    pub async fn add_to_group(
        &self,
        username: &str,
        group_name: &str,
        deadline: Deadline,
    ) -> Result<Added, CouldNotAsk> {
        let input = Membership {
            user_pool_id: &self.user_pool_id,
            username,
            group_name,
        };
        match self.api.tell(ADD, &input, Limits::until(deadline)).await {
            Ok(()) => Ok(Added::Done),
            Err(Failure::CouldNotAsk(error)) => Err(error),
            Err(Failure::Fault(fault)) if fault.says_no_such_user() => Ok(Added::NoSuchUser),
            // The same error for a pool that is gone, but then nobody would have signed in.
            Err(Failure::Fault(fault)) if fault.name == "ResourceNotFoundException" => Ok(Added::NoSuchGroup),
            Err(Failure::Fault(fault)) => Err(fault.could_not_ask(ADD)),
        }
    }

    /// Makes a group. One that is there already is fine.
    ///
    /// # Errors
    /// As [`NewPool::add_to_group`].
    pub async fn create_group(&self, group_name: &str, deadline: Deadline) -> Result<(), CouldNotAsk> {
        let input = Group {
            user_pool_id: &self.user_pool_id,
            group_name,
        };
        match self.api.tell(CREATE, &input, Limits::until(deadline)).await {
            Ok(()) => Ok(()),
            Err(Failure::CouldNotAsk(error)) => Err(error),
            Err(Failure::Fault(fault)) if fault.name == "GroupExistsException" => Ok(()),
            Err(Failure::Fault(fault)) => Err(fault.could_not_ask(CREATE)),
        }
    }

    /// Gives an attribute another value; an empty one takes the attribute away.
    ///
    /// # Errors
    /// As [`NewPool::add_to_group`].
    pub async fn set_attribute(
        &self,
        username: &str,
        name: &str,
        value: &str,
        deadline: Deadline,
    ) -> Result<(), CouldNotAsk> {
        let (user_pool_id, limits) = (self.user_pool_id.as_str(), Limits::until(deadline));
        let (operation, answer) = if value.is_empty() {
            let input = Removal {
                user_pool_id,
                username,
                user_attribute_names: [name],
            };
            (DELETE, self.api.tell(DELETE, &input, limits).await)
        } else {
            let input = Change {
                user_pool_id,
                username,
                user_attributes: [Attribute { name, value }],
            };
            (UPDATE, self.api.tell(UPDATE, &input, limits).await)
        };
        match answer {
            Ok(()) => Ok(()),
            Err(Failure::CouldNotAsk(error)) => Err(error),
            Err(Failure::Fault(fault)) => Err(fault.could_not_ask(operation)),
        }
    }
}
