//! Every message that a client can see, once.
//!
//! *Observed* means read off the real service or off several public clients that branch on it; *chosen* means
//! that no source was found and this is what a Cognito user would expect.

use super::Text;
use crate::id::{AppClientId, UserPoolId};
use crate::user::MfaMethod;

/// Wrong password, and the unknown user of a client that hides them. Observed.
pub const INCORRECT: &str = "Incorrect username or password.";
/// Observed.
pub const USER_DISABLED: &str = "User is disabled.";
/// Lock-out. Observed, without full stop.
pub const ATTEMPTS_EXCEEDED: &str = "Password attempts exceeded";
/// Observed.
pub const TEMPORARY_PASSWORD_EXPIRED: &str =
    "Temporary password has expired and must be reset by an administrator.";
/// Observed.
pub const SESSION_USED: &str = "Invalid session for the user, session can only be used once.";
/// Observed.
pub const SESSION_EXPIRED: &str = "Invalid session for the user, session is expired.";
/// Chosen after emulators.
pub const SESSION_INVALID: &str = "Invalid session for the user.";
/// Observed.
pub const INVALID_REFRESH_TOKEN: &str = "Invalid Refresh Token";
/// Observed.
pub const REFRESH_TOKEN_OF_OTHER_CLIENT: &str = "Refresh Token has different Client";
/// Observed.
pub const REFRESH_TOKEN_REVOKED: &str = "Refresh Token has been revoked";
/// Observed.
pub const REFRESH_TOKEN_EXPIRED: &str = "Refresh Token has expired";
/// Observed.
pub const REFRESH_TOKEN_USER_DELETED: &str = "The user has been deleted for the associated refresh token";
/// Observed.
pub const INVALID_ACCESS_TOKEN: &str = "Invalid Access Token";
/// Observed.
pub const ACCESS_TOKEN_SIGNATURE: &str = "Could not verify signature for Access Token";
/// Observed.
pub const ACCESS_TOKEN_REVOKED: &str = "Access Token has been revoked";
/// Observed.
pub const ACCESS_TOKEN_EXPIRED: &str = "Access Token has expired";
/// Observed.
pub const ACCESS_TOKEN_SCOPE: &str = "Access Token does not have required scopes";
/// Observed.
pub const UNAUTHORIZED_ATTRIBUTE: &str = "A client attempted to write unauthorized attribute";
/// Observed.
pub const RESET_NOT_IN_THIS_STATE: &str = "User password cannot be reset in the current state.";
/// Observed at sign-in and `AdminGetUser`.
pub const USER_UNKNOWN: &str = "User does not exist.";
/// Observed at `ForgotPassword` and its like.
pub const USER_CLIENT_UNKNOWN: &str = "Username/client id combination not found.";
/// Observed.
pub const USER_NOT_CONFIRMED: &str = "User is not confirmed.";
/// Observed, without full stop.
pub const RESET_REQUIRED: &str = "Password reset required for the user";
/// Observed.
pub const AUTH_FLOW_NOT_ENABLED: &str = "Auth flow not enabled for this client";
/// Observed; not worded as the password flow's text.
pub const SRP_NOT_ENABLED: &str = "USER_SRP_AUTH is not enabled for the client.";
/// Chosen.
pub const INVALID_SRP_A: &str = "Invalid SRP_A";
/// Observed.
pub const CUSTOM_AUTH_NOT_ENABLED: &str = "CUSTOM_AUTH is not enabled for the client.";
/// Observed.
pub const CUSTOM_AUTH_WITHOUT_TRIGGERS: &str =
    "Custom auth lambda trigger is not configured for the user pool.";
/// Observed.
pub const FLOW_NOT_SUPPORTED: &str = "Initiate Auth method not supported.";
/// Observed.
pub const NO_ROTATION_HERE: &str = "This API does not support refresh token rotation";
/// Observed, without full stop.
pub const NO_VERIFIED_CONTACT: &str =
    "Cannot reset password for the user as there is no registered/verified email or phone_number";
