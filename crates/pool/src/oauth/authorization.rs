//! A request to the authorize endpoint, checked.
//!
//! Source: *Redirect and authorization endpoint*, RFC 6749 sections 3.1 and 4.1.2.1, RFC 7636, OpenID Connect Core 1.0 section
//! 3.1.2. Nobody is sent anywhere before app client and callback are known to belong together.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::redirect::{Part, redirect};
use super::scope::Scopes;
use crate::app_client::{COGNITO, OAuthFlow};
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::registry::{LoadedClient, LoadedPool};
use crate::service::Service;
use crate::time::{Span, Time};

/// What an app asks for, every part of it allowed.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// The app client's pool.
    pub pool: Arc<LoadedPool>,
    /// The app client.
    pub client: Arc<LoadedClient>,
    /// How the app gets its tokens.
    pub response_type: ResponseType,
    /// Where the browser goes back to: one of the app client's callbacks, to the letter.
    pub redirect_uri: String,
    /// Whether the request named it; if not, it is the app client's default, and the token endpoint is not told it either.
    pub redirect_uri_was_given: bool,
    /// What is to be granted: what was asked for, or all that the app client may ask for.
    pub scopes: Scopes,
    /// What the app wants to have back.
    pub state: Option<String>,
    /// What the app wants to find in the ID token.
    pub nonce: Option<String>,
    /// The app's S256 challenge: SHA-256 in base64url. Who brings the code must know what it was made of.
    pub code_challenge: Option<String>,
    /// Whether nobody may be asked anything, or somebody must be.
    pub prompt: Prompt,
    /// Who is expected to sign in, for the form.
    pub login_hint: Option<String>,
    /// The language of the pages.
    pub lang: Option<String>,
    /// How long ago the sign-in may have been.
    pub max_age: Option<Span>,
}

/// How an app gets its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseType {
    /// With a code, at the token endpoint.
    Code,
    /// At once, in the callback's fragment.
    Token,
}

/// `prompt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// Asks only whom it does not know. `consent` is this, too: a pool asks nobody for consent.
    #[default]
    AsNeeded,
    /// Asks nobody: whoever is not signed in is sent back.
    None,
    /// Asks whoever it is: `login`, and `select_account`, since another account may be signed in with.
    Login,
}

/// Why a request leads to no sign-in.
#[derive(Debug)]
pub enum Refused {
    /// App client or callback are not known: the person stays here, on the error page.
    Page {
        /// The error's code, such as `redirect_mismatch`.
        error: &'static str,
        /// The app client as the request had it.
        client_id: Option<String>,
    },
    /// The app hears of it, at its callback.
    Redirect {
        /// The callback with the error in it.
        to: String,
    },
    /// The pool failed.
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// The query of a request as its pairs, percent-decoding done; an empty value counts as none (RFC 6749, section 3.1).
pub type Pairs = [(String, String)];

/// Checks the query of a request to the authorize endpoint, or to a page that was reached from there. `host` is the pool that
/// the request's host name belongs to, if it belongs to one: its app clients alone are known there.
///
/// # Errors
/// [`Refused`] says where the browser goes instead.
pub async fn check(
    service: &Service,
    host: Option<&UserPoolId>,
    pairs: &Pairs,
) -> Result<AuthorizationRequest, Refused> {
    let client_id = once(pairs, "client_id");
    let page = |error| Refused::Page {
        error,
        client_id: client_id.ok().flatten().map(str::to_owned),
    };
    let Ok(Some(id)) = client_id else {
        return Err(page(INVALID_REQUEST));
    };
    let client = service.find_app_client(id).await?;
    let at_host = |client: &Arc<LoadedClient>| host.is_none_or(|pool| client.client.user_pool_id == *pool);
    let client = client.filter(at_host).ok_or_else(|| page(UNAUTHORIZED_CLIENT))?;
    let pool = service.user_pool(client.client.user_pool_id.as_str()).await?;
    let oauth = &client.client.settings.oauth;
    let given = once(pairs, "redirect_uri").map_err(|_| page(INVALID_REQUEST))?;
    let redirect_uri = given
        .or(oauth.default_redirect_uri.as_deref())
        .filter(|url| oauth.has_callback(url))
        .ok_or_else(|| page(REDIRECT_MISMATCH))?
        .to_owned();
    let way_back = WayBack::of(&redirect_uri, pairs);
    match rest(&client, &pool, pairs) {
        Ok(rest) => Ok(AuthorizationRequest {
            response_type: rest.response_type,
            redirect_uri_was_given: given.is_some(),
            scopes: rest.scopes,
            state: rest.state,
            nonce: rest.nonce,
            code_challenge: rest.code_challenge,
            prompt: rest.prompt,
            login_hint: rest.login_hint,
            lang: rest.lang,
            max_age: rest.max_age,
            redirect_uri,
            pool,
            client,
        }),
        Err((error, description)) => Err(Refused::Redirect {
            to: way_back.with_error(error, Some(description)),
        }),
    }
}

impl AuthorizationRequest {
    /// Whether a sign-in at `auth_time` (seconds) is enough, so that nobody need be asked.
    #[must_use]
    pub fn accepts_session(&self, auth_time: i64, now: Time) -> bool {
        let young = |max: Span| now.seconds().saturating_sub(auth_time) <= max.as_seconds();
        self.prompt != Prompt::Login && self.max_age.is_none_or(young)
    }

