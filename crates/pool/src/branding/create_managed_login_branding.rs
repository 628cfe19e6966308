//! `CreateManagedLoginBranding`: a style of the branding editor for an app client.

use serde_json::Value;

use super::change::{change, client_of};
use super::{Asset, Image, ImageKind, ManagedLoginBranding};
use crate::error::{Error, text};
use crate::id::{AppClientId, UserPoolId};
use crate::service::Service;

/// The most that settings and pictures of a style may have together, in bytes. Chosen: pages are shown out of memory, and a request
/// brings at most two megabytes.
const LONGEST_STYLE: usize = 6 * 1024 * 1024;

/// What a style is to be.
#[derive(Clone, Debug)]
pub struct CreateManagedLoginBranding {
    /// The pool.
    pub user_pool_id: String,
    /// The app client; chosen: `ALL` for all that have none of their own.
    pub client_id: String,
    /// What is in it.
    pub content: StyleContent,
}

/// What a request has of a style.
#[derive(Clone, Debug, Default)]
pub struct StyleContent {
    /// Whether it is Cognito's own look.
    pub use_cognito_provided_values: Option<bool>,
    /// `Settings`.
    pub settings: Option<Value>,
    /// `Assets`.
    pub assets: Vec<GivenAsset>,
}

/// `AssetType` as a request has it.
#[derive(Clone, Debug)]
pub struct GivenAsset {
    /// `Category`.
    pub category: String,
    /// `ColorMode`.
    pub color_mode: String,
    /// `Extension`.
    pub extension: String,
    /// `Bytes`.
    pub bytes: Vec<u8>,
    /// `ResourceId`.
    pub resource_id: Option<String>,
}

/// Makes a style. An app client has one at most.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::ManagedLoginBrandingExists`]; [`Error::InvalidParameter`] for Cognito's own look together
/// with settings or assets (documented), for settings that are no object, for assets that are not what they say and for too much.
pub async fn create_managed_login_branding(
    service: &Service,
    request: CreateManagedLoginBranding,
) -> Result<(UserPoolId, ManagedLoginBranding), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool.id;
    let client: Option<AppClientId> = client_of(service, pool, Some(&request.client_id)).await?;
    let is_cognitos = request.content.use_cognito_provided_values == Some(true);
    let (settings, assets) = check(request.content)?;
    let now = service.now();
    let mut style = ManagedLoginBranding {
        id: service.entropy().uuid(),
        use_cognito_provided_values: is_cognitos,
        settings,
        assets: Vec::new(),
        created_at: now,
        modified_at: now,
    };
    put_assets(&mut style, &assets)?;
    change(service, pool, client.as_ref(), |branding| {
        if branding.managed_login.is_some() {
            return Err(Error::ManagedLoginBrandingExists(text::BRANDING_EXISTS.into()));
        }
        branding.managed_login = Some(style.clone());
        Ok(())
    })
    .await?;
    Ok((pool.clone(), style))
}

/// Settings and assets of a request, held against what they may be.
pub(super) fn check(content: StyleContent) -> Result<(Option<Value>, Vec<Asset>), Error> {
    let StyleContent { settings, assets, .. } = content;
    let is_cognitos = content.use_cognito_provided_values == Some(true);
    if is_cognitos && (settings.is_some() || !assets.is_empty()) {
        return Err(Error::invalid_parameter(text::BRANDING_IS_COGNITOS));
    }
    if settings.as_ref().is_some_and(|settings| !settings.is_object()) {
        return Err(Error::invalid_parameter(text::BRANDING_SETTINGS_FORM));
    }
    let assets: Result<_, _> = assets.into_iter().map(asset).collect();
    Ok((settings, assets?))
}

/// A picture is what its extension says, whatever it was sent for.
fn asset(given: GivenAsset) -> Result<Asset, Error> {
    let said = ImageKind::of_extension(&given.extension);
    let lies = || Error::InvalidParameter(text::invalid_asset(&given.category, &given.extension));
    let image = if given.bytes.is_empty() {
        None
    } else {
        let image = Image::new(given.bytes).filter(|image| Some(image.kind) == said);
        Some(image.ok_or_else(lies)?)
    };
    Ok(Asset {
        category: given.category,
        color_mode: given.color_mode,
        extension: given.extension,
        image,
        resource_id: given.resource_id,
    })
}

/// Each asset takes the place of the one for the same purpose and mode; one without bytes leaves that one's.
///
/// # Errors
/// [`Error::InvalidParameter`] when the style grows too long.
pub(super) fn put_assets(style: &mut ManagedLoginBranding, assets: &[Asset]) -> Result<(), Error> {
    for asset in assets {
        let same = |other: &Asset| other.category == asset.category && other.color_mode == asset.color_mode;
        let before = style
            .assets
            .iter()
            .position(same)
            .map(|at| style.assets.remove(at));
        let kept = before.and_then(|before| before.image);
        style.assets.push(Asset {
            image: asset.image.clone().or(kept),
            ..asset.clone()
        });
    }
    let pictures = style.assets.iter().filter_map(|asset| asset.image.as_ref());
    let length: usize = pictures.map(|image| image.content.len()).sum();
    let settings = style
        .settings
        .as_ref()
        .map_or(0, |settings| settings.to_string().len());
    if length + settings > LONGEST_STYLE {
        return Err(Error::invalid_parameter(text::BRANDING_TOO_LONG));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    fn asset(mode: &str, length: usize) -> Asset {
        let content = [b"\xff\xd8\xff".as_slice(), &vec![0; length - 3]].concat();
        Asset {
            category: "FORM_LOGO".to_owned(),
            color_mode: mode.to_owned(),
            extension: "JPEG".to_owned(),
            image: Image::new(content),
            resource_id: None,
        }
    }

    #[test]
    fn a_style_has_six_megabytes_at_most_and_one_asset_for_each_purpose_and_mode() {
        let mut style = ManagedLoginBranding {
            id: String::new(),
            use_cognito_provided_values: false,
            settings: Some(serde_json::json!({})),
            assets: Vec::new(),
            created_at: Time(0),
            modified_at: Time(0),
        };
        put_assets(
            &mut style,
            &[asset("LIGHT", LONGEST_STYLE - 10), asset("DARK", 8)],
        )
        .unwrap();
        put_assets(&mut style.clone(), &[asset("DARK", 9)]).unwrap_err();
        let named_again = Asset {
            image: None,
            resource_id: Some("r".to_owned()),
            ..asset("DARK", 8)
        };
        put_assets(&mut style, &[named_again]).unwrap();
        let [light, dark] = style.assets.as_slice() else {
            panic!("two assets")
        };
        assert_eq!(
            (light.color_mode.as_str(), dark.color_mode.as_str()),
            ("LIGHT", "DARK")
        );
        assert!(
            dark.image.is_some() && dark.resource_id.is_some(),
            "its bytes stay"
        );
    }
}
