//! The AWS SDK for Rust: requests that it makes, answers and errors as its types.

use std::collections::HashMap;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::retry::RetryConfig;
use aws_sdk_cognitoidentityprovider::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_cognitoidentityprovider::operation::RequestId as _;
use aws_sdk_cognitoidentityprovider::operation::admin_create_user::AdminCreateUserError;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::{InitiateAuthError, InitiateAuthOutput};
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, ChallengeNameType, MessageActionType, UserStatusType,
};
use testkit::{Options, TestServer, pair};

use crate::scene::start;

/// The SDK with the endpoint set, and told not to try again.
fn client(server: &TestServer) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new("test", "test", None, None, "the test"))
        .retry_config(RetryConfig::disabled())
        // The pool is at hand without TLS.
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}

async fn sign_in(
    client: &Client,
    username: &str,
    password: &str,
) -> Result<InitiateAuthOutput, InitiateAuthError> {
    let parameters = [("USERNAME", username), ("PASSWORD", password)];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    client
        .initiate_auth()
        .client_id(pair::LEGACY_CLIENT)
        .auth_flow(AuthFlowType::UserPasswordAuth)
        .set_auth_parameters(Some(HashMap::from(parameters)))
        .send()
        .await
        .map_err(SdkError::into_service_error)
}

#[tokio::test]
async fn the_aws_sdk_for_rust_signs_in_and_refreshes() {
    let server = start(Options::old_and_new()).await;
    let client = client(&server);
    let signed_in = sign_in(&client, pair::ANN, pair::PASSWORD).await.unwrap();
    assert!(signed_in.challenge_name().is_none());
    let tokens = signed_in.authentication_result().expect("tokens");
    assert_eq!((tokens.expires_in(), tokens.token_type()), (3600, Some("Bearer")));
    let refreshed = client
        .initiate_auth()
        .client_id(pair::LEGACY_CLIENT)
        .auth_flow(AuthFlowType::RefreshTokenAuth)
        .auth_parameters("REFRESH_TOKEN", tokens.refresh_token().expect("a refresh token"))
        .send()
        .await
        .unwrap();
    let refreshed = refreshed.authentication_result().expect("tokens");
    assert_ne!(refreshed.access_token(), tokens.access_token());
    assert_eq!(refreshed.refresh_token(), None);
    let me = client
        .get_user()
        .access_token(refreshed.access_token().expect("an access token"))
        .send()
        .await
        .unwrap();
    assert!(
        me.user_attributes()
            .iter()
            .any(|a| a.name() == "email" && a.value() == Some(pair::ANN))
    );
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_aws_sdk_for_rust_sees_refusals_as_their_types() {
    let server = start(Options::old_and_new()).await;
    let client = client(&server);
    sign_in(&client, pair::ANN, pair::PASSWORD).await.unwrap();
    let wrong = sign_in(&client, pair::ANN, "Wrong-Password-1").await.unwrap_err();
    let InitiateAuthError::NotAuthorizedException(wrong) = wrong else {
        panic!("{wrong:?}");
    };
    assert_eq!(wrong.message(), Some("Incorrect username or password."));
    assert!(wrong.meta().request_id().is_some(), "{wrong:?}");
    let nobody = sign_in(&client, "nobody@example.com", "Wrong-Password-1")
        .await
        .unwrap_err();
    assert!(nobody.is_user_not_found_exception(), "{nobody:?}");
    let due = sign_in(&client, "dan@example.com", pair::PASSWORD)
        .await
        .unwrap_err();
    assert!(due.is_password_reset_required_exception(), "{due:?}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_aws_sdk_for_rust_makes_and_lists_users() {
    let server = start(Options::old_and_new()).await;
    let client = client(&server);
    let create = || {
        let email = AttributeType::builder()
            .name("email")
            .value("guy@example.com")
            .build()
            .unwrap();
        client
            .admin_create_user()
            .user_pool_id(pair::NEW_POOL)
            .username("guy@example.com")
            .temporary_password("Temp0rary!")
            .user_attributes(email)
            .message_action(MessageActionType::Suppress)
            .send()
    };
    let made = create().await.unwrap();
    let made = made.user().expect("a user");
    assert_eq!(made.user_status(), Some(&UserStatusType::ForceChangePassword));
    assert!(made.user_create_date().is_some());
    let again = create().await.unwrap_err().into_service_error();
    assert!(
        matches!(again, AdminCreateUserError::UsernameExistsException(_)),
        "{again:?}"
    );

    let listed = client
        .list_users()
        .user_pool_id(pair::NEW_POOL)
        .send()
        .await
        .unwrap();
    let [only] = listed.users() else {
        panic!("{listed:?}");
    };
    assert_eq!(only.username(), made.username());

    let challenge = sign_in(&client, "guy@example.com", "Temp0rary!").await.unwrap();
    assert_eq!(
        challenge.challenge_name(),
        Some(&ChallengeNameType::NewPasswordRequired)
    );
    server.stop().await.unwrap();
}
