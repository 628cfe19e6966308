//! `SetUserSettings`: the former way to turn codes by SMS on and off.

use model::{DeliveryMediumType, MFAOptionType, SetUserSettingsRequest, SetUserSettingsResponse};
use pool::error::{Error, text};
use pool::mfa;

use super::call::Call;

pub(super) async fn set_user_settings(
    call: &Call<'_>,
    request: SetUserSettingsRequest,
) -> Result<SetUserSettingsResponse, Error> {
    let by_sms = by_sms(&request.mfa_options)?;
    let token = request.access_token.into_inner().into();
    mfa::set_user_settings(call.service, &token, by_sms).await?;
    Ok(SetUserSettingsResponse {})
}

/// Whether the options turn codes by SMS on, the only thing that they can say; an empty list turns them off.
pub(super) fn by_sms(options: &[MFAOptionType]) -> Result<bool, Error> {
    let is_sms = |option: &MFAOptionType| {
        option.delivery_medium == Some(DeliveryMediumType::Sms)
            && option.attribute_name.as_deref() == Some("phone_number")
    };
    if options.iter().all(is_sms) {
        Ok(!options.is_empty())
    } else {
        Err(Error::invalid_parameter(text::MFA_OPTIONS_ARE_SMS))
    }
}
