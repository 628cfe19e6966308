//! OAuth 2.0 and OpenID Connect: what an app may be granted, the code that it takes to the token endpoint, the session of a
//! browser.
//!
//! Source: *User pool endpoints and managed login reference*, RFC 6749, RFC 7636, OpenID Connect Core 1.0. An app sends a
//! browser to the authorize endpoint ([`authorization`]); once somebody is signed in ([`browser`]), [`code::grant`] sends it
//! back, and the app comes with the code to the token endpoint ([`token`]).

pub mod authorization;
pub mod browser;
pub mod code;
pub mod logout;
mod redirect;
mod scope;
pub mod token;
pub mod user_info;

pub use authorization::{AuthorizationRequest, Refused, ResponseType};
pub use redirect::{Part, redirect};
pub use scope::{OPENID, Scopes};
pub(crate) use scope::{is_scope, is_standard_scope};