    /// The callback with an error in it, for what happens after the request was found in order.
    #[must_use]
    pub fn back_with_error(&self, error: &str, description: Option<&str>) -> String {
        let way_back = WayBack {
            redirect_uri: &self.redirect_uri,
            part: self.part(),
            state: self.state.as_deref(),
        };
        way_back.with_error(error, description)
    }

    /// Where in the callback an answer stands.
    pub(super) fn part(&self) -> Part {
        match self.response_type {
            ResponseType::Code => Part::Query,
            ResponseType::Token => Part::Fragment,
        }
    }
}

/// Where an error goes before all of the request is known to be in order.
struct WayBack<'r> {
    redirect_uri: &'r str,
    part: Part,
    state: Option<&'r str>,
}

impl<'r> WayBack<'r> {
    fn of(redirect_uri: &'r str, pairs: &'r Pairs) -> Self {
        Self {
            redirect_uri,
            part: match once(pairs, "response_type") {
                Ok(Some("token")) => Part::Fragment,
                _ => Part::Query,
            },
            state: once(pairs, "state").ok().flatten(),
        }
    }

    fn with_error(&self, error: &str, description: Option<&str>) -> String {
        let mut pairs = Vec::from_iter(description.map(|text| ("error_description", text)));
        pairs.push(("error", error));
        pairs.extend(self.state.map(|state| ("state", state)));
        redirect(self.redirect_uri, self.part, &pairs)
    }
}

/// What is not yet known of a request whose app client and callback are.
struct Rest {
    response_type: ResponseType,
    scopes: Scopes,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    prompt: Prompt,
    login_hint: Option<String>,
    lang: Option<String>,
    max_age: Option<Span>,
}

const INVALID_REQUEST: &str = "invalid_request";
const INVALID_SCOPE: &str = "invalid_scope";
const REDIRECT_MISMATCH: &str = "redirect_mismatch";
const UNAUTHORIZED_CLIENT: &str = "unauthorized_client";

/// An error's code and what it says to the app's developer.
type Flaw = (&'static str, &'static str);

fn rest(client: &LoadedClient, pool: &LoadedPool, pairs: &Pairs) -> Result<Rest, Flaw> {
    let invalid = |what: &'static str| (INVALID_REQUEST, what);
    let get = |name| once(pairs, name).map_err(|Repeated| invalid(text::PARAMETER_REPEATED));
    let owned = |name| get(name).map(|value| value.map(str::to_owned));
    let (response_type, flow) = match get("response_type")? {
        Some("code") => (ResponseType::Code, OAuthFlow::Code),
        Some("token") => (ResponseType::Token, OAuthFlow::Implicit),
        _ => return Err(invalid(text::RESPONSE_TYPE)),
    };
    if !client.client.settings.oauth.allows(flow) {
        return Err((UNAUTHORIZED_CLIENT, text::FLOW_NOT_ALLOWED));
    }
    for (name, known) in [("identity_provider", Some(COGNITO)), ("idp_identifier", None)] {
        let asked = get(name)?;
        if asked.is_some() && asked != known {
            return Err(invalid(text::NO_SUCH_IDENTITY_PROVIDER));
        }
    }
    let max_age = get("max_age")?.map(seconds).transpose();
    Ok(Rest {
        response_type,
        scopes: scopes(client, pool, get("scope")?)?,
        state: owned("state")?,
        nonce: owned("nonce")?,
        code_challenge: challenge(get("code_challenge")?, get("code_challenge_method")?).map_err(invalid)?,
        prompt: prompt(get("prompt")?).map_err(invalid)?,
        login_hint: owned("login_hint")?,
        lang: owned("lang")?,
        max_age: max_age.map_err(invalid)?,
    })
}