/// Chosen.
pub const ADMIN_ONLY_RECOVERY: &str = "Contact administrator to reset password.";
/// Observed.
pub const WRONG_CODE: &str = "Invalid verification code provided, please try again.";
/// Observed, without full stop.
pub const FIRST_FACTORS_WITH_MFA: &str =
    "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled";
/// Observed.
pub const WEB_AUTHN_WITH_MFA: &str =
    "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_NOT_ENABLED: &str = "Passkeys are not enabled for the user pool.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_CONFIGURATION_MISSING: &str =
    "The user pool has no relying party id; set one with SetUserPoolMfaConfig.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_CHALLENGE_NOT_FOUND: &str = "The passkey challenge was not found or has expired.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_CLIENT_MISMATCH: &str = "The passkey registration was started in another app client.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_ORIGIN: &str = "The origin of the passkey is not the relying party's.";
/// Chosen; documented for the exception.
pub const WEB_AUTHN_RELYING_PARTY: &str = "The passkey is for another relying party.";
/// Chosen; documented for the exception.
pub const PASSKEY_NOT_SUPPORTED: &str = "The passkey is not supported by the user pool.";
/// Chosen.
pub const INVALID_PASSKEY_CREDENTIAL: &str = "Invalid passkey credential.";
/// Chosen.
pub const PASSKEY_EXISTS: &str = "The passkey is registered already.";
/// Chosen.
pub const PASSKEY_NOT_FOUND: &str = "Passkey does not exist.";
/// Chosen; the number is a quota.
pub const TOO_MANY_PASSKEYS: &str = "Passkeys limit exceeded: a user has at most 20.";
/// Chosen; documented for the exception.
pub const NOT_IN_LITE: &str = "This feature is not available in the user pool's LITE feature plan.";
/// A choice-based sign-in cannot begin so. Chosen.
pub const CHALLENGE_NOT_AVAILABLE: &str = "Selected challenge is not available.";
/// A wrong code by SMS or e-mail at a challenge. Observed.
pub const WRONG_MFA_CODE: &str = "Invalid code or auth state for the user.";
/// Observed at sign-in.
pub const DEVICE_UNKNOWN: &str = "Device does not exist.";
/// Observed at the confirmation of a device.
pub const INVALID_DEVICE_KEY: &str = "Invalid device key given.";
/// Chosen.
pub const DEVICE_KEY_EXISTS: &str = "Device key already exists.";
/// Chosen.
pub const DEVICE_VERIFIER_FORM: &str =
    "Invalid device secret verifier: salt and password verifier must be numbers in Base64.";
/// A wrong code of an authenticator app. Observed, without full stop.
pub const WRONG_TOTP_CODE: &str = "Invalid code received for user";
/// Observed.
pub const TOTP_CODE_USED: &str = "Your software token has already been used once.";
/// Observed, without full stop.
pub const SOFTWARE_TOKEN_MISMATCH: &str = "Code mismatch and fail enable Software Token MFA";
/// Documented, without full stop.
pub const SOFTWARE_TOKEN_NOT_OFFERED: &str = "Software Token MFA has not been enabled by the userPool";
/// Observed.
pub const SOFTWARE_TOKEN_NOT_ASSOCIATED: &str = "Software Token MFA does not exist for the user.";
/// Chosen.
pub const PREFERRED_MFA_IS_OFF: &str = "An MFA method must be enabled to be the preferred one.";
/// Chosen.
pub const SEVERAL_PREFERRED_MFAS: &str = "Only one MFA method can be the preferred one.";
/// Chosen.
pub const PASSKEYS_ARE_ONE_FACTOR: &str = "Passkeys are not configured for MFA in this user pool.";
/// Chosen.
pub const PASSKEY_NEEDS_ANOTHER_FACTOR: &str =
    "Another MFA method must be enabled before passkeys can be used for MFA.";
