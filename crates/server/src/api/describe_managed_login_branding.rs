//! `DescribeManagedLoginBranding`: a style by its id.

use model::{DescribeManagedLoginBrandingRequest, DescribeManagedLoginBrandingResponse};
use pool::branding;
use pool::error::Error;

use super::branding::managed_login;
use super::call::Call;

pub(super) async fn describe_managed_login_branding(
    call: &Call<'_>,
    request: DescribeManagedLoginBrandingRequest,
) -> Result<DescribeManagedLoginBrandingResponse, Error> {
    let (pool, id) = (&request.user_pool_id, &request.managed_login_branding_id);
    let found = branding::describe_managed_login_branding(call.service, pool, id).await?;
    Ok(DescribeManagedLoginBrandingResponse {
        managed_login_branding: Some(managed_login(found)?),
    })
}
