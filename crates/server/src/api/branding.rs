//! What pages look like, on the wire.

use model::{
    AssetCategoryType, AssetExtensionType, AssetType, Blob, ColorSchemeModeType, ManagedLoginBrandingType,
    UICustomizationType,
};
use pool::branding::{Asset, GivenAsset, ManagedLoginBranding, StyleContent, UICustomization};
use pool::error::Error;
use pool::id::{AppClientId, UserPoolId};
use serde_json::Value;

use super::user_pool::moment;
use crate::pages;

/// The look of the classic pages; of one that was never set, whose it would be.
pub(super) fn ui_customization(
    public_url: &str,
    (pool, client, set): (UserPoolId, Option<AppClientId>, Option<UICustomization>),
) -> UICustomizationType {
    let image = set.as_ref().and_then(|set| set.image.as_ref());
    let image_url = image.map(|image| {
        let path = pages::image_path(&pool, client.as_ref(), image);
        format!("{}{path}", public_url.trim_end_matches('/'))
    });
    let mut written = UICustomizationType {
        client_id: Some(client.map_or("ALL".to_owned(), |id| id.to_string()).into()),
        user_pool_id: Some(pool.to_string()),
        image_url,
        ..UICustomizationType::default()
    };
    if let Some(set) = set {
        written.css = set.css;
        written.css_version = Some(set.css_version);
        written.creation_date = Some(moment(set.created_at));
        written.last_modified_date = Some(moment(set.modified_at));
    }
    written
}

/// What a request has of a style.
pub(super) fn content(
    use_cognito_provided_values: Option<bool>,
    settings: Option<Value>,
    assets: Option<Vec<AssetType>>,
) -> StyleContent {
    let read = |asset: AssetType| GivenAsset {
        category: asset.category.as_str().to_owned(),
        color_mode: asset.color_mode.as_str().to_owned(),
        extension: asset.extension.as_str().to_owned(),
        bytes: asset.bytes.map(|bytes| bytes.0).unwrap_or_default(),
        resource_id: asset.resource_id,
    };
    StyleContent {
        use_cognito_provided_values,
        settings,
        assets: assets.unwrap_or_default().into_iter().map(read).collect(),
    }
}

/// A style.
pub(super) fn managed_login(
    (pool, style): (UserPoolId, ManagedLoginBranding),
) -> Result<ManagedLoginBrandingType, Error> {
    let assets: Result<Vec<AssetType>, Error> = style.assets.into_iter().map(written).collect();
    Ok(ManagedLoginBrandingType {
        assets: Some(assets?),
        creation_date: Some(moment(style.created_at)),
        last_modified_date: Some(moment(style.modified_at)),
        managed_login_branding_id: Some(style.id),
        settings: style.settings,
        use_cognito_provided_values: Some(style.use_cognito_provided_values),
        user_pool_id: Some(pool.to_string()),
    })
}

fn written(asset: Asset) -> Result<AssetType, Error> {
    let unknown = || Error::internal("a stored asset has a word that the API has not");
    Ok(AssetType {
        bytes: asset.image.map(|image| Blob(image.content)),
        category: AssetCategoryType::parse(&asset.category).ok_or_else(unknown)?,
        color_mode: ColorSchemeModeType::parse(&asset.color_mode).ok_or_else(unknown)?,
        extension: AssetExtensionType::parse(&asset.extension).ok_or_else(unknown)?,
        resource_id: asset.resource_id,
    })
}