/// Chosen.
pub const MFA_OPTIONS_ARE_SMS: &str = "MFAOptions can have phone_number by SMS alone.";
/// An answer to `SELECT_MFA_TYPE` that was not offered. Chosen.
pub const NO_SUCH_MFA_TYPE: &str = "Invalid MFA type: it must be one of MFAS_CAN_CHOOSE.";
/// Observed.
pub const MFA_OFF_AND_CONFIGURED: &str =
    "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
/// Observed.
pub const MFA_ON_WITHOUT_FACTOR: &str =
    "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.";
/// Observed.
pub const EXPIRED_CODE: &str = "Invalid code provided, please request a code again.";
/// Observed.
pub const ATTEMPT_LIMIT: &str = "Attempt limit exceeded, please try after some time.";
/// Observed beyond the rate of an account; chosen where it means that others were faster again and again.
pub const TRY_AGAIN: &str = "Rate exceeded";
/// Observed for other triggers.
pub const LAMBDA_NOT_JSON: &str = "Invalid lambda function output : Invalid JSON";
/// Observed for another trigger.
pub const LAMBDA_UNRECOGNIZABLE: &str = "Unrecognizable lambda output";
/// A challenge that clients could not send back. Chosen.
pub const CHALLENGE_TOO_LONG: &str =
    "Invalid lambda function output : privateChallengeParameters and the session of challenges are too long.";
/// A function asks for SMS codes where the pool has no second factor or the user no number. Chosen.
pub const SMS_MFA_NOT_POSSIBLE: &str = "SMS MFA needs a user pool with MFA and a user with a phone_number.";
/// The pool insists on a second factor, and a code by SMS has nowhere to go. Chosen.
pub const NO_PHONE_FOR_MFA: &str = "User has no phone_number for SMS_MFA; an administrator must add one.";
/// Observed at `AdminCreateUser`.
pub const USER_ACCOUNT_EXISTS: &str = "User account already exists";
/// A name is taken at `SignUp`. Observed.
pub const USER_EXISTS: &str = "User already exists";
/// Observed.
pub const SIGN_UP_NOT_PERMITTED: &str = "SignUp is not permitted for this user pool";
/// Observed, at `ResendConfirmationCode` of a pool that sends no codes by itself.
pub const NO_AUTO_VERIFICATION: &str = "Cannot resend codes. Auto verification not turned on.";
/// Observed at `ResendConfirmationCode`.
pub const ALREADY_CONFIRMED: &str = "User is already confirmed.";
/// Chosen. Documented: an alias of this kind is set once the sign-up is confirmed.
pub const PREFERRED_USERNAME_AT_SIGN_UP: &str =
    "preferred_username is an alias and can be set only after the sign-up is confirmed.";
/// Chosen; documented for the exception.
pub const PASSWORD_IN_HISTORY: &str = "Password has previously been used";
/// Observed at `AdminUpdateUserAttributes`.
pub const ALIAS_EXISTS: &str = "User account already exists for the alias.";
/// Observed.
pub const INVALID_EMAIL: &str = "Invalid email address format.";
/// Observed.
pub const INVALID_PHONE: &str = "Invalid phone number format.";
/// Documented.
pub const USERNAME_OF_EMAIL_FORMAT: &str =
    "Username cannot be of email format, since user pool is configured for email alias.";
/// Chosen after its sibling.
pub const USERNAME_OF_PHONE_FORMAT: &str =
    "Username cannot be of phone number format, since user pool is configured for phone number alias.";
/// Chosen. Documented: the two exclude each other.
pub const ALIASES_AND_USERNAME_ATTRIBUTES: &str =
    "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.";
/// Chosen. Documented: it cannot be both.
pub const PREFERRED_USERNAME_REQUIRED_ALIAS: &str =
    "preferred_username cannot be both a required attribute and an alias.";
/// Chosen.
pub const DELETION_PROTECTED: &str = "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.";
/// Observed (aws/aws-sdk-js issue 3817).
pub const TWO_NAMES_OF_VALIDITY: &str =
    "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays";
