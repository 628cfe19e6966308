//! `ui_customization`: the look of the pages, for a pool or for an app client.

use pool::branding::SetUICustomization;

use super::text_or_file;
use crate::section::Section;

/// `client_id` is `None` for what holds for all.
pub(super) fn ui_customization(
    section: &mut Section<'_>,
    user_pool_id: &str,
    client_id: Option<&str>,
) -> Option<SetUICustomization> {
    let table = section.table("ui_customization")?;
    let mut inner = section.inner("ui_customization", table);
    let css = text_or_file(&mut inner, "css", "css_file");
    let image = inner
        .text("image_file")
        .and_then(|file| match std::fs::read(&file) {
            Ok(content) => Some(content),
            Err(error) => inner.refuse("image_file", format!("{file} cannot be read: {error}")),
        });
    inner.refuse_the_rest();
    (css.is_some() || image.is_some()).then(|| SetUICustomization {
        user_pool_id: user_pool_id.to_owned(),
        client_id: client_id.map(str::to_owned),
        css,
        image,
    })
}
