//! `GetUICustomization`: style and logo of the classic pages.

use model::{GetUICustomizationRequest, GetUICustomizationResponse};
use pool::branding;
use pool::error::Error;

use super::branding::ui_customization;
use super::call::Call;

pub(super) async fn get_ui_customization(
    call: &Call<'_>,
    request: GetUICustomizationRequest,
) -> Result<GetUICustomizationResponse, Error> {
    let client_id = request.client_id.map(model::Sensitive::into_inner);
    let found =
        branding::get_ui_customization(call.service, &request.user_pool_id, client_id.as_deref()).await?;
    Ok(GetUICustomizationResponse {
        ui_customization: ui_customization(&call.service.place().public_url, found),
    })
}
