//! `AssociateSoftwareToken`: a secret for the user's authenticator app.

use model::{AssociateSoftwareTokenRequest, AssociateSoftwareTokenResponse, Sensitive};
use pool::error::{Error, text};
use pool::mfa::{self, Holder};

use super::call::Call;

pub(super) async fn associate_software_token(
    call: &Call<'_>,
    request: AssociateSoftwareTokenRequest,
) -> Result<AssociateSoftwareTokenResponse, Error> {
    let holder = holder(request.access_token, request.session)?;
    let associated = mfa::associate_software_token(call.service, &holder).await?;
    Ok(AssociateSoftwareTokenResponse {
        secret_code: Some(associated.secret_code.expose().into()),
        session: associated.session.map(|session| session.expose().into()),
    })
}

/// On whose behalf: an access token counts before a session, as one of a user who is in.
pub(super) fn holder(access_token: Option<Sensitive>, session: Option<Sensitive>) -> Result<Holder, Error> {
    match (access_token, session) {
        (Some(token), _) => Ok(Holder::AccessToken(token.into_inner().into())),
        (None, Some(session)) => Ok(Holder::Session(session.into_inner().into())),
        (None, None) => Err(Error::InvalidParameter(text::missing_parameter("AccessToken"))),
    }
}
