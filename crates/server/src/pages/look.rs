//! A company's own look: its logo, its colours, its style.
//!
//! The files of a look are served under `/pages/<pool>/<app client>/…`, with a digest of their content in the name; `-` stands for
//! what holds for all app clients.

use pool::branding::{Brandings, Image, short_digest};
use pool::error::Error;
use pool::id::{AppClientId, UserPoolId};
use pool::service::Service;

use super::assets::PREFIX;
use super::theme::{self, Mode, Scheme};

/// What the frame of a page takes from it.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// In the light, in the dark, or in both.
    pub(super) scheme: Scheme,
    /// The path of a style sheet that follows ours.
    pub(super) theme: Option<String>,
    /// The logo.
    pub(super) logo: Option<Logo>,
    /// What the tab shows in the light, or always.
    pub(super) favicon: Option<String>,
    /// What it shows in the dark, where that is another picture.
    pub(super) favicon_dark: Option<String>,
}

/// A logo.
#[derive(Clone, Debug)]
pub(super) struct Logo {
    /// The path of the picture.
    pub(super) path: String,
    /// The picture that takes its place in the dark.
    pub(super) dark: Option<String>,
    /// Whether it was made for light pages alone, and lies on a light plate in the dark.
    pub(super) has_plate: bool,
}

impl Look {
    /// Our own.
    pub(super) fn plain() -> Self {
        Self {
            scheme: Scheme::Both,
            theme: None,
            logo: None,
            favicon: None,
            favicon_dark: None,
        }
    }

    /// The look of a pool's pages for an app client.
    pub(super) async fn of(
        service: &Service,
        pool: &UserPoolId,
        client: Option<&AppClientId>,
    ) -> Result<Self, Error> {
        let brandings = Brandings::find(service, pool, client).await?;
        let files = Files::new(&brandings, folder(pool, client));
        let scheme = theme::scheme(&brandings);
        let first = if scheme == Scheme::Dark {
            Mode::Dark
        } else {
            Mode::Light
        };
        let path = |(image, _): (&Image, _)| files.path(image);
        // What follows the browser's wish, beside what is there for the other mode.
        let in_the_dark = |light: &Option<String>, dark: Option<String>| {
            dark.filter(|dark| scheme == Scheme::Both && light.as_ref() != Some(dark))
        };
        let logo = files.logo(first).map(|(image, made_for)| {
            let light = files.path(image);
            let dark = files
                .logo(Mode::Dark)
                .filter(|(_, made_for)| *made_for != Some(Mode::Light));
            let dark = in_the_dark(&Some(light.clone()), dark.map(path));
            Logo {
                has_plate: dark.is_none() && made_for == Some(Mode::Light),
                path: light,
                dark,
            }
        });
        let favicon = files.favicon(first).map(path);
        Ok(Self {
            scheme,
            theme: files.theme().map(|css| files.theme_path(&css)),
            logo,
            favicon_dark: in_the_dark(&favicon, files.favicon(Mode::Dark).map(path)),
            favicon,
        })
    }

    /// What the tab shows; an empty picture keeps browsers from asking for one that is not there.
    pub(super) fn icon(&self) -> &str {
        self.favicon.as_deref().unwrap_or("data:,")
    }
}

/// The path of a classic logo.
pub(crate) fn image_path(pool: &UserPoolId, client: Option<&AppClientId>, image: &Image) -> String {
    format!("{}{}", folder(pool, client), name(image))
}

