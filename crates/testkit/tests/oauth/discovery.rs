//! The discovery document leads to the endpoints.

use serde_json::json;

use super::{App, POOL};

#[tokio::test]
async fn the_document_names_every_endpoint() {
    let app = App::new().await;
    let path = format!("/{POOL}/.well-known/openid-configuration");
    let document = app.get(&path, &[], None).await.json();
    let url = app.pool.server.url();
    let at = |path: &str| format!("{url}{path}");
    assert_eq!(
        document,
        json!({
            "authorization_endpoint": at("/oauth2/authorize"),
            "code_challenge_methods_supported": ["S256"],
            "end_session_endpoint": at("/logout"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": at(&format!("/{POOL}")),
            "jwks_uri": at(&format!("/{POOL}/.well-known/jwks.json")),
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": at("/oauth2/revoke"),
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": at("/oauth2/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": at("/oauth2/userInfo"),
        })
    );
}
