//! What an operation's file works with beside its request.

use std::collections::BTreeMap;

use pool::service::Service;
use pool::subject::Caller;

/// A call of an operation.
pub(super) struct Call<'a> {
    /// The pools.
    pub(super) service: &'a Service,
    /// The caller's SDK, for the events of triggers.
    pub(super) sdk_version: Option<String>,
}

impl Call<'_> {
    /// What triggers learn about this call.
    pub(super) fn caller(&self, client_metadata: Option<BTreeMap<String, String>>) -> Caller {
        Caller {
            sdk_version: self.sdk_version.clone(),
            client_metadata: client_metadata.unwrap_or_default(),
        }
    }
}