/// Chosen.
pub const ADMIN_ONLY_NOT_ALONE: &str = "admin_only cannot be combined with other recovery mechanisms.";
/// Chosen.
pub const PASSWORD_MUST_BE_A_FIRST_FACTOR: &str = "AllowedFirstAuthFactors must include PASSWORD.";
/// Chosen.
pub const PASSWORD_POLICY_RANGE: &str = "Password policy out of range: minimum length 6 to 99, temporary password validity 0 to 365 days, history 0 to 24.";
/// Chosen.
pub const INVALID_PAGE_TOKEN: &str = "Invalid pagination token given.";
/// Chosen after emulators.
pub const TOO_MANY_CUSTOM_ATTRIBUTES: &str = "Custom attributes limit exceeded: a user pool has at most 50.";
/// Chosen after emulators.
pub const REQUIRED_CUSTOM_ATTRIBUTE: &str = "Required custom attributes are not supported currently.";
/// Observed, as the end of a line.
pub const NOT_IN_THE_SCHEMA: &str = "Attribute does not exist in the schema.";
/// Observed, as the end of a line.
pub const CANNOT_BE_UPDATED: &str = "Attribute cannot be updated.";
/// Observed at `DescribeUserPoolClient`.
pub const CLIENT_NOT_FOUND: &str = "User pool client does not exist.";
/// Chosen.
pub const MIXED_AUTH_FLOWS: &str =
    "ExplicitAuthFlows cannot mix values that start with ALLOW_ and those that do not.";
/// Observed.
pub const REFRESH_FLOW_WITH_ROTATION: &str =
    "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.";
/// Chosen.
pub const GRACE_PERIOD_RANGE: &str = "RetryGracePeriodSeconds must be between 0 and 60.";
/// Chosen.
pub const TOKEN_VALIDITY_RANGE: &str = "Invalid range for token validity.";
/// Chosen.
pub const REFRESH_TOKEN_TOO_SHORT: &str =
    "Refresh token validity must not be less than access or ID token validity.";
/// Chosen.
pub const AUTH_SESSION_VALIDITY_RANGE: &str = "AuthSessionValidity must be between 3 and 15.";
/// Observed.
pub const INVALID_WRITE_ATTRIBUTES: &str = "Invalid write attributes specified while creating a client";
/// Chosen after its sibling.
pub const INVALID_READ_ATTRIBUTES: &str = "Invalid read attributes specified while creating a client";
/// Chosen.
pub const CLIENT_SECRET_FORM: &str = "ClientSecret must have 24 to 64 letters, digits, _ or +.";
/// Chosen.
pub const USERNAME_FORM: &str = "Username must have 1 to 128 characters without white space.";
/// Observed.
pub const USERNAME_SHOULD_BE_EMAIL: &str = "Username should be an email.";
/// Observed.
pub const USERNAME_SHOULD_BE_PHONE: &str = "Username should be a phone number.";
/// Observed.
pub const USERNAME_SHOULD_BE_EITHER: &str = "Username should be either an email or a phone number.";
/// Chosen; that it is refused is observed.
pub const PREFERRED_USERNAME_OF_EMAIL_FORMAT: &str =
    "Preferred username cannot be of email format, since user pool is configured for email alias.";
/// Chosen after its sibling.
pub const PREFERRED_USERNAME_OF_PHONE_FORMAT: &str = "Preferred username cannot be of phone number format, since user pool is configured for phone number alias.";
/// Chosen: a function has chosen a user name, and what was typed is no alias of the user.
pub const LOGIN_IS_NO_ALIAS: &str = "Username can be set only when the user signs in with an alias.";
/// Chosen after emulators.
pub const UNKNOWN_ATTRIBUTES_TO_GET: &str = "One or more requested attributes do not exist.";
/// Chosen.
pub const FILTER_FORM: &str =
    "Invalid filter: it must read <attribute> = \"<value>\" or <attribute> ^= \"<value>\".";
