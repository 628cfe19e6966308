//! The API as AWS's clients speak it: AWS JSON 1.1, one target header, one JSON body.
//!
//! A request goes through [`answer`] in this order: content type and target, body, signature where Cognito wants one,
//! request rates, the model's constraints, then the operation's own file (parse, call a rule, write the answer). Source of the
//! forms: the service's Smithy model and recorded answers.

mod add_custom_attributes;
mod admin_add_user_to_group;
mod admin_confirm_sign_up;
mod admin_create_user;
mod admin_delete_software_token;
mod admin_delete_user;
mod admin_delete_user_attributes;
mod admin_disable_user;
mod admin_enable_user;
mod admin_forget_device;
mod admin_get_device;
mod admin_get_user;
mod admin_get_user_auth_factors;
mod admin_initiate_auth;
mod admin_list_devices;
mod admin_list_groups_for_user;
mod admin_remove_user_from_group;
mod admin_reset_user_password;
mod admin_respond_to_auth_challenge;
mod admin_set_user_mfa_preference;
mod admin_set_user_password;
mod admin_set_user_settings;
mod admin_update_device_status;
mod admin_update_user_attributes;
mod admin_user_global_sign_out;
mod associate_software_token;
mod attributes;
mod body;
mod branding;
mod call;
mod caller;
mod change_password;
mod complete_web_authn_registration;
mod confirm_device;
mod confirm_forgot_password;
mod confirm_sign_up;
mod create_group;
mod create_managed_login_branding;
mod create_resource_server;
mod create_user_pool;
mod create_user_pool_client;
mod create_user_pool_domain;
mod delete_group;
mod delete_managed_login_branding;
mod delete_resource_server;
mod delete_user;
mod delete_user_attributes;
mod delete_user_pool;
mod delete_user_pool_client;
mod delete_user_pool_domain;
mod delete_web_authn_credential;
mod delivery;
mod describe_managed_login_branding;
mod describe_managed_login_branding_by_client;
mod describe_resource_server;
mod describe_user_pool;
mod describe_user_pool_client;
mod describe_user_pool_domain;
mod device;
mod forget_device;
mod forgot_password;
mod get_device;
mod get_group;
mod get_tokens_from_refresh_token;
mod get_ui_customization;
mod get_user;
mod get_user_attribute_verification_code;
mod get_user_auth_factors;
mod get_user_pool_mfa_config;
mod global_sign_out;
mod group;
mod initiate_auth;
mod list_devices;
mod list_groups;
mod list_resource_servers;
mod list_user_pool_clients;
mod list_user_pools;
mod list_users;
mod list_users_in_group;
mod list_web_authn_credentials;
mod operations;
mod outcome;
mod refusal;
mod reply;
mod resend_confirmation_code;
mod resource_server;
mod respond_to_auth_challenge;
mod revoke_token;
mod schema;
mod set_ui_customization;
mod set_user_mfa_preference;
mod set_user_pool_mfa_config;
mod set_user_settings;
mod sign_up;
mod signature;
mod start_web_authn_registration;
mod update_device_status;
mod update_group;
mod update_managed_login_branding;
mod update_resource_server;
mod update_user_attributes;
mod update_user_pool;
mod update_user_pool_client;
mod update_user_pool_domain;
mod user_pool;
mod user_pool_client;
mod user_pool_domain;
mod verify_software_token;
mod verify_user_attribute;

pub(crate) use body::{LIMIT as BODY_LIMIT, read as read_body};

use axum::extract::Request;
use axum::response::Response;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use model::{Auth, ChallengeNameType, Operation};
use pool::error::{Error, text};
use pool::id::{AppClientId, UserPoolId};
use serde_json::Value;

use crate::app::{App, TryAgainLater};
use crate::http::{Record, local};
use crate::quota::{Category, Draw};
use call::Call;
use refusal::Refusal;
pub use signature::{AccessKey, AccessKeys, SecretAccessKey};

