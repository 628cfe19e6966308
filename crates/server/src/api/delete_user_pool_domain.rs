//! `DeleteUserPoolDomain`: takes a domain off a pool.

use model::{DeleteUserPoolDomainRequest, DeleteUserPoolDomainResponse};
use pool::error::Error;
use pool::user_pool_domain;

use super::call::Call;

pub(super) async fn delete_user_pool_domain(
    call: &Call<'_>,
    request: DeleteUserPoolDomainRequest,
) -> Result<DeleteUserPoolDomainResponse, Error> {
    user_pool_domain::delete_user_pool_domain(call.service, &request.user_pool_id, &request.domain).await?;
    Ok(DeleteUserPoolDomainResponse {})
}
