//! Setting an authenticator app up in the middle of a sign-in.

use askama::Template;
use axum::response::Response;
use model::Operation;
use pool::error::{Error, text};
use pool::mfa::{self, Holder, VerifySoftwareToken};
use pool::secret::{ConfirmationCode, SessionToken};

use super::challenge::{Carried, Person, status_of};
use super::frame::Frame;
use super::visit::Visit;
use super::{qr_code, sign_in};

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage<'v> {
    frame: Frame<'v>,
    carried: Carried,
    qr_code: String,
    secret: String,
    grouped_secret: String,
}

/// The page: with a new secret, or the one that the person's app has scanned already.
pub(super) async fn page(
    visit: &Visit<'_>,
    mut carried: Carried,
    shown: Option<String>,
    problem: Option<String>,
) -> Response {
    let secret = match shown.filter(|secret| is_base32(secret)) {
        Some(secret) => secret,
        None => match associate(visit, &carried).await {
            Ok((secret, session)) => {
                carried.session = session;
                secret
            }
            Err(error) => {
                let person = Person {
                    login: carried.login,
                    has_passkeys: !carried.passkeys.is_empty(),
                };
                return sign_in::refused(visit, &person, &error).await;
            }
        },
    };
    let Some(qr_code) = qr_code::picture(&provisioning_uri(visit, &carried.login, &secret)) else {
        return visit.failed(&Error::internal("a secret does not fit into a QR code"));
    };
    let mut frame = visit.frame(&visit.words().set_up_title);
    let status = status_of(problem.as_ref());
    frame.problem = problem;
    let page = SetUpPage {
        frame,
        carried,
        qr_code,
        grouped_secret: grouped(&secret),
        secret,
    };
    visit.page(status, &page)
}

/// A new secret, and the session that holds it.
async fn associate(visit: &Visit<'_>, carried: &Carried) -> Result<(String, String), Error> {
    visit.draw(Operation::AssociateSoftwareToken, None)?;
    let session = SessionToken::new(carried.session.clone());
    let associated = mfa::associate_software_token(visit.service(), &Holder::Session(session)).await?;
    let session = associated
        .session
        .ok_or_else(|| Error::not_authorized(text::SESSION_INVALID))?;
    Ok((
        associated.secret_code.expose().to_owned(),
        session.expose().to_owned(),
    ))
}

/// Registers the app by its first code; gives the session to go on with.
pub(super) async fn verify(
    visit: &Visit<'_>,
    session: SessionToken,
    code: String,
) -> Result<SessionToken, Error> {
    visit.draw(Operation::VerifySoftwareToken, None)?;
    let request = VerifySoftwareToken {
        holder: Holder::Session(session),
        user_code: ConfirmationCode::new(code),
        friendly_device_name: None,
    };
    let session = mfa::verify_software_token(visit.service(), &request).await?;
    session.ok_or_else(|| Error::not_authorized(text::SESSION_INVALID))
}

/// What apps scan: the *Key Uri Format* that they have in common. The app shows the pool's name and who it is for.
fn provisioning_uri(visit: &Visit<'_>, login: &str, secret: &str) -> String {
    let encoded = |text: &str| {
        let short: String = text.chars().take(64).collect();
        pool::encoding::query_value(&short)
    };
    let issuer = encoded(&visit.pool().name);
    format!(
        "otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}",
        encoded(login)
    )
}

/// In groups of four, as people read it out.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

fn is_base32(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'))
}