/// Ours: told to operators.
pub const SIGNING_KEYS_WAIT: &str = "A new pair of keys is published already and does not sign yet.";
/// Observed at `RevokeToken`.
pub const INVALID_CLIENT_OR_SECRET: &str = "Invalid client or secret";
/// Observed at `RevokeToken`.
pub const NOT_ENABLED_FOR_CLIENT: &str = "This feature is not enabled for this client";
/// Chosen.
pub const UNSUPPORTED_TOKEN_TYPE: &str = "Only refresh tokens can be revoked.";
/// Observed.
pub const REFRESH_TOKEN_REUSE: &str = "Refresh token reuse detected";
/// Nothing at all is said of a revoked token where refresh tokens rotate. Observed.
pub const ROTATING_TOKEN_REVOKED: &str = "";
/// Observed.
pub const GROUP_NOT_FOUND: &str = "Group not found.";
/// Observed.
pub const GROUP_EXISTS: &str = "A group with the name already exists.";
/// Chosen.
pub const GROUP_NAME_FORM: &str = "GroupName must have 1 to 128 characters without white space.";
/// Chosen.
pub const TOO_MANY_GROUPS: &str = "A user pool can have at most 10000 groups.";
/// Chosen.
pub const TOO_MANY_GROUPS_OF_A_USER: &str = "A user can be in at most 100 groups.";
/// The member is called `Limit`; the name in the text is the service's own. Observed in listings of groups.
pub const LIMIT_OF_ZERO: &str = "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: \
     Member must have value greater than or equal to 1";
/// Chosen; that both are needed is documented.
pub const FLOWS_AND_SCOPES_REQUIRED: &str = "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
/// Observed.
pub const CLIENT_CREDENTIALS_NOT_ALONE: &str =
    "client_credentials flow can not be selected along with code flow or implicit flow.";
/// Observed.
pub const CLIENT_CREDENTIALS_WITHOUT_SECRET: &str =
    "client_credentials flow can not be selected if client does not have a client secret.";
/// Observed, without full stop.
pub const NO_CALLBACK_URLS: &str =
    "CallbackUrls can not be empty when code flow or implicit flow is selected";
/// Chosen; that it is refused is documented.
pub const DEFAULT_REDIRECT_NOT_A_CALLBACK: &str = "DefaultRedirectURI must be one of CallbackURLs.";
/// At the authorize endpoint, for the app's developer; so are those below. Chosen.
pub const PARAMETER_REPEATED: &str = "a parameter stands more than once";
/// Chosen.
pub const RESPONSE_TYPE: &str = "response_type must be code or token";
/// Chosen.
pub const FLOW_NOT_ALLOWED: &str = "the app client does not allow this response_type";
/// Chosen.
pub const NO_SUCH_IDENTITY_PROVIDER: &str = "the app client has no such identity provider";
/// Chosen.
pub const SCOPE_NOT_ALLOWED: &str =
    "the app client does not allow these scopes, or email, phone or profile come without openid";
/// Chosen; that it is refused is documented.
pub const SCOPE_NOT_READABLE: &str = "the app client may not read all attributes of these scopes";
/// Chosen; that only S256 is taken is documented.
pub const CODE_CHALLENGE: &str = "code_challenge must be SHA-256 in base64url and code_challenge_method S256";
/// Chosen.
pub const PROMPT: &str = "prompt must be none, or of login, select_account and consent";
/// Chosen.
pub const MAX_AGE: &str = "max_age must be a number of seconds";
/// Chosen.
pub const SCOPE_NAMED_TWICE: &str = "Each scope of a resource server must have a name of its own.";
/// Chosen; the number is a quota.
pub const TOO_MANY_RESOURCE_SERVERS: &str = "A user pool can have at most 25 resource servers.";
/// Observed.
pub const DOMAIN_TAKEN: &str = "Domain already associated with another user pool.";
/// Observed.
pub const POOL_HAS_A_DOMAIN_ALREADY: &str = "User pool already has a domain configured.";
/// Observed.
pub const POOL_HAS_A_DOMAIN: &str =
    "User pool cannot be deleted. It has a domain configured that should be deleted first.";
