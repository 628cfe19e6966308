//! The operations that are built: one row each. A row names the operation's file and its function.

use model::Operation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::Call;
use super::refusal::Refusal;

/// Declares the list of built operations and the dispatch to them.
macro_rules! operations {
    ($($operation:ident => $file:ident,)+) => {
        /// The operations that are built.
        pub(super) const BUILT: &[Operation] = &[$(Operation::$operation),+];

        /// Runs an operation on a body that fits it, and gives the body of the answer.
        pub(super) async fn run(operation: Operation, call: &Call<'_>, body: Value) -> Result<Vec<u8>, Refusal> {
            match operation {
                $(Operation::$operation => {
                    // On the heap: the largest of these would otherwise make the size of every request's future.
                    let answer = Box::pin(super::$file::$file(call, typed(body)?)).await?;
                    written(operation, &answer)
                })+
                other => Err(Refusal::not_built(other)),
            }
        }
    };
}

operations! {
    AddCustomAttributes => add_custom_attributes,
    AdminAddUserToGroup => admin_add_user_to_group,
    AdminConfirmSignUp => admin_confirm_sign_up,
    AdminCreateUser => admin_create_user,
    AdminDeleteSoftwareToken => admin_delete_software_token,
    AdminDeleteUser => admin_delete_user,
    AdminDeleteUserAttributes => admin_delete_user_attributes,
    AdminDisableUser => admin_disable_user,
    AdminEnableUser => admin_enable_user,
    AdminForgetDevice => admin_forget_device,
    AdminGetDevice => admin_get_device,
    AdminGetUser => admin_get_user,
    AdminGetUserAuthFactors => admin_get_user_auth_factors,
    AdminInitiateAuth => admin_initiate_auth,
    AdminListDevices => admin_list_devices,
    AdminListGroupsForUser => admin_list_groups_for_user,
    AdminRemoveUserFromGroup => admin_remove_user_from_group,
    AdminResetUserPassword => admin_reset_user_password,
    AdminRespondToAuthChallenge => admin_respond_to_auth_challenge,
    AdminSetUserMFAPreference => admin_set_user_mfa_preference,
    AdminSetUserPassword => admin_set_user_password,
    AdminSetUserSettings => admin_set_user_settings,
    AdminUpdateDeviceStatus => admin_update_device_status,
    AdminUpdateUserAttributes => admin_update_user_attributes,
    AdminUserGlobalSignOut => admin_user_global_sign_out,
    AssociateSoftwareToken => associate_software_token,
    ChangePassword => change_password,
    CompleteWebAuthnRegistration => complete_web_authn_registration,
    ConfirmDevice => confirm_device,
    ConfirmForgotPassword => confirm_forgot_password,
    ConfirmSignUp => confirm_sign_up,
    CreateGroup => create_group,
    CreateManagedLoginBranding => create_managed_login_branding,
    CreateResourceServer => create_resource_server,
    CreateUserPool => create_user_pool,
    CreateUserPoolClient => create_user_pool_client,
    CreateUserPoolDomain => create_user_pool_domain,
    DeleteGroup => delete_group,
    DeleteManagedLoginBranding => delete_managed_login_branding,
    DeleteResourceServer => delete_resource_server,
    DeleteUser => delete_user,
    DeleteUserAttributes => delete_user_attributes,
    DeleteUserPool => delete_user_pool,
    DeleteUserPoolClient => delete_user_pool_client,
    DeleteUserPoolDomain => delete_user_pool_domain,
    DeleteWebAuthnCredential => delete_web_authn_credential,
    DescribeManagedLoginBranding => describe_managed_login_branding,
    DescribeManagedLoginBrandingByClient => describe_managed_login_branding_by_client,
    DescribeResourceServer => describe_resource_server,
    DescribeUserPool => describe_user_pool,
    DescribeUserPoolClient => describe_user_pool_client,
    DescribeUserPoolDomain => describe_user_pool_domain,
    ForgetDevice => forget_device,
    ForgotPassword => forgot_password,
    GetDevice => get_device,
    GetGroup => get_group,
    GetTokensFromRefreshToken => get_tokens_from_refresh_token,
    GetUICustomization => get_ui_customization,
    GetUser => get_user,
    GetUserAttributeVerificationCode => get_user_attribute_verification_code,
    GetUserAuthFactors => get_user_auth_factors,
    GetUserPoolMfaConfig => get_user_pool_mfa_config,
    GlobalSignOut => global_sign_out,
    InitiateAuth => initiate_auth,
    ListDevices => list_devices,
    ListGroups => list_groups,
    ListResourceServers => list_resource_servers,
    ListUserPoolClients => list_user_pool_clients,
    ListUserPools => list_user_pools,
    ListUsers => list_users,
    ListUsersInGroup => list_users_in_group,
    ListWebAuthnCredentials => list_web_authn_credentials,
    ResendConfirmationCode => resend_confirmation_code,
    RespondToAuthChallenge => respond_to_auth_challenge,
    RevokeToken => revoke_token,
    SetUICustomization => set_ui_customization,
    SetUserMFAPreference => set_user_mfa_preference,
    SetUserPoolMfaConfig => set_user_pool_mfa_config,
    SetUserSettings => set_user_settings,
    SignUp => sign_up,
    StartWebAuthnRegistration => start_web_authn_registration,
    UpdateDeviceStatus => update_device_status,
    UpdateGroup => update_group,
    UpdateManagedLoginBranding => update_managed_login_branding,
    UpdateResourceServer => update_resource_server,
    UpdateUserAttributes => update_user_attributes,
    UpdateUserPool => update_user_pool,
    UpdateUserPoolClient => update_user_pool_client,
    UpdateUserPoolDomain => update_user_pool_domain,
    VerifySoftwareToken => verify_software_token,
    VerifyUserAttribute => verify_user_attribute,
}

/// The request as its type. What the model lets through fits; if not, the message quotes nothing.
fn typed<T: DeserializeOwned>(body: Value) -> Result<T, Refusal> {
    serde_json::from_value(body).map_err(|_| Refusal::serialization("Unexpected value type in payload"))
}

/// The answer's JSON; nothing at all for an operation without an output shape.
fn written(operation: Operation, answer: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    if !operation.has_output() {
        return Ok(Vec::new());
    }
    serde_json::to_vec(answer).map_err(|error| Refusal::internal(error.into()))
}
