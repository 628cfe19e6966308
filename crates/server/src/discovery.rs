//! What verifiers of tokens fetch: a pool's public keys, and where they are.
//!
//! Source: OpenID Connect Discovery 1.0 and the documents of the real service, whose endpoints are at the pool's domain. Here
//! they are at the server's public URL, with a domain or without: whoever reached the document reaches them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use pool::error::Error;
use serde_json::{Value, json};

use crate::App;
use crate::http::cors;

/// `GET /{userPoolId}/.well-known/jwks.json`: the keys of ID tokens and of access tokens, those that sign first.
pub(crate) async fn jwks(State(app): State<App>, Path(user_pool_id): Path<String>) -> Response {
    let loaded = app.service().user_pool(&user_pool_id).await;
    let now = app.service().now();
    document(loaded.map(|loaded| json!({ "keys": loaded.published_keys(now) })))
}

/// `GET /{userPoolId}/.well-known/openid-configuration`.
pub(crate) async fn openid_configuration(
    State(app): State<App>,
    Path(user_pool_id): Path<String>,
) -> Response {
    let loaded = app.service().user_pool(&user_pool_id).await;
    let public_url = app.options().public_url.trim_end_matches('/');
    document(loaded.map(|loaded| {
        let id = &loaded.pool.id;
        let at = |path: &str| format!("{public_url}{path}");
        json!({
            "authorization_endpoint": at("/oauth2/authorize"),
            "code_challenge_methods_supported": ["S256"],
            "end_session_endpoint": at("/logout"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": app.service().place().issuer(id),
            "jwks_uri": at(&format!("/{id}/.well-known/jwks.json")),
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": at("/oauth2/revoke"),
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": at("/oauth2/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": at("/oauth2/userInfo"),
        })
    }))
}

/// The document, for pages of any origin, to be kept for an hour: keys are published a day before they sign.
fn document(answer: Result<Value, Error>) -> Response {
    let mut response = match answer {
        Ok(document) => {
            let headers = [
                (CONTENT_TYPE, "application/json"),
                (CACHE_CONTROL, "public, max-age=3600"),
            ];
            (headers, document.to_string()).into_response()
        }
        Err(Error::Internal(cause)) => {
            tracing::error!(
                error = crate::chain(&*cause),
                "a discovery document could not be made"
            );
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                [(CONTENT_TYPE, "application/json")],
                r#"{"message":"An internal error occurred."}"#,
            )
                .into_response()
        }
        Err(error) => {
            let body = json!({ "message": error.to_string() }).to_string();
            (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "application/json")], body).into_response()
        }
    };
    cors::open(response.headers_mut());
    response
}