/// Observed.
pub const NO_SUCH_DOMAIN: &str = "No such domain or user pool exists.";
/// Chosen.
pub const DOMAIN_FORM: &str = "Domain must be a prefix of lower-case letters, digits and hyphens, or, with CustomDomainConfig, a whole domain name.";
/// Chosen; documented for the exception.
pub const BRANDING_EXISTS: &str = "Managed login branding already exists for the app client.";
/// Chosen.
pub const BRANDING_NOT_FOUND: &str = "Managed login branding does not exist.";
/// Chosen; that it is refused is documented.
pub const BRANDING_IS_COGNITOS: &str =
    "Settings and Assets cannot be given when UseCognitoProvidedValues is true.";
/// Chosen.
pub const BRANDING_SETTINGS_FORM: &str = "Settings must be a JSON object.";
/// Chosen.
pub const BRANDING_TOO_LONG: &str = "Settings and Assets of a style can have at most 6 megabytes together.";
/// Chosen; form and size are documented.
pub const INVALID_LOGO: &str = "ImageFile must be a PNG or JPEG image of at most 100 KB.";
/// Chosen.
pub const DELIVERY_FAILED: &str = "The message could not be delivered.";

/// Chosen; that it is refused is documented.
pub const EMAIL_NOT_BY_DEVELOPER: &str =
    "emailMessage and emailSubject are allowed only if EmailSendingAccount is DEVELOPER.";
/// Chosen.
pub const NO_KEY_FOR_CUSTOM_SENDER: &str =
    "The code could not be encrypted for the custom sender: the key that KMSKeyID names is not available.";

/// Of the style of the classic pages. Chosen; what is not allowed is documented.
#[must_use]
pub fn invalid_css(what: &str) -> Text {
    let short: String = what.chars().take(80).collect();
    format!("CSS is not allowed: {short}").into()
}

/// Chosen.
#[must_use]
pub fn invalid_asset(category: &str, extension: &str) -> Text {
    format!("The bytes of the asset {category} are not {extension}.").into()
}

/// A custom sender without a key. Chosen.
#[must_use]
pub fn no_key_for(custom_sender: &str) -> Text {
    format!("KMSKeyID is required when {custom_sender} is configured.").into()
}

/// Chosen; that it is refused is documented.
#[must_use]
pub fn resource_server_exists(identifier: &str, pool: &UserPoolId) -> Text {
    format!("{identifier} already exists in user pool {pool}.").into()
}

/// Chosen.
#[must_use]
pub fn resource_server_unknown(identifier: &str) -> Text {
    format!("Resource server {identifier} does not exist.").into()
}

/// Two resource servers of one pool in a file. Chosen.
#[must_use]
pub fn resource_server_twice(identifier: &str) -> Text {
    format!("The resource server {identifier} is given twice.").into()
}

/// Observed.
#[must_use]
pub fn domain_with_reserved_word(word: &str) -> Text {
    format!("Domain cannot contain reserved word: {word}").into()
}

/// A scope that shows a user, for an app client that acts for itself. Observed, without full stop.
#[must_use]
pub fn scope_of_a_user(scope: &str) -> Text {
    format!("{scope} is not supported with client_credentials flow").into()
}

/// An app client's scope that no resource server has. Observed.
#[must_use]
pub fn scope_unknown(scope: &str) -> Text {
    format!("Invalid scope requested: {scope}").into()
}

/// Observed.
#[must_use]
pub fn provider_unknown(provider: &str, pool: &UserPoolId) -> Text {
    format!("The provider {provider} does not exist for User Pool {pool}.").into()
}

/// A callback in plain HTTP. Observed.
#[must_use]
pub fn url_in_plain_http(url: &str) -> Text {
    format!("{url} cannot use the HTTP protocol.").into()
}

/// A callback with a fragment. Chosen.
#[must_use]
pub fn url_with_fragment(url: &str) -> Text {
    format!("{url} cannot contain a fragment.").into()
}

/// A callback that is no place to send people to. Chosen.
#[must_use]
pub fn url_not_absolute(url: &str) -> Text {
    format!("{url} is not a valid absolute URI.").into()
}