/// A company's own file: its media type and its content. Pool and app client have to exist: what is found is remembered, and what
/// strangers make up must not be.
///
/// # Errors
/// Those of the store.
pub(super) async fn file(service: &Service, path: &str) -> Result<Option<(&'static str, Vec<u8>)>, Error> {
    let mut parts = path.trim_start_matches(PREFIX).split('/');
    let (Some(pool), Some(place), Some(wanted), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let pool = match service.user_pool(pool).await {
        Ok(pool) => pool,
        Err(Error::ResourceNotFound(_)) => return Ok(None),
        Err(failed) => return Err(failed),
    };
    let pool = &pool.pool.id;
    let client = if place == ALL {
        None
    } else {
        let client = service.find_app_client(place).await?;
        match client.filter(|client| client.client.user_pool_id == *pool) {
            Some(client) => Some(client.client.id.clone()),
            None => return Ok(None),
        }
    };
    let brandings = Brandings::find(service, pool, client.as_ref()).await?;
    let files = Files::new(&brandings, folder(pool, client.as_ref()));
    if let Some(image) = files.images().find(|image| name(image) == wanted) {
        return Ok(Some((image.kind.media_type(), image.content.clone())));
    }
    let theme = files.theme().filter(|css| theme_name(css) == wanted);
    Ok(theme.map(|css| ("text/css; charset=utf-8", css.into_bytes())))
}

/// Stands for all app clients in a path.
const ALL: &str = "-";

fn folder(pool: &UserPoolId, client: Option<&AppClientId>) -> String {
    format!("{PREFIX}{pool}/{}/", client.map_or(ALL, AppClientId::as_str))
}

fn name(image: &Image) -> String {
    format!("{}.{}", image.digest, image.kind.extension())
}

fn theme_name(css: &str) -> String {
    format!("{}.css", short_digest(css.as_bytes()))
}

/// The files of a look.
struct Files<'b> {
    brandings: &'b Brandings,
    folder: String,
}

/// A picture, with the mode that it was made for, unless it is for both.
type Found<'b> = (&'b Image, Option<Mode>);

impl<'b> Files<'b> {
    fn new(brandings: &'b Brandings, folder: String) -> Self {
        Self { brandings, folder }
    }

    fn path(&self, image: &Image) -> String {
        format!("{}{}", self.folder, name(image))
    }

    fn theme_path(&self, css: &str) -> String {
        format!("{}{}", self.folder, theme_name(css))
    }

    /// Colours of managed login, then the classic style.
    fn theme(&self) -> Option<String> {
        let ground = |mode| {
            self.asset(&["PAGE_BACKGROUND"], mode)
                .map(|(image, _)| self.path(image))
        };
        let style = self.brandings.managed_login();
        let colours = style.and_then(|style| theme::css(self.brandings, style, &ground));
        let classic = self.brandings.ui_customization().and_then(|set| set.css.clone());
        let css: Vec<String> = colours.into_iter().chain(classic).collect();
        (!css.is_empty()).then(|| css.join("\n"))
    }

    /// The classic logo, which is made for light pages, else that of managed login.
    fn logo(&self, mode: Mode) -> Option<Found<'b>> {
        let classic = self
            .brandings
            .ui_customization()
            .and_then(|set| set.image.as_ref());
        let classic = classic.map(|image| (image, Some(Mode::Light)));
        classic.or_else(|| self.asset(&["FORM_LOGO", "PAGE_HEADER_LOGO"], mode))
    }

    fn favicon(&self, mode: Mode) -> Option<Found<'b>> {
        self.asset(&["FAVICON_SVG", "FAVICON_ICO"], mode)
    }

    /// The first asset for one of these purposes: in this mode, in all, else in the other.
    fn asset(&self, categories: &[&str], mode: Mode) -> Option<Found<'b>> {
        let style = self
            .brandings
            .managed_login()
            .filter(|style| !style.use_cognito_provided_values)?;
        let in_mode = |category: &str, mode: Option<Mode>| {
            let name = mode.map_or("DYNAMIC", Mode::name);
            let mut assets = style.assets.iter();
            let asset = assets.find(|asset| asset.category == category && asset.color_mode == name)?;
            Some((asset.image.as_ref()?, mode))
        };
        let wishes = [Some(mode), None, Some(mode.other())];
        let mut of = categories
            .iter()
            .flat_map(|category| wishes.map(|wish| (category, wish)));
        of.find_map(|(category, wish)| in_mode(category, wish))
    }

    /// All pictures that a page may show.
    fn images(&self) -> impl Iterator<Item = &'b Image> {
        let modes = [Mode::Light, Mode::Dark];
        let found = modes.map(|mode| {
            let ground = self.asset(&["PAGE_BACKGROUND"], mode);
            [self.logo(mode), self.favicon(mode), ground]
        });
        found.into_iter().flatten().flatten().map(|(image, _)| image)
    }
}
