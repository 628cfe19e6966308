//! `DeleteManagedLoginBranding`: a style goes.

use model::DeleteManagedLoginBrandingRequest;
use pool::branding;
use pool::error::Error;

use super::call::Call;

pub(super) async fn delete_managed_login_branding(
    call: &Call<'_>,
    request: DeleteManagedLoginBrandingRequest,
) -> Result<(), Error> {
    let (pool, id) = (&request.user_pool_id, &request.managed_login_branding_id);
    branding::delete_managed_login_branding(call.service, pool, id).await
}
