//! The session of a browser: who has signed in there, so that the next app need not ask.
//!
//! Source: *Managed login session duration*: an hour, not extended by use. It is a sealed value in a cookie and rests nowhere:
//! what ends it before its time is read off the user. Chosen: a sign-out everywhere, a new password and a reset by an
//! administrator end it, where Cognito lets the cookie live on.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::id::{Sub, UserPoolId};
use crate::seal::{Purpose, Sealed};
use crate::secret::BrowserCookie;
use crate::service::Service;
use crate::time::{Span, Time};
use crate::token;
use crate::user::{User, UserStatus};

/// The cookie's name.
pub const COOKIE: &str = "cognito";
/// How long the session lasts.
pub const LIFE: Span = Span::hours(1);

/// A browser in which somebody has just signed in.
#[derive(Clone, Debug)]
pub struct BrowserSession {
    /// The cookie's value: base64url.
    pub cookie: BrowserCookie,
    /// When the sign-in was, in seconds: `auth_time` of the tokens to come.
    pub auth_time: i64,
}

/// What the cookie says.
#[derive(Serialize, Deserialize)]
struct Content {
    sub: Sub,
    auth_time: i64,
    /// Which of the user's passwords was the one.
    generation: u32,
    expires_at: Time,
}

/// The session of a user who has given every proof that the pool wants.
///
/// # Errors
/// [`Error::Internal`].
pub fn issue(service: &Service, user: &User) -> Result<BrowserSession, Error> {
    let now = service.now();
    let auth_time = token::auth_time(user, now);
    let content = Content {
        sub: user.sub.clone(),
        auth_time,
        generation: generation(user),
        expires_at: now.plus(LIFE),
    };
    let bound_to = bound_to(&user.user_pool_id);
    let sealed = service
        .sealer
        .seal_json(Purpose::Cookie, &bound_to, &content, service.entropy())
        .map_err(Error::internal)?;
    Ok(BrowserSession {
        cookie: BrowserCookie::new(sealed.to_url_text()),
        auth_time,
    })
}

/// Who is signed in to the pool in a browser that has this cookie, and since when (seconds); `None` for nobody. One read.
///
/// # Errors
/// Those of the store.
pub async fn open(
    service: &Service,
    pool: &UserPoolId,
    cookie: &BrowserCookie,
) -> Result<Option<(User, i64)>, Error> {
    let Ok(sealed) = Sealed::from_url_text(cookie.expose()) else {
        return Ok(None);
    };
    let opened = service
        .sealer
        .open_json(Purpose::Cookie, &bound_to(pool), &sealed);
    let Ok(Content {
        sub,
        auth_time,
        generation: signed_in_with,
        expires_at,
    }) = opened
    else {
        return Ok(None);
    };
    if service.now() >= expires_at {
        return Ok(None);
    }
    let user = service.store().find_user_by_sub(pool, &sub).await?;
    let still_in = |user: &User| {
        user.enabled
            && matches!(user.status, UserStatus::Confirmed | UserStatus::ExternalProvider)
            && generation(user) == signed_in_with
            && !token::is_revoked(user, auth_time)
    };
    Ok(user.filter(still_in).map(|user| (user, auth_time)))
}

fn bound_to(pool: &UserPoolId) -> [&str; 2] {
    ["browser session", pool.as_str()]
}

fn generation(user: &User) -> u32 {
    user.credential
        .as_ref()
        .map_or(0, |credential| credential.generation)
}
