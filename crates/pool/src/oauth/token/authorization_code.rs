//! `grant_type=authorization_code`.
//!
//! Source: RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 9700 section 2.1.1. A code that comes again ends the tokens that
//! it was exchanged for: one of the two who had it should not.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use trigger::pre_token_generation::Source;

use super::{Given, TokenError};
use crate::app_client::OAuthFlow;
use crate::error::Error;
use crate::oauth::code::{self, Content, Place};
use crate::ports::{Change, Conflict, StoreError};
use crate::secret::{AuthorizationCode, same_text};
use crate::service::Service;
use crate::subject::{Caller, Subject};
use crate::token::{self, Grant, SignIn, TokenFamily, Tokens};

/// How often the tokens of a code that comes again are revoked while they are being refreshed.
const TRIES: u32 = 100;

/// Exchanges a code.
pub(super) async fn grant(
    service: &Service,
    subject: &Subject,
    given: Given<'_>,
) -> Result<Tokens, TokenError> {
    let client = &subject.client.client;
    if !client.settings.oauth.allows(OAuthFlow::Code) {
        return Err(TokenError::UnauthorizedClient);
    }
    let code = AuthorizationCode::new(given.required("code")?.to_owned());
    let content =
        open(service, subject, &code, given.get("redirect_uri")?).ok_or(TokenError::InvalidGrant)?;
    if !proves(content.code_challenge.as_deref(), given.get("code_verifier")?) {
        return Err(TokenError::InvalidGrant);
    }
    if !content.scopes.are_readable_by(client) {
        return Err(TokenError::InvalidGrant);
    }
    let code_ends_at = content.expires_at;
    let sign_in = sign_in(service, subject, content);
    let pool = &subject.pool.pool.id;
    let found = service
        .store()
        .find_bearer(pool, &sign_in.sub, &sign_in.origin_jti)
        .await;
    let (user, family) = found.map_err(Error::from)?.ok_or(TokenError::InvalidGrant)?;
    if family.is_some() {
        revoke(service, subject, &sign_in).await?;
        return Err(TokenError::InvalidGrant);
    }
    if !user.enabled || token::is_revoked(&user, sign_in.auth_time) {
        return Err(TokenError::InvalidGrant);
    }
    let grant = Grant {
        service,
        pool: &subject.pool,
        client,
        user: &user,
        caller: &Caller::default(),
        source: Source::HostedAuth,
    };
    // First the tokens: a function that refuses them must not cost the app its code.
    let mut tokens = token::issue(&grant, &sign_in).await?;
    let family = Box::new(TokenFamily::of_redeemed_code(pool, &sign_in, code_ends_at));
    let now = service.now();
    match service.commit(vec![Change::PutTokenFamily { family, now }]).await {
        Ok(()) => {
            tokens.refresh_token = Some(token::seal(service, &subject.pool, &sign_in)?);
            Ok(tokens)
        }
        // Another has come with the code meanwhile, or the user is gone.
        Err(StoreError::Conflict(Conflict::Changed)) => {
            revoke(service, subject, &sign_in).await?;
            Err(TokenError::InvalidGrant)
        }
        Err(failed) => Err(TokenError::Failed(failed.into())),
    }
}

/// Opens a code with the callback of its request. One that named none has a code for none, and may name the default now.
fn open(
    service: &Service,
    subject: &Subject,
    code: &AuthorizationCode,
    redirect_uri: Option<&str>,
) -> Option<Content> {
    let client = &subject.client.client;
    let at = |redirect_uri| Place {
        pool: &subject.pool.pool.id,
        client: &client.id,
        redirect_uri,
    };
    let is_default = redirect_uri == client.settings.oauth.default_redirect_uri.as_deref();
    let named = redirect_uri.and_then(|url| code::open(service, at(url), code));
    named.or_else(|| {
        let unnamed = redirect_uri.is_none() || is_default;
        unnamed.then(|| code::open(service, at(""), code)).flatten()
    })
}

/// Whether the verifier is what the challenge was made of. A verifier without a challenge is refused as well: somebody has
/// taken the challenge out of the request, or has come by a code that was not meant for this app.
fn proves(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let made = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            is_verifier(verifier) && same_text(&made, challenge)
        }
        _ => false,
    }
}

/// RFC 7636, section 4.1.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

fn sign_in(service: &Service, subject: &Subject, content: Content) -> SignIn {
    let client = &subject.client.client;
    SignIn {
        client_id: client.id.clone(),
        sub: content.sub,
        auth_time: content.auth_time,
        event_id: service.entropy().uuid(),
        jti: content.id.clone(),
        origin_jti: content.id,
        device_key: None,
        expires_at: service.now().plus(client.refresh_token_life()),
        scopes: Some(content.scopes),
        nonce: content.nonce,
    }
}

/// Ends the tokens that the code was exchanged for.
async fn revoke(service: &Service, subject: &Subject, sign_in: &SignIn) -> Result<(), TokenError> {
    let pool = &subject.pool.pool.id;
    for _ in 0..TRIES {
        let now = service.now();
        let found = service
            .store()
            .find_bearer(pool, &sign_in.sub, &sign_in.origin_jti)
            .await;
        let Some((_, Some(mut family))) = found.map_err(Error::from)? else {
            return Ok(());
        };
        if family.revoked {
            return Ok(());
        }
        family.revoke(sign_in);
        let family = Box::new(family);
        match service.commit(vec![Change::PutTokenFamily { family, now }]).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(TokenError::Failed(failed.into())),
        }
    }
    Err(TokenError::TooManyRequests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_proves_its_challenge_and_neither_goes_alone() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(proves(Some(challenge), Some(verifier)));
        assert!(proves(None, None));
        assert!(!proves(Some(challenge), None));
        assert!(!proves(None, Some(verifier)));
        assert!(!proves(Some(challenge), Some(challenge)));
        assert!(!proves(Some(challenge), Some("short")));
    }
}
