//! `DescribeManagedLoginBrandingByClient`: the style of an app client.

use model::{DescribeManagedLoginBrandingByClientRequest, DescribeManagedLoginBrandingByClientResponse};
use pool::branding;
use pool::error::Error;

use super::branding::managed_login;
use super::call::Call;

pub(super) async fn describe_managed_login_branding_by_client(
    call: &Call<'_>,
    request: DescribeManagedLoginBrandingByClientRequest,
) -> Result<DescribeManagedLoginBrandingByClientResponse, Error> {
    let (pool, client) = (&request.user_pool_id, request.client_id.into_inner());
    let found = branding::describe_managed_login_branding_by_client(call.service, pool, &client).await?;
    Ok(DescribeManagedLoginBrandingByClientResponse {
        managed_login_branding: Some(managed_login(found)?),
    })
}
