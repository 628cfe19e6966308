//! The categories of operations that share a rate, and which operation is in which.

use model::{ChallengeNameType, Operation};

/// Declares the categories with their rates at Cognito.
macro_rules! categories {
    ($($(#[$about:meta])* $category:ident = $rate:literal,)+) => {
        /// Operations that share a rate. Source: *Quotas in Amazon Cognito*, operation categories.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category { $($(#[$about])* $category,)+ }

        impl Category {
            /// Every category, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$category),+];

            /// Cognito's name for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$category => stringify!($category),)+ }
            }

            /// Requests a second that Cognito allows an account which has asked for no more.
            #[must_use]
            pub const fn cognitos_rate(self) -> u32 {
                match self { $(Self::$category => $rate,)+ }
            }
        }
    };
}

categories! {
    /// Signing in.
    UserAuthentication = 120,
    /// Making and confirming users.
    UserCreation = 50,
    /// Sign-ins through other identity providers.
    UserFederation = 25,
    /// Passwords: forgotten, changed, set.
    UserAccountRecovery = 30,
    /// Looking at one user.
    UserRead = 120,
    /// Changing a user and what belongs to it.
    UserUpdate = 25,
    /// Revoking tokens.
    UserToken = 120,
    /// A user's devices and groups, and codes sent again.
    UserResourceRead = 50,
    /// A user's devices and factors.
    UserResourceUpdate = 25,
    /// Lists of users.
    UserList = 30,
    /// Looking at pools.
    UserPoolRead = 15,
    /// Changing pools.
    UserPoolUpdate = 15,
    /// What belongs to a pool: groups, providers, resource servers, import jobs.
    UserPoolResourceRead = 20,
    /// Changing what belongs to a pool.
    UserPoolResourceUpdate = 15,
    /// Looking at app clients.
    UserPoolClientRead = 15,
    /// Changing app clients.
    UserPoolClientUpdate = 15,
    /// Tokens for programs.
    ClientAuthentication = 150,
    /// These rates themselves.
    LimitManagement = 1,
}

impl Category {
    /// The category with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|category| category.as_str() == name)
    }

    /// Whether each operation of it also has a rate of its own in each user pool.
    pub(super) const fn is_limited_per_user_pool(self) -> bool {
        matches!(
            self,
            Self::UserPoolResourceRead
                | Self::UserPoolResourceUpdate
                | Self::UserPoolClientRead
                | Self::UserPoolClientUpdate
        )
    }

    /// Whether its operations cost exponentiations or signatures.
    pub(crate) const fn computes(self) -> bool {
        matches!(
            self,
            Self::UserAuthentication
                | Self::UserCreation
                | Self::UserAccountRecovery
                | Self::ClientAuthentication
        )
    }

    /// Where an operation counts; an answer to a challenge counts by the challenge.
    ///
    /// Chosen where the page names an operation nowhere: sessions, passkeys, terms, log delivery, session settings, client
    /// secrets, replicas and derived tokens stand with their likes.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub(crate) const fn of(operation: Operation, challenge: Option<ChallengeNameType>) -> Self {
        #[allow(
            clippy::enum_glob_use,
            reason = "names of one table; in tests the lint is silent"
        )]
        use Operation::*;
        match operation {
            RespondToAuthChallenge | AdminRespondToAuthChallenge => match challenge {
                Some(ChallengeNameType::NewPasswordRequired) => Self::UserAccountRecovery,
                _ => Self::UserAuthentication,
            },
            InitiateAuth | AdminInitiateAuth | GetTokensFromRefreshToken => Self::UserAuthentication,
            SignUp | ConfirmSignUp | AdminCreateUser | AdminConfirmSignUp => Self::UserCreation,
            ChangePassword
            | ConfirmForgotPassword
            | ForgotPassword
            | AdminResetUserPassword
            | AdminSetUserPassword => Self::UserAccountRecovery,
            AdminGetUser | AdminGetUserAuthFactors | GetUser | GetUserAuthFactors => Self::UserRead,
            AdminAddUserToGroup
            | AdminRemoveUserFromGroup
            | AdminDeleteUserAttributes
            | AdminUpdateUserAttributes
            | AdminDeleteUser
            | AdminDisableUser
            | AdminEnableUser
            | AdminLinkProviderForUser
            | AdminDisableProviderForUser
            | AdminUserGlobalSignOut
            | VerifyUserAttribute
            | DeleteUser
            | DeleteUserAttributes
            | UpdateUserAttributes
            | GlobalSignOut => Self::UserUpdate,
            RevokeToken | GetDerivedToken => Self::UserToken,
            AdminGetDevice
            | AdminListDevices
            | AdminListGroupsForUser
            | AdminListUserAuthEvents
            | AdminListUserSessions
            | GetDevice
            | ListDevices
            | ListUserSessions
            | ListWebAuthnCredentials
            | GetUserAttributeVerificationCode
            | ResendConfirmationCode => Self::UserResourceRead,
            AdminForgetDevice
            | AdminUpdateDeviceStatus
            | AdminUpdateAuthEventFeedback
            | AdminSetUserMFAPreference
            | AdminDeleteSoftwareToken
            | AdminSetUserSettings
            | AdminRevokeUserSession
            | UpdateDeviceStatus
            | UpdateAuthEventFeedback
            | ConfirmDevice
            | ForgetDevice
            | SetUserMFAPreference
            | SetUserSettings
            | AssociateSoftwareToken
            | VerifySoftwareToken
            | RevokeUserSession
            | StartWebAuthnRegistration
            | CompleteWebAuthnRegistration
            | DeleteWebAuthnCredential => Self::UserResourceUpdate,
            ListUsers | ListUsersInGroup => Self::UserList,
            DescribeUserPool | ListUserPools | ListUserPoolReplicas => Self::UserPoolRead,
            CreateUserPool
            | UpdateUserPool
            | DeleteUserPool
            | CreateUserPoolReplica
            | UpdateUserPoolReplica
            | DeleteUserPoolReplica => Self::UserPoolUpdate,
            DescribeIdentityProvider
            | DescribeResourceServer
            | DescribeUserImportJob
            | DescribeUserPoolDomain
            | DescribeRiskConfiguration
            | DescribeManagedLoginBranding
            | DescribeManagedLoginBrandingByClient
            | DescribeTerms
            | DescribeTermsByClient
            | GetCSVHeader
            | GetGroup
            | GetSigningCertificate
            | GetIdentityProviderByIdentifier
            | GetUserPoolMfaConfig
            | GetUserPoolSessionConfiguration
            | GetLogDeliveryConfiguration
            | GetUICustomization
            | ListGroups
            | ListIdentityProviders
            | ListResourceServers
            | ListTagsForResource
            | ListTerms
            | ListUserImportJobs => Self::UserPoolResourceRead,
            AddCustomAttributes
            | CreateGroup
            | CreateIdentityProvider
            | CreateResourceServer
            | CreateTerms
            | CreateUserImportJob
            | CreateUserPoolDomain
            | CreateManagedLoginBranding
            | DeleteGroup
            | DeleteIdentityProvider
            | DeleteResourceServer
            | DeleteTerms
            | DeleteUserPoolDomain
            | DeleteManagedLoginBranding
            | SetUserPoolMfaConfig
            | SetUserPoolSessionConfiguration
            | SetLogDeliveryConfiguration
            | SetRiskConfiguration
            | SetUICustomization
            | StartUserImportJob
            | StopUserImportJob
            | TagResource
            | UntagResource
            | UpdateGroup
            | UpdateIdentityProvider
            | UpdateResourceServer
            | UpdateTerms
            | UpdateUserPoolDomain
            | UpdateManagedLoginBranding => Self::UserPoolResourceUpdate,
            DescribeUserPoolClient
            | ListUserPoolClients
            | ListUserPoolClientSecrets
            | GetUserPoolClientSessionConfiguration => Self::UserPoolClientRead,
            CreateUserPoolClient
            | DeleteUserPoolClient
            | UpdateUserPoolClient
            | AddUserPoolClientSecret
            | DeleteUserPoolClientSecret
            | SetUserPoolClientSessionConfiguration => Self::UserPoolClientUpdate,
            GetClientToken => Self::ClientAuthentication,
            GetProvisionedLimit | UpdateProvisionedLimit => Self::LimitManagement,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for &category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(category));
        }
        assert_eq!(Category::parse("userRead"), None);
    }

    #[test]
    fn an_answer_that_sets_a_password_counts_as_recovery() {
        let answer = |challenge| Category::of(Operation::RespondToAuthChallenge, challenge);
        assert_eq!(
            answer(Some(ChallengeNameType::NewPasswordRequired)),
            Category::UserAccountRecovery
        );
        assert_eq!(
            answer(Some(ChallengeNameType::SmsMfa)),
            Category::UserAuthentication
        );
        assert_eq!(answer(None), Category::UserAuthentication);
    }
}