/// What is granted: what was asked for, if the app client may ask for all of it.
fn scopes(client: &LoadedClient, pool: &LoadedPool, asked: Option<&str>) -> Result<Scopes, Flaw> {
    let invalid = (INVALID_SCOPE, text::SCOPE_NOT_ALLOWED);
    let listed = client.client.settings.oauth.allowed_oauth_scopes.iter().flatten();
    let allowed = listed.cloned().collect::<Scopes>().known_to(&pool.pool);
    let granted = match asked {
        None => allowed,
        Some(asked) => {
            let asked = Scopes::parse(asked);
            if !asked.iter().all(|scope| allowed.has(scope)) {
                return Err(invalid);
            }
            asked
        }
    };
    if granted.agree() {
        Ok(granted)
    } else {
        Err(invalid)
    }
}

/// The challenge, which is nothing but S256: a plain one would show to whoever sees the request what it is to keep from them.
fn challenge(challenge: Option<&str>, method: Option<&str>) -> Result<Option<String>, &'static str> {
    match (challenge, method) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => {
            let sound = URL_SAFE_NO_PAD
                .decode(challenge)
                .is_ok_and(|digest| digest.len() == 32);
            sound
                .then(|| Some(challenge.to_owned()))
                .ok_or(text::CODE_CHALLENGE)
        }
        _ => Err(text::CODE_CHALLENGE),
    }
}

/// OpenID Connect Core 1.0, section 3.1.2.1: `none` stands alone.
fn prompt(asked: Option<&str>) -> Result<Prompt, &'static str> {
    let words: Vec<&str> = asked
        .unwrap_or_default()
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect();
    if words == ["none"] {
        return Ok(Prompt::None);
    }
    let known = |word: &&str| ["login", "select_account", "consent"].contains(word);
    if !words.iter().all(known) {
        return Err(text::PROMPT);
    }
    let asks = words.iter().any(|word| *word != "consent");
    Ok(if asks { Prompt::Login } else { Prompt::AsNeeded })
}

fn seconds(text: &str) -> Result<Span, &'static str> {
    let digits = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.map(Span::seconds).ok_or(text::MAX_AGE)
}

/// A parameter stands twice in a request: whoever reads the first and whoever reads the last would not agree.
#[derive(Clone, Copy, Debug)]
pub struct Repeated;

/// The value of a parameter; `None` for an absent or an empty one.
///
/// # Errors
/// [`Repeated`], which no parameter may be (RFC 6749, section 3.1).
pub fn once<'p>(pairs: &'p Pairs, name: &str) -> Result<Option<&'p str>, Repeated> {
    let mut values = pairs
        .iter()
        .filter(|(own, _)| own == name)
        .map(|(_, value)| value.as_str());
    let first = values.next();
    if values.next().is_some() {
        return Err(Repeated);
    }
    Ok(first.filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_s256_or_none() {
        let digest = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(challenge(Some(digest), Some("S256")), Ok(Some(digest.to_owned())));
        assert_eq!(challenge(None, None), Ok(None));
        for (given, method) in [
            (Some(digest), None),
            (Some(digest), Some("plain")),
            (None, Some("S256")),
            (Some("short"), Some("S256")),
            (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), Some("S256")),
        ] {
            assert!(challenge(given, method).is_err(), "{given:?} {method:?}");
        }
    }

    #[test]
    fn prompt_none_stands_alone() {
        assert_eq!(prompt(None), Ok(Prompt::AsNeeded));
        assert_eq!(prompt(Some("none")), Ok(Prompt::None));
        assert_eq!(prompt(Some("consent")), Ok(Prompt::AsNeeded));
        assert_eq!(prompt(Some("login consent")), Ok(Prompt::Login));
        assert_eq!(prompt(Some("select_account")), Ok(Prompt::Login));
        for asked in ["none login", "none none", "NONE", "create"] {
            assert!(prompt(Some(asked)).is_err(), "{asked}");
        }
    }

    #[test]
    fn an_age_is_a_whole_number_of_seconds() {
        assert_eq!(seconds("0"), Ok(Span::seconds(0)));
        assert_eq!(seconds("3600"), Ok(Span::hours(1)));
        for text in ["-1", "1.5", "", "+1", "99999999999"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_parameter_stands_once_and_empty_is_none() {
        let pairs = |names: &[(&str, &str)]| -> Vec<(String, String)> {
            names
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        assert_eq!(once(&pairs(&[("a", "1"), ("b", "2")]), "a").unwrap(), Some("1"));
        assert_eq!(once(&pairs(&[("a", "")]), "a").unwrap(), None);
        assert!(once(&pairs(&[("a", "1"), ("a", "1")]), "a").is_err());
    }
}
