//! Which requests take turns at the cores, and which are not let in while too many wait.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;

use super::Record;
use crate::{App, api, pages};

/// Lets a request that will compute do so in turns. One that comes while the turns are taken is marked: it is refused where
/// the rates are counted, in the form of the face that it came to.
pub(super) async fn take_turns(State(app): State<App>, request: Request, next: Next) -> Response {
    if !computes(&request) {
        return next.run(request).await;
    }
    if app.turns().are_taken() {
        if let Some(record) = request.extensions().get::<Record>() {
            let _ = record.shed.set(());
        }
        return next.run(request).await;
    }
    app.turns().run(next.run(request)).await
}

/// Whether an answer costs exponentiations or signatures.
fn computes(request: &Request) -> bool {
    let (path, headers) = (request.uri().path(), request.headers());
    match *request.method() {
        Method::POST => {
            api::computes(headers) || path == "/oauth2/token" || pages::of(path, headers).is_some()
        }
        // The implicit grant: tokens for whoever is signed in in the browser.
        Method::GET if path == "/oauth2/authorize" => {
            let query = request.uri().query().unwrap_or_default();
            query.contains("response_type=token")
        }
        _ => false,
    }
}
