//! Client, flow, parameters: what is checked before anybody asks who signs in.

use serde_json::json;

use crate::behaviour::{HIDING, LEGACY, OTHER_CLIENT, OTHER_POOL, PASSWORD, POOL, Pool, refusal};

#[tokio::test]
async fn an_unknown_client_is_named_by_the_public_api_and_with_its_pool_by_the_admin_api() {
    let pool = Pool::of_ann().await;
    assert_eq!(
        pool.sign_in("nosuchclient", "ann", PASSWORD).await,
        refusal(
            "ResourceNotFoundException",
            "User pool client nosuchclient does not exist."
        )
    );
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    for client in ["nosuchclient", OTHER_CLIENT] {
        let expected = format!("User pool client {client} does not exist in user pool {POOL}.");
        assert_eq!(
            pool.admin_initiate(client, "ADMIN_USER_PASSWORD_AUTH", parameters.clone())
                .await,
            refusal("ResourceNotFoundException", &expected)
        );
    }
}

#[tokio::test]
async fn an_unknown_pool_comes_before_its_client() {
    let pool = Pool::of_ann().await;
    let body = json!({
        "UserPoolId": "us-east-1_Nowhere", "ClientId": LEGACY, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
    });
    assert_eq!(
        pool.call("AdminInitiateAuth", body).await,
        refusal(
            "ResourceNotFoundException",
            "User pool us-east-1_Nowhere does not exist."
        )
    );
}

#[tokio::test]
async fn an_admin_flow_is_no_method_of_the_public_api_whatever_the_client_allows() {
    let pool = Pool::of_ann().await;
    let closed = pool.app_client(json!({ "ExplicitAuthFlows": [] })).await;
    for client in [LEGACY, HIDING, &closed] {
        for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
            assert_eq!(
                pool.initiate(client, flow, json!({})).await,
                refusal("InvalidParameterException", "Initiate Auth method not supported.")
            );
        }
    }
}

#[tokio::test]
async fn each_flow_that_is_not_enabled_says_so_in_its_own_words_before_parameters_are_looked_at() {
    let pool = Pool::of_ann().await;
    let flows = ["ALLOW_REFRESH_TOKEN_AUTH"];
    let client = &pool.app_client(json!({ "ExplicitAuthFlows": flows })).await;
    for (flow, message) in [
        (
            "USER_PASSWORD_AUTH",
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
        ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
        ("USER_AUTH", "USER_AUTH flow not enabled for this client"),
    ] {
        let seen = pool.initiate(client, flow, json!({})).await;
        assert_eq!(seen, refusal("InvalidParameterException", message), "{flow}");
    }
    for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
        assert_eq!(
            pool.admin_initiate(client, flow, json!({})).await,
            refusal(
                "InvalidParameterException",
                "Auth flow not enabled for this client"
            )
        );
    }
    let flows = ["ALLOW_USER_PASSWORD_AUTH"];
    let client = &pool.app_client(json!({ "ExplicitAuthFlows": flows })).await;
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        assert_eq!(
            pool.initiate(client, flow, json!({})).await,
            refusal(
                "InvalidParameterException",
                "REFRESH_TOKEN_AUTH flow not enabled for this client"
            )
        );
    }
}

#[tokio::test]
async fn custom_auth_without_its_triggers_says_that_they_are_missing() {
    let pool = Pool::of_ann().await;
    let client = pool
        .app_client(json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"] }))
        .await;
    assert_eq!(
        pool.initiate(&client, "CUSTOM_AUTH", json!({ "USERNAME": "ann" }))
            .await,
        refusal(
            "InvalidParameterException",
            "Custom auth lambda trigger is not configured for the user pool."
        )
    );
}

#[tokio::test]
async fn a_rotating_client_does_not_refresh_here() {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
    });
    let client = pool.app_client(settings).await;
    assert_eq!(
        pool.refresh(&client, "whatever").await,
        refusal(
            "UnsupportedOperationException",
            "This API does not support refresh token rotation"
        )
    );
}

#[tokio::test]
async fn a_missing_parameter_is_named() {
    let pool = Pool::of_ann().await;
    for (flow, parameters, missing) in [
        ("USER_PASSWORD_AUTH", json!({ "PASSWORD": PASSWORD }), "USERNAME"),
        ("USER_PASSWORD_AUTH", json!({ "USERNAME": "ann" }), "PASSWORD"),
        ("USER_SRP_AUTH", json!({ "SRP_A": "1" }), "USERNAME"),
        ("USER_SRP_AUTH", json!({ "USERNAME": "ann" }), "SRP_A"),
        ("REFRESH_TOKEN_AUTH", json!({}), "REFRESH_TOKEN"),
    ] {
        let expected = format!("Missing required parameter {missing}");
        assert_eq!(
            pool.initiate(LEGACY, flow, parameters).await,
            refusal("InvalidParameterException", &expected)
        );
    }
    for (challenge, answers, missing) in [
        ("NEW_PASSWORD_REQUIRED", json!({}), "USERNAME"),
        (
            "NEW_PASSWORD_REQUIRED",
            json!({ "USERNAME": "ann" }),
            "NEW_PASSWORD",
        ),
        ("SMS_MFA", json!({ "USERNAME": "ann" }), "SMS_MFA_CODE"),
        (
            "PASSWORD_VERIFIER",
            json!({ "USERNAME": "ann" }),
            "PASSWORD_CLAIM_SECRET_BLOCK",
        ),
    ] {
        let expected = format!("Missing required parameter {missing}");
        let seen = pool
            .respond(LEGACY, challenge, "0123456789012345678901234", answers)
            .await;
        assert_eq!(seen, refusal("InvalidParameterException", &expected));
    }
    let answers = json!({ "USERNAME": "ann", "NEW_PASSWORD": PASSWORD });
    let body = json!({ "ClientId": LEGACY, "ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeResponses": answers });
    assert_eq!(
        pool.call("RespondToAuthChallenge", body).await,
        refusal("InvalidParameterException", "Missing required parameter Session")
    );
}

#[tokio::test]
async fn a_client_without_flows_refreshes_and_proves_passwords_but_takes_none() {
    let pool = Pool::of_ann().await;
    let client = &pool.app_client(json!({})).await;
    let begun = pool.begin_srp(client, "ann").await;
    let tokens = crate::behaviour::tokens(pool.prove(client, begun.answers(PASSWORD)).await);
    assert_eq!(pool.refresh(client, tokens.refresh()).await.0, 200);
    assert_eq!(pool.sign_in(client, "ann", PASSWORD).await.0, 400);
}

#[tokio::test]
async fn another_pools_client_finds_nobody() {
    let pool = Pool::of_ann().await;
    let body = json!({
        "UserPoolId": OTHER_POOL, "ClientId": OTHER_CLIENT, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
    });
    assert_eq!(
        pool.call("AdminInitiateAuth", body).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
}
