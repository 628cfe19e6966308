//! What is known of a request while it is handled: filled in on the way, read at the end for log and metrics.

use std::sync::{Arc, OnceLock};

use model::Operation;
use pool::id::{AppClientId, UserPoolId};

/// A request's record; clones share it. It holds ids and names alone, nothing that a person has typed.
#[derive(Clone, Debug)]
pub(crate) struct Record(Arc<Facts>);

/// The facts, each written at most once.
#[derive(Debug)]
pub(crate) struct Facts {
    /// What `x-amzn-RequestId` says.
    pub(crate) request_id: String,
    pub(crate) operation: OnceLock<Operation>,
    /// The exception that the client got.
    pub(crate) exception: OnceLock<&'static str>,
    pub(crate) user_pool_id: OnceLock<UserPoolId>,
    pub(crate) app_client_id: OnceLock<AppClientId>,
    /// Set when too many waited for the cores already: the request is to be turned away.
    pub(crate) shed: OnceLock<()>,
}

impl Record {
    pub(crate) fn new(request_id: String) -> Self {
        Self(Arc::new(Facts {
            request_id,
            operation: OnceLock::new(),
            exception: OnceLock::new(),
            user_pool_id: OnceLock::new(),
            app_client_id: OnceLock::new(),
            shed: OnceLock::new(),
        }))
    }
}

impl std::ops::Deref for Record {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}
