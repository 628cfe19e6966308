//! `AdminCreateUser`: makes a user with a temporary password and invites them.

use model::{AdminCreateUserRequest, AdminCreateUserResponse, DeliveryMediumType, MessageActionType};
use pool::error::Error;
use pool::ports::Medium;
use pool::user::{self, AdminCreateUser, MessageAction};
use trigger::Password;

use super::attributes;
use super::call::Call;

pub(super) async fn admin_create_user(
    call: &Call<'_>,
    request: AdminCreateUserRequest,
) -> Result<AdminCreateUserResponse, Error> {
    let new = AdminCreateUser {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        sub: None,
        attributes: attributes::pairs(request.user_attributes.unwrap_or_default()),
        temporary_password: request
            .temporary_password
            .map(|password| Password::new(password.into_inner())),
        message_action: match request.message_action {
            None => MessageAction::Send,
            Some(MessageActionType::Resend) => MessageAction::Resend,
            Some(MessageActionType::Suppress) => MessageAction::Suppress,
        },
        desired_delivery_mediums: mediums(request.desired_delivery_mediums.unwrap_or_default()),
        force_alias_creation: request.force_alias_creation.unwrap_or_default(),
        validation_data: attributes::pairs(request.validation_data.unwrap_or_default()),
        caller: call.caller(request.client_metadata),
    };
    let user = user::admin_create_user(call.service, new).await?;
    Ok(AdminCreateUserResponse {
        user: Some(attributes::user(&user, attributes::listed(&user, |_| true))),
    })
}

fn mediums(given: Vec<DeliveryMediumType>) -> Vec<Medium> {
    let medium = |medium| match medium {
        DeliveryMediumType::Sms => Medium::Sms,
        DeliveryMediumType::Email => Medium::Email,
    };
    given.into_iter().map(medium).collect()
}
