//! The claims of both tokens, in the order of the real ones.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::{API_SCOPE, Membership, SignIn};
use crate::app_client::AppClient;
use crate::user::User;

/// All that the claims of one issue are made of.
pub(super) struct Occasion<'o> {
    pub(super) issuer: String,
    pub(super) issued_at: i64,
    pub(super) client: &'o AppClient,
    pub(super) user: &'o User,
    pub(super) membership: &'o Membership,
    pub(super) sign_in: &'o SignIn,
}

impl Occasion<'_> {
    /// The access token: `client_id` and no `aud`; `version` only where an app was granted scopes. Without revocation
    /// neither `origin_jti` nor `jti`.
    pub(super) fn access_token(&self, jti: String) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        let revocable = self.client.settings.enable_token_revocation;
        let scope = match &self.sign_in.scopes {
            Some(scopes) => scopes.to_string(),
            None => API_SCOPE.to_owned(),
        };
        put("sub", self.user.sub.as_str().into());
        if let Some(key) = &self.sign_in.device_key {
            put("device_key", key.as_str().into());
        }
        if !self.membership.groups.is_empty() {
            put("cognito:groups", self.membership.groups.clone().into());
        }
        put("iss", self.issuer.as_str().into());
        if self.sign_in.scopes.is_some() {
            put("version", 2.into());
        }
        put("client_id", self.client.id.as_str().into());
        if revocable {
            put("origin_jti", self.sign_in.origin_jti.as_str().into());
        }
        put("event_id", self.sign_in.event_id.as_str().into());
        put("token_use", "access".into());
        put("scope", scope.into());
        put("auth_time", self.sign_in.auth_time.into());
        put(
            "exp",
            (self.issued_at + self.client.access_token_life().as_seconds()).into(),
        );
        put("iat", self.issued_at.into());
        if revocable {
            put("jti", jti.into());
        }
        put("username", self.user.username.as_str().into());
        claims
    }

    /// The ID token: the attributes that the app client may read, as far as the granted scopes show them.
    pub(super) fn id_token(&self, jti: String) -> Map<String, Value> {
        let mut claims = Map::new();
        if self.client.settings.enable_token_revocation {
            claims.insert("origin_jti".to_owned(), self.sign_in.origin_jti.as_str().into());
        }
        claims.insert("sub".to_owned(), self.user.sub.as_str().into());
        claims.insert("aud".to_owned(), self.client.id.as_str().into());
        self.membership_claims(&mut claims);
        for (name, value) in self.user.attributes.iter() {
            let shown = self
                .sign_in
                .scopes
                .as_ref()
                .is_none_or(|scopes| scopes.show(name));
            if shown && self.client.may_read(name) {
                claims.insert(name.to_owned(), attribute_claim(name, value));
            }
        }
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("event_id", self.sign_in.event_id.as_str().into());
        put("token_use", "id".into());
        put("auth_time", self.sign_in.auth_time.into());
        put("iss", self.issuer.as_str().into());
        put("cognito:username", self.user.username.as_str().into());
        if let Some(nonce) = &self.sign_in.nonce {
            put("nonce", nonce.as_str().into());
        }
        put(
            "exp",
            (self.issued_at + self.client.id_token_life().as_seconds()).into(),
        );
        put("iat", self.issued_at.into());
        put("jti", jti.into());
        claims
    }

    /// Groups and roles, as far as there are any.
    fn membership_claims(&self, claims: &mut Map<String, Value>) {
        let Membership {
            groups,
            roles,
            preferred_role,
        } = self.membership;
        if !groups.is_empty() {
            claims.insert("cognito:groups".to_owned(), groups.clone().into());
        }
        if let Some(role) = preferred_role {
            claims.insert("cognito:preferred_role".to_owned(), role.as_str().into());
        }
        if !roles.is_empty() {
            claims.insert("cognito:roles".to_owned(), roles.clone().into());
        }
    }
}

/// `at_hash`, which binds an ID token to the access token beside it: OpenID Connect Core, section 3.1.3.6.
pub(super) fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16])
}

/// An attribute as a claim: the two `_verified` are booleans, `address` is an object (OIDC Core 5.1.1), `updated_at`
/// a number; everything else, custom numbers included, is text.
pub(super) fn attribute_claim(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => Value::Bool(value == "true"),
        "address" => json!({ "formatted": value }),
        "updated_at" => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
        _ => value.into(),
    }
}
