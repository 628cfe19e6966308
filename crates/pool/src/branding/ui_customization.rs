//! `SetUICustomization` and `GetUICustomization`: the style and the logo of the classic pages.

use time::OffsetDateTime;

use super::change::{change, client_of};
use super::{Brandings, Image, ImageKind, UICustomization, css};
use crate::error::{Error, text};
use crate::id::{AppClientId, UserPoolId};
use crate::service::Service;
use crate::time::Time;

/// How the API names all app clients.
pub(super) const ALL: &str = "ALL";

/// The longest logo, in bytes. Source: *Customizing hosted UI (classic) branding*.
const LONGEST_IMAGE: usize = 100 * 1024;

/// `SetUICustomization`.
#[derive(Clone, Debug)]
pub struct SetUICustomization {
    /// The pool.
    pub user_pool_id: String,
    /// The app client; `None` or `ALL` for all.
    pub client_id: Option<String>,
    /// The style sheet.
    pub css: Option<String>,
    /// The logo.
    pub image: Option<Vec<u8>>,
}

/// Sets it. Documented: *you can't set CSS and logo customization separately*, so what the request leaves out goes. Chosen: with
/// neither there is nothing of its own any more, and an app client has again what holds for all.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] for a style beyond what is allowed and for what is no picture (PNG or
/// JPEG, 100 KB).
pub async fn set_ui_customization(
    service: &Service,
    request: SetUICustomization,
) -> Result<(UserPoolId, Option<AppClientId>, Option<UICustomization>), Error> {
    customize(service, request, Present::Goes).await
}

/// Sets it where there is none yet, as the file of pools at the server's start does. What was there, or has come meanwhile, stays.
///
/// # Errors
/// As [`set_ui_customization`].
pub async fn seed_ui_customization(service: &Service, request: SetUICustomization) -> Result<(), Error> {
    customize(service, request, Present::Stays).await.map(drop)
}

/// What becomes of a customization that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Present {
    Goes,
    Stays,
}

async fn customize(
    service: &Service,
    request: SetUICustomization,
    present: Present,
) -> Result<(UserPoolId, Option<AppClientId>, Option<UICustomization>), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool.id;
    let client = client_of(service, pool, request.client_id.as_deref()).await?;
    let css = request.css.filter(|css| !css.trim().is_empty());
    css.as_deref().map(css::check).transpose()?;
    let image = request.image.filter(|content| !content.is_empty());
    let image = image.map(logo).transpose()?;
    let now = service.now();
    let branding = change(service, pool, client.as_ref(), |branding| {
        if present == Present::Stays && branding.ui_customization.is_some() {
            return Ok(());
        }
        let before = branding.ui_customization.take();
        branding.ui_customization = (css.is_some() || image.is_some()).then(|| UICustomization {
            css: css.clone(),
            css_version: css_version(now),
            image: image.clone(),
            created_at: before.map_or(now, |before| before.created_at),
            modified_at: now,
        });
        Ok(())
    })
    .await?;
    Ok((pool.clone(), client, branding.ui_customization))
}

/// What holds for an app client: its own, or that of all. `None` when nothing was ever set.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub async fn get_ui_customization(
    service: &Service,
    user_pool_id: &str,
    client_id: Option<&str>,
) -> Result<(UserPoolId, Option<AppClientId>, Option<UICustomization>), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let pool = &loaded.pool.id;
    let client = client_of(service, pool, client_id).await?;
    let brandings = Brandings::find(service, pool, client.as_ref()).await?;
    let client = client.filter(|_| brandings.has_own_ui_customization());
    Ok((pool.clone(), client, brandings.ui_customization().cloned()))
}

/// The moment in UTC, as Cognito writes it here.
fn css_version(now: Time) -> String {
    let now = OffsetDateTime::from_unix_timestamp(now.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, time) = (now.date(), now.time());
    let (hour, minute, second) = time.as_hms();
    let month = u8::from(date.month());
    format!(
        "{:04}{month:02}{:02}{hour:02}{minute:02}{second:02}",
        date.year(),
        date.day()
    )
}

fn logo(content: Vec<u8>) -> Result<Image, Error> {
    let is_short = content.len() <= LONGEST_IMAGE;
    let image = Image::new(content).filter(|image| matches!(image.kind, ImageKind::Png | ImageKind::Jpeg));
    image
        .filter(|_| is_short)
        .ok_or_else(|| Error::invalid_parameter(text::INVALID_LOGO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_moment() {
        assert_eq!(css_version(Time(1_736_968_768_123)), "20250115191928");
    }
}
