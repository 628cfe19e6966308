//! `CreateManagedLoginBranding`: a style for an app client's pages.

use model::{CreateManagedLoginBrandingRequest, CreateManagedLoginBrandingResponse};
use pool::branding::{self, CreateManagedLoginBranding};
use pool::error::Error;

use super::branding::{content, managed_login};
use super::call::Call;

pub(super) async fn create_managed_login_branding(
    call: &Call<'_>,
    request: CreateManagedLoginBrandingRequest,
) -> Result<CreateManagedLoginBrandingResponse, Error> {
    let wanted = CreateManagedLoginBranding {
        user_pool_id: request.user_pool_id,
        client_id: request.client_id.into_inner(),
        content: content(
            request.use_cognito_provided_values,
            request.settings,
            request.assets,
        ),
    };
    let made = branding::create_managed_login_branding(call.service, wanted).await?;
    Ok(CreateManagedLoginBrandingResponse {
        managed_login_branding: Some(managed_login(made)?),
    })
}
