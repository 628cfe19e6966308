//! `UpdateManagedLoginBranding`: changes a style.

use model::{UpdateManagedLoginBrandingRequest, UpdateManagedLoginBrandingResponse};
use pool::branding::{self, UpdateManagedLoginBranding};
use pool::error::Error;

use super::branding::{content, managed_login};
use super::call::Call;

pub(super) async fn update_managed_login_branding(
    call: &Call<'_>,
    request: UpdateManagedLoginBrandingRequest,
) -> Result<UpdateManagedLoginBrandingResponse, Error> {
    let wanted = UpdateManagedLoginBranding {
        user_pool_id: request.user_pool_id.unwrap_or_default(),
        id: request.managed_login_branding_id.unwrap_or_default(),
        content: content(
            request.use_cognito_provided_values,
            request.settings,
            request.assets,
        ),
    };
    let changed = branding::update_managed_login_branding(call.service, wanted).await?;
    Ok(UpdateManagedLoginBrandingResponse {
        managed_login_branding: Some(managed_login(changed)?),
    })
}
