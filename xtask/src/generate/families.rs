//! Which file a shape lives in. An operation that no row names goes to `other`; a shape that several families use
//! goes to `common`.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Kind};

/// The file of operations that no row names yet.
const OTHER: &str = "other";
/// The file of shapes of several families.
const COMMON: &str = "common";

#[rustfmt::skip]
const FAMILIES: &[(&str, &[&str])] = &[
    ("app_client", &["AddUserPoolClientSecret", "CreateUserPoolClient", "DeleteUserPoolClient",
        "DeleteUserPoolClientSecret", "DescribeUserPoolClient", "ListUserPoolClientSecrets", "ListUserPoolClients",
        "UpdateUserPoolClient"]),
    ("branding", &["CreateManagedLoginBranding", "DeleteManagedLoginBranding", "DescribeManagedLoginBranding",
        "DescribeManagedLoginBrandingByClient", "GetUICustomization", "SetUICustomization",
        "UpdateManagedLoginBranding"]),
    ("device", &["AdminForgetDevice", "AdminGetDevice", "AdminListDevices", "AdminUpdateDeviceStatus",
        "ConfirmDevice", "ForgetDevice", "GetDevice", "ListDevices", "UpdateDeviceStatus"]),
    ("domain", &["CreateUserPoolDomain", "DeleteUserPoolDomain", "DescribeUserPoolDomain", "UpdateUserPoolDomain"]),
    ("group", &["AdminAddUserToGroup", "AdminListGroupsForUser", "AdminRemoveUserFromGroup", "CreateGroup",
        "DeleteGroup", "GetGroup", "ListGroups", "ListUsersInGroup", "UpdateGroup"]),
    ("identity_provider", &["AdminDisableProviderForUser", "AdminLinkProviderForUser", "CreateIdentityProvider",
        "DeleteIdentityProvider", "DescribeIdentityProvider", "GetIdentityProviderByIdentifier",
        "ListIdentityProviders", "UpdateIdentityProvider"]),
    ("import_job", &["CreateUserImportJob", "DescribeUserImportJob", "GetCSVHeader", "ListUserImportJobs",
        "StartUserImportJob", "StopUserImportJob"]),
    ("log_delivery", &["GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration"]),
    ("mfa", &["AdminDeleteSoftwareToken", "AdminGetUserAuthFactors", "AdminSetUserMFAPreference",
        "AssociateSoftwareToken", "GetUserAuthFactors", "GetUserPoolMfaConfig", "SetUserMFAPreference",
        "SetUserPoolMfaConfig", "VerifySoftwareToken"]),
    ("password", &["AdminResetUserPassword", "AdminSetUserPassword", "ChangePassword", "ConfirmForgotPassword",
        "ForgotPassword"]),
    ("quota", &["GetProvisionedLimit", "UpdateProvisionedLimit"]),
    ("replica", &["CreateUserPoolReplica", "DeleteUserPoolReplica", "ListUserPoolReplicas",
        "UpdateUserPoolReplica"]),
    ("resource_server", &["CreateResourceServer", "DeleteResourceServer", "DescribeResourceServer",
        "ListResourceServers", "UpdateResourceServer"]),
    ("risk", &["AdminListUserAuthEvents", "AdminUpdateAuthEventFeedback", "DescribeRiskConfiguration",
        "SetRiskConfiguration", "UpdateAuthEventFeedback"]),
    ("session", &["AdminListUserSessions", "AdminRevokeUserSession", "GetUserPoolClientSessionConfiguration",
        "GetUserPoolSessionConfiguration", "ListUserSessions", "RevokeUserSession",
        "SetUserPoolClientSessionConfiguration", "SetUserPoolSessionConfiguration"]),
    ("sign_in", &["AdminInitiateAuth", "AdminRespondToAuthChallenge", "InitiateAuth", "RespondToAuthChallenge"]),
    ("sign_up", &["AdminConfirmSignUp", "ConfirmSignUp", "ResendConfirmationCode", "SignUp"]),
    ("tags", &["ListTagsForResource", "TagResource", "UntagResource"]),
    ("terms", &["CreateTerms", "DeleteTerms", "DescribeTerms", "DescribeTermsByClient", "ListTerms",
        "UpdateTerms"]),
    ("token", &["AdminUserGlobalSignOut", "GetClientToken", "GetDerivedToken", "GetTokensFromRefreshToken",
        "GlobalSignOut", "RevokeToken"]),
    ("user", &["AdminCreateUser", "AdminDeleteUser", "AdminDeleteUserAttributes", "AdminDisableUser",
        "AdminEnableUser", "AdminGetUser", "AdminSetUserSettings", "AdminUpdateUserAttributes", "DeleteUser",
        "DeleteUserAttributes", "GetUser", "GetUserAttributeVerificationCode", "ListUsers", "SetUserSettings",
        "UpdateUserAttributes", "VerifyUserAttribute"]),
    ("user_pool", &["AddCustomAttributes", "CreateUserPool", "DeleteUserPool", "DescribeUserPool",
        "GetSigningCertificate", "ListUserPools", "UpdateUserPool"]),
    ("web_authn", &["CompleteWebAuthnRegistration", "DeleteWebAuthnCredential", "ListWebAuthnCredentials",
        "StartWebAuthnRegistration"]),
];

fn family(operation: &str) -> &'static str {
    FAMILIES
        .iter()
        .find(|(_, operations)| operations.contains(&operation))
        .map_or(OTHER, |(family, _)| family)
}

/// Every shape that an operation uses, with its file. Exceptions are not here: `error` lists them.
pub(super) fn homes(api: &Api) -> BTreeMap<String, &'static str> {
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for operation in &api.operations {
        let family = family(&operation.name);
        for root in [Some(&operation.input), operation.output.as_ref()]
            .into_iter()
            .flatten()
        {
            for shape in api.reachable(root) {
                users.entry(shape).or_default().insert(family);
            }
        }
    }
    users
        .into_iter()
        .filter(|(shape, _)| !matches!(api.shapes[shape].kind, Kind::Exception { .. }))
        .map(|(shape, families)| {
            let home = if families.len() == 1 {
                families.first().copied()
            } else {
                None
            };
            (
                shape,
                FAMILIES
                    .iter()
                    .map(|row| row.0)
                    .find(|&name| Some(name) == home)
                    .unwrap_or(if home == Some(OTHER) { OTHER } else { COMMON }),
            )
        })
        .collect()
}
