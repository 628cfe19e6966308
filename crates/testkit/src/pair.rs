//! An old pool with users and a new pool that they move to, on one server.

/// The old pool.
pub const OLD_POOL: &str = "us-east-1_OldPool01";
/// Its app client for the migration function.
pub const OLD_CLIENT: &str = "oldclient";
/// The new pool; it hides unknown users at [`NEW_CLIENT`] and tells of them at [`LEGACY_CLIENT`].
pub const NEW_POOL: &str = "us-east-1_NewPool01";
/// Allows every flow and hides unknown users.
pub const NEW_CLIENT: &str = "newclient";
/// Allows every flow and tells who does not exist.
pub const LEGACY_CLIENT: &str = "legacyclient";
/// The function of the new pool's trigger.
pub const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration";

/// A user of the old pool in good standing, with `custom:plan` gold; the password is [`PASSWORD`].
pub const ANN: &str = "ann@example.com";
/// The password of every user of the old pool who has one.
pub const PASSWORD: &str = "Right-Password-1";

/// The pools file of both.
#[must_use]
pub fn pools_file() -> String {
    old_pools_file() + &new_pools_file()
}

/// The pools file of the old pool. In it are ann (good standing), ben (e-mail not verified), cleo (disabled), dan (reset
/// due), eve (code by SMS) and fay (temporary password), each `@example.com`.
#[must_use]
pub fn old_pools_file() -> String {
    format!(
        r#"
[[user_pools]]
id = "{OLD_POOL}"
username_attributes = ["email"]
case_sensitive = false
mfa_configuration = "OPTIONAL"
custom_attributes = ["plan"]
app_clients = [{{ id = "{OLD_CLIENT}", explicit_auth_flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] }}]
users = [
  {{ username = "{ANN}", password = "{PASSWORD}", attributes = {{ email_verified = true, "custom:plan" = "gold" }} }},
  {{ username = "ben@example.com", password = "{PASSWORD}", attributes = {{ email_verified = false }} }},
  {{ username = "cleo@example.com", password = "{PASSWORD}", enabled = false, attributes = {{ email_verified = true }} }},
  {{ username = "dan@example.com", password = "{PASSWORD}", status = "RESET_REQUIRED", attributes = {{ email_verified = true }} }},
  {{ username = "eve@example.com", password = "{PASSWORD}", sms_mfa = true, attributes = {{ email_verified = true, phone_number = "+12065550105", phone_number_verified = true }} }},
  {{ username = "fay@example.com", password = "{PASSWORD}", status = "FORCE_CHANGE_PASSWORD", attributes = {{ email_verified = true }} }},
]
"#
    )
}

/// The pools file of the new pool, which is empty.
#[must_use]
pub fn new_pools_file() -> String {
    let flows = r#"["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]"#;
    format!(
        r#"
[[user_pools]]
id = "{NEW_POOL}"
username_attributes = ["email"]
case_sensitive = false
mfa_configuration = "OPTIONAL"
custom_attributes = ["plan"]
lambda_config = {{ UserMigration = "{FUNCTION}" }}
app_clients = [
  {{ id = "{NEW_CLIENT}", explicit_auth_flows = {flows}, prevent_user_existence_errors = "ENABLED" }},
  {{ id = "{LEGACY_CLIENT}", explicit_auth_flows = {flows}, prevent_user_existence_errors = "LEGACY" }},
]
"#
    )
}

/// The functions file: the migration function in process, asking the old pool at `{url}`, which stands for the server.
#[must_use]
pub fn functions_file() -> String {
    format!(
        r#"
[functions."{FUNCTION}"]
builtin = "migration"
from = {{ kind = "cognito", endpoint = "{{url}}", user_pool_id = "{OLD_POOL}", client_id = "{OLD_CLIENT}" }}
"#
    )
}
