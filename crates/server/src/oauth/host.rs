//! Whose host name a request came by.

use std::net::IpAddr;

use http::HeaderMap;
use http::header::HOST;
use pool::error::Error;
use pool::id::UserPoolId;
use pool::user_pool_domain;

use crate::App;

/// The pool whose domain a request's `Host` is; `None` for any other name, where the app client tells the pool.
///
/// Nothing that is handed out is made of it: a host name that a stranger has written chooses among pools, no more.
///
/// # Errors
/// Those of the store.
pub(crate) async fn pool_of_host(app: &App, headers: &HeaderMap) -> Result<Option<UserPoolId>, Error> {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let public = app.options().public_url.split_once("://");
    let public = public.and_then(|(_, rest)| rest.split('/').next());
    if public.is_some_and(|public| public.eq_ignore_ascii_case(host)) {
        return Ok(None);
    }
    let name = host.split(':').next().unwrap_or_default();
    if name.is_empty() || name == "localhost" || name.starts_with('[') || name.parse::<IpAddr>().is_ok() {
        return Ok(None);
    }
    user_pool_domain::pool_of_host(app.service(), name).await
}