/// What stands before the operation's name in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// Answers one request.
pub(crate) async fn answer(app: &App, mut request: Request) -> Response {
    let record = request
        .extensions_mut()
        .remove::<Record>()
        .unwrap_or_else(|| Record::new(String::new()));
    match perform(app, request, &record).await {
        Ok(body) => reply::success(body),
        Err(refusal) => {
            let _ = record.exception.set(refusal.exception);
            if let Some(cause) = &refusal.cause {
                tracing::error!(
                    request.id = %record.request_id,
                    operation = record.operation.get().map(|operation| operation.as_str()),
                    error = crate::chain(&**cause),
                    "an operation failed inside"
                );
            }
            reply::refusal(&refusal)
        }
    }
}

/// What the client gets when we fail: that, and the request's id in the header.
pub(crate) fn internal_error() -> Response {
    reply::refusal(&Refusal::internal("a panic".into()))
}

async fn perform(app: &App, request: Request, record: &Record) -> Result<Vec<u8>, Refusal> {
    let (head, body) = request.into_parts();
    let operation = operation(&head.headers)?;
    let _ = record.operation.set(operation);
    let body = body::read(body, body::limit(operation)).await?;
    if operation.auth() == Auth::Signed {
        check_nearness(app, &head.headers)?;
        signature::check(&app.options().access_keys, &head, &body, app.service().now())?;
    }
    if !operations::BUILT.contains(&operation) {
        return Err(Refusal::not_built(operation));
    }
    let body = body::without_null_parameters(body::parse(&body)?);
    note_ids(&body, record);
    draw_on_quota(app, operation, &body, record)?;
    model::validate(operation, &body)?;
    let call = Call {
        service: app.service(),
        sdk_version: caller::sdk_version(&head.headers),
    };
    operations::run(operation, &call, body).await
}

/// Without access keys anybody's signature counts, so only this machine's own programs and pages may administer.
fn check_nearness(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let options = app.options();
    let near = local::is_addressed_here(headers) && local::is_of_no_other_origin(headers);
    if near || matches!(options.access_keys, AccessKeys::Known(_)) {
        return Ok(());
    }
    Err(Refusal::new(
        "AccessDeniedException",
        "Without access keys this server takes signed operations from its own machine alone; give it access keys.",
    ))
}

/// Requests beyond the rates are turned away before they cost anything, and after whoever is not allowed to ask.
fn draw_on_quota(app: &App, operation: Operation, body: &Value, record: &Record) -> Result<(), Refusal> {
    let challenge = body.get("ChallengeName").and_then(Value::as_str);
    let draw = Draw {
        operation,
        challenge: challenge.and_then(ChallengeNameType::parse),
        user_pool_id: record.user_pool_id.get(),
    };
    let admitted = app.admit(draw, Some(record));
    admitted.map_err(|TryAgainLater| Error::TooManyRequests(text::TRY_AGAIN.into()).into())
}

/// Whether the operation that the headers ask for costs exponentiations or signatures.
pub(crate) fn computes(headers: &HeaderMap) -> bool {
    operation(headers).is_ok_and(|operation| Category::of(operation, None).computes())
}

/// The name of the operation that the headers ask for.
pub(crate) fn operation_name(headers: &HeaderMap) -> Option<&'static str> {
    operation(headers).ok().map(Operation::as_str)
}

/// Which operation the headers ask for.
fn operation(headers: &HeaderMap) -> Result<Operation, Refusal> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &http::HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let media_type = text(CONTENT_TYPE.as_str())
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if !media_type.eq_ignore_ascii_case(reply::CONTENT_TYPE_VALUE) {
        return Err(Refusal::unknown_operation());
    }
    text("x-amz-target")
        .strip_prefix(TARGET_PREFIX)
        .and_then(Operation::parse)
        .ok_or_else(Refusal::unknown_operation)
}

/// Notes for the log which pool and app client a request is about, if these are well-formed ids.
fn note_ids(body: &Value, record: &Record) {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let Some(id) = text("UserPoolId").and_then(UserPoolId::parse) {
        let _ = record.user_pool_id.set(id);
    }
    if let Some(id) = text("ClientId").and_then(AppClientId::parse) {
        let _ = record.app_client_id.set(id);
    }
}