/// A parameter of a flow or a challenge's answer is missing. Observed for `SRP_A`.
#[must_use]
pub fn missing_parameter(name: &str) -> Text {
    format!("Missing required parameter {name}").into()
}

/// Observed for `USER_PASSWORD_AUTH`.
#[must_use]
pub fn flow_not_enabled(flow: &str) -> Text {
    format!("{flow} flow not enabled for this client").into()
}

/// The client is unknown to the public API. Observed.
#[must_use]
pub fn client_unknown(id: &str) -> Text {
    format!("User pool client {id} does not exist.").into()
}

/// The client is unknown to the admin API. Observed.
#[must_use]
pub fn client_unknown_in_pool(id: &str, pool: &UserPoolId) -> Text {
    format!("User pool client {id} does not exist in user pool {pool}.").into()
}

/// Observed.
#[must_use]
pub fn pool_unknown(id: &str) -> Text {
    format!("User pool {id} does not exist.").into()
}

/// Observed, without full stop.
#[must_use]
pub fn secret_hash_missing(client: &AppClientId) -> Text {
    format!("Client {client} is configured with secret but SECRET_HASH was not received").into()
}

/// Observed, without full stop.
#[must_use]
pub fn secret_hash_wrong(client: &AppClientId) -> Text {
    format!("Unable to verify secret hash for client {client}").into()
}

/// The same where the secret itself is asked for. Observed, without full stop.
#[must_use]
pub fn client_secret_missing(client: &AppClientId) -> Text {
    format!("Client {client} is configured for secret but secret was not received").into()
}

/// What a trigger's function said when it refused; Cognito adds the full stop. Observed.
#[must_use]
pub fn trigger_failed(trigger: &str, message: &str) -> Text {
    format!("{trigger} failed with error {message}.").into()
}

/// A trigger's function could not be invoked. Observed with other triggers.
#[must_use]
pub fn invocation_failed(trigger: &str, reason: &str) -> Text {
    format!("{trigger} invocation failed due to error {reason}.").into()
}

/// The function returned its event without attributes. Seen in one client.
#[must_use]
pub fn migrating_nobody(client: &AppClientId) -> Text {
    format!("Exception migrating user in app client {client}").into()
}

/// Something of the API that this release does not have. Ours.
#[must_use]
pub fn not_built(what: &str) -> Text {
    format!("{what} is not built yet in this release of rehome.").into()
}

/// An answer to `NEW_PASSWORD_REQUIRED` changes what is required and given. Observed.
#[must_use]
pub fn already_provided(name: &str) -> Text {
    format!("Cannot modify an already provided {name}").into()
}

/// An answer to `NEW_PASSWORD_REQUIRED` leaves a required attribute out. Chosen.
#[must_use]
pub fn required_attribute_missing(name: &str) -> Text {
    format!("Invalid user attributes: {name}: The attribute {name} is required").into()
}

/// Chosen.
#[must_use]
pub fn user_pool_exists(id: &UserPoolId) -> Text {
    format!("User pool {id} already exists.").into()
}

/// Chosen.
#[must_use]
pub fn client_exists(id: &AppClientId) -> Text {
    format!("User pool client {id} already exists.").into()
}

/// Chosen.
#[must_use]
pub fn no_function_arn(member: &str) -> Text {
    format!("LambdaConfig.{member} is not a valid ARN.").into()
}

/// Chosen after emulators.
#[must_use]
pub fn attribute_exists(name: &str) -> Text {
    format!("{name}: Existing attribute already has name {name}.").into()
}

/// Chosen after emulators.
#[must_use]
pub fn standard_attribute_fixed(name: &str) -> Text {
    format!(
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
    )
    .into()
}

/// Chosen.
#[must_use]
pub fn attribute_name_form(name: &str) -> Text {
    format!("Invalid attribute name {name:?}: it must have 1 to 20 characters without white space.").into()
}

/// Chosen.
#[must_use]
pub fn attribute_limits(name: &str) -> Text {
    format!("Invalid constraints for attribute {name}.").into()
}

