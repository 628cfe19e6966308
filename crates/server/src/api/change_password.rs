//! `ChangePassword`: a signed-in user chooses another password.

use model::{ChangePasswordRequest, ChangePasswordResponse};
use pool::change_password::{self, ChangePassword};
use pool::error::Error;
use trigger::Password;

use super::call::Call;

pub(super) async fn change_password(
    call: &Call<'_>,
    request: ChangePasswordRequest,
) -> Result<ChangePasswordResponse, Error> {
    let change = ChangePassword {
        access_token: request.access_token.into_inner().into(),
        previous_password: request
            .previous_password
            .map(|password| Password::new(password.into_inner())),
        proposed_password: Password::new(request.proposed_password.into_inner()),
    };
    change_password::change_password(call.service, &change).await?;
    Ok(ChangePasswordResponse {})
}
