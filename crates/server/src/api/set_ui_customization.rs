//! `SetUICustomization`: style and logo of the classic pages.

use model::{SetUICustomizationRequest, SetUICustomizationResponse};
use pool::branding::{self, SetUICustomization};
use pool::error::Error;

use super::branding::ui_customization;
use super::call::Call;

pub(super) async fn set_ui_customization(
    call: &Call<'_>,
    request: SetUICustomizationRequest,
) -> Result<SetUICustomizationResponse, Error> {
    let wanted = SetUICustomization {
        user_pool_id: request.user_pool_id,
        client_id: request.client_id.map(model::Sensitive::into_inner),
        css: request.css,
        image: request.image_file.map(|image| image.0),
    };
    let (pool, client, set) = branding::set_ui_customization(call.service, wanted).await?;
    let public_url = &call.service.place().public_url;
    Ok(SetUICustomizationResponse {
        ui_customization: ui_customization(public_url, (pool, client, set)),
    })
}