/// Observed for `email_verified`.
#[must_use]
pub fn non_mutable(name: &str) -> Text {
    format!("Cannot modify the non-mutable attribute {name}").into()
}

/// One line of a list of complaints about attributes, with its newline. Observed.
#[must_use]
pub fn attribute_line(name: &str, complaint: &str) -> String {
    format!("user.{name}: {complaint}\n")
}

/// Required attributes are missing. Observed; how several are listed is chosen.
#[must_use]
pub fn does_not_conform(complaints: &str) -> Text {
    format!("Attributes did not conform to the schema: {complaints}").into()
}

/// The attribute by the path that it has inside Cognito. Observed for `family_name`.
#[must_use]
pub fn attribute_required(name: &str) -> String {
    let path = match name {
        "name" => "name.formatted",
        "given_name" => "name.givenName",
        "family_name" => "name.familyName",
        "middle_name" => "name.middleName",
        "phone_number" => "phoneNumbers",
        own => own,
    };
    format!("{path}: The attribute {path} is required")
}

/// Observed.
#[must_use]
pub fn deletes_required(name: &str) -> Text {
    format!("Invalid user attributes: {}", attribute_required(name)).into()
}

/// Observed for a custom attribute.
#[must_use]
pub fn deletes_immutable(name: &str) -> Text {
    let path = match name.strip_prefix("dev:").unwrap_or(name).strip_prefix("custom:") {
        Some(custom) => format!("Custom.User.{custom}"),
        None => name.to_owned(),
    };
    format!(
        "Invalid user attributes: {path}: This attribute does not satisfy the mutability validation defined in the schema."
    )
    .into()
}

/// Observed.
#[must_use]
pub fn attribute_of_no_type(name: &str) -> Text {
    format!("Invalid user attributes: Type for attribute {{{name}}} could not be determined").into()
}

/// A username attribute is taken. Observed for `email` at `SignUp` and `AdminCreateUser`.
#[must_use]
pub fn attribute_taken(attribute: &str) -> Text {
    format!("An account with the given {attribute} already exists.").into()
}

/// A contact that was confirmed is another user's alias. Documented for `email`.
#[must_use]
pub fn alias_taken(attribute: &str) -> Text {
    format!("An account with the {attribute} already exists.").into()
}

/// A sign-up is confirmed already, or never was one. Observed for `CONFIRMED`.
#[must_use]
pub fn cannot_be_confirmed(status: crate::user::UserStatus) -> Text {
    format!("User cannot be confirmed. Current status is {}", status.as_str()).into()
}

/// A code cannot verify such an attribute. Chosen.
#[must_use]
pub fn not_verifiable(attribute: &str) -> Text {
    format!("Invalid attribute name {attribute:?}: only email and phone_number are verified.").into()
}

/// There is nothing to send a code to. Chosen.
#[must_use]
pub fn no_such_contact(attribute: &str) -> Text {
    format!("User has no {attribute} to verify.").into()
}

/// The *pre sign-up* trigger declares a contact verified that the user does not have. Chosen.
#[must_use]
pub fn nothing_to_verify(attribute: &str) -> Text {
    format!("PreSignUp declares {attribute} verified, which the user does not have").into()
}

/// Chosen: the login and the attribute that it stands for say different things.
#[must_use]
pub fn username_is_not_the_attribute(attribute: &str) -> Text {
    format!("Username and {attribute} do not match.").into()
}

/// Observed in part.
#[must_use]
pub fn resend_not_possible(username: &crate::id::Username) -> Text {
    format!("Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD").into()
}

/// A factor is turned on that the user cannot give. Observed for `SMS_MFA` and `SOFTWARE_TOKEN_MFA`, without full stop.
#[must_use]
pub fn no_delivery_config(method: MfaMethod) -> Text {
    format!(
        "User does not have delivery config set to turn on {}",
        method.as_str()
    )
    .into()
}

/// Chosen.
#[must_use]
pub fn not_searchable(name: &str) -> Text {
    format!("Invalid filter: users cannot be searched by {name}.").into()
}
