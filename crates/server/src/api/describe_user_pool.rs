//! `DescribeUserPool`: a pool as it stands now.

use model::{DescribeUserPoolRequest, DescribeUserPoolResponse};
use pool::error::Error;
use pool::user_pool;

use super::call::Call;
use super::{schema, user_pool as wire};

/// Shows `identities` and empty tags beyond what `CreateUserPool` answers (observed).
pub(super) async fn describe_user_pool(
    call: &Call<'_>,
    request: DescribeUserPoolRequest,
) -> Result<DescribeUserPoolResponse, Error> {
    let described = user_pool::describe_user_pool(call.service, &request.user_pool_id).await?;
    let mut written = wire::written(&described.user_pool, call.service.place())?;
    written.estimated_number_of_users = Some(i32::try_from(described.estimated_users).unwrap_or(i32::MAX));
    written
        .schema_attributes
        .get_or_insert_default()
        .push(schema::identities());
    written.user_pool_tags.get_or_insert_default();
    Ok(DescribeUserPoolResponse {
        user_pool: Some(written),
    })
}
