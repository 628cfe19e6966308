//! The pools file of `rehome serve --pools`: user pools, app clients and users with ids of one's own choice.
//!
//! [`PoolsFile::parse`] reads and checks it, [`apply`] makes what is not there yet. What is there is never changed: a
//! second start with the same file writes nothing, and where pool and file differ the [`Report`] says so. The format is
//! told in `docs/reference/pools-file.md`.

mod apply;
mod differences;
mod read;
mod report;

use pool::app_client::CreateUserPoolClient;
use pool::branding::SetUICustomization;
use pool::user::SeedUser;
use pool::user_pool::CreateUserPool;

pub use apply::{NotApplied, apply};
pub use report::{Difference, Kind, Report};

use crate::problem::Problem;

/// A pools file, checked as far as it can be without the pools.
#[derive(Debug, Default)]
pub struct PoolsFile {
    /// The file's name, for messages.
    pub(crate) name: String,
    /// The pools, in the file's order.
    pub(crate) user_pools: Vec<PoolEntry>,
}

/// One pool of the file and all that is in it.
#[derive(Debug)]
pub(crate) struct PoolEntry {
    pub(crate) id: String,
    pub(crate) user_pool: CreateUserPool,
    pub(crate) ui_customization: Option<SetUICustomization>,
    pub(crate) app_clients: Vec<AppClientEntry>,
    pub(crate) users: Vec<SeedUser>,
}

/// One app client of the file.
#[derive(Debug)]
pub(crate) struct AppClientEntry {
    pub(crate) client: CreateUserPoolClient,
    pub(crate) ui_customization: Option<SetUICustomization>,
}

impl PoolsFile {
    /// Reads the text of the file called `name`; notes everything that is wrong with it.
    pub fn parse(name: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        read::file(name, text, problems)
    }

    /// Whether the file asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.user_pools.is_empty()
    }
}
