//! The end of a sign-in: back to the app, by way of the offer of a passkey where that makes sense.

use axum::response::Response;
use pool::user::User;
use pool::user_pool::FirstFactor;

use super::challenge::Person;
use super::visit::Visit;
use super::{add_passkey, csrf};
use crate::oauth;

/// Keeps the user signed in in this browser and sends it on. What the browser had before the sign-in, its token for forms
/// included, is worth nothing after it.
pub(super) async fn signed_in(visit: &Visit<'_>, person: &Person, user: &User) -> Response {
    let mut response = if offers_passkey(visit, person, user) {
        let offer = format!("/passkeys/add{}", visit.browser.query);
        oauth::keep_signed_in(visit.app, user, &offer)
    } else {
        oauth::finish_sign_in(visit.app, &visit.request, user).await
    };
    let token = csrf::Token::new();
    visit
        .browser
        .set_cookie(&mut response, csrf::COOKIE, &token.text, None);
    response
}

/// Whether this user could sign in more easily next time: the pool has passkeys, the browser can make one, the user has none,
/// and nobody has said *not now* here.
fn offers_passkey(visit: &Visit<'_>, person: &Person, user: &User) -> bool {
    let pool = visit.pool();
    let in_pool = |factor| pool.settings.first_factors.contains(&factor);
    person.has_passkeys
        && in_pool(FirstFactor::WebAuthn)
        && pool.web_authn.relying_party_id.is_some()
        && user.passkeys.is_empty()
        && visit.browser.cookie(add_passkey::LATER_COOKIE).is_none()
}
