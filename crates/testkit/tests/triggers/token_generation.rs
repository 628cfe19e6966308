//! *Pre token generation*, in its three versions: what a function changes in tokens, and what it cannot.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use crate::behaviour::{
    ANNS, FUNCTION, LEGACY, NEXT, PASSWORD, POOL, Pool, challenge, claims, refusal, tokens, user,
};
use crate::recorded::{initiate_with, pool_with, request_of, respond_with, unchanged};

const V1: &str = "PreTokenGeneration = FUNCTION";
const V2: &str = "PreTokenGenerationConfig = { LambdaVersion = \"V2_0\", LambdaArn = FUNCTION }";
const V3: &str = "PreTokenGenerationConfig = { LambdaVersion = \"V3_0\", LambdaArn = FUNCTION }";

/// A pool with ann whose function gives the response that was set last.
struct Answering {
    pool: Pool,
    response: Arc<Mutex<Value>>,
}

impl Answering {
    async fn start() -> Self {
        let response = Arc::new(Mutex::new(json!({})));
        let given = Arc::clone(&response);
        let (pool, _) = pool_with(V1, &user("ann", ANNS), move |event| {
            event["response"] = given.lock().unwrap().clone();
            Ok(())
        })
        .await;
        Self { pool, response }
    }

    /// The claims of both tokens, ID first, of a sign-in with this response in this version of events.
    async fn claims(&self, version: &str, response: Value) -> (Map<String, Value>, Map<String, Value>) {
        *self.response.lock().unwrap() = response;
        let config =
            json!({ "PreTokenGenerationConfig": { "LambdaVersion": version, "LambdaArn": FUNCTION } });
        let update = json!({ "UserPoolId": POOL, "LambdaConfig": config });
        self.pool.done("UpdateUserPool", update).await;
        let given = self.pool.signed_in(LEGACY, "ann").await;
        (claims(&given.id), claims(&given.access))
    }
}

fn override_of(details: Value) -> Value {
    json!({ "claimsOverrideDetails": details })
}

fn both(details: Value) -> Value {
    json!({ "claimsAndScopeOverrideDetails": details })
}

#[tokio::test]
async fn version_1_is_told_of_user_and_groups() {
    let (pool, recorded) = pool_with(V1, &user("ann", ANNS), unchanged).await;
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    tokens(initiate_with(&pool, LEGACY, "USER_PASSWORD_AUTH", parameters).await);
    let event = recorded.only();
    assert_eq!(event["version"], "1");
    assert_eq!(event["triggerSource"], "TokenGeneration_Authentication");
    let (_, attributes) = pool.user("ann").await;
    let expected = json!({
        "userAttributes": {
            "cognito:user_status": "CONFIRMED", "email": "ann@example.com", "email_verified": "true",
            "sub": attributes["sub"],
        },
        "groupConfiguration": { "groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null },
    });
    assert_eq!(request_of(&event), &expected);
    assert_eq!(event["response"], json!({ "claimsOverrideDetails": null }));
}

#[tokio::test]
async fn versions_2_and_3_are_told_of_scopes_too() {
    for (trigger, version) in [(V2, "2"), (V3, "3")] {
        let (pool, recorded) = pool_with(trigger, &user("ann", ANNS), unchanged).await;
        pool.signed_in(LEGACY, "ann").await;
        let event = recorded.only();
        assert_eq!(event["version"], version);
        assert_eq!(
            request_of(&event)["scopes"],
            json!(["aws.cognito.signin.user.admin"])
        );
        assert_eq!(
            event["response"],
            json!({ "claimsAndScopeOverrideDetails": null })
        );
    }
}

#[tokio::test]
async fn the_config_goes_before_the_older_setting() {
    let config = format!("{V1}, {V2}");
    let (pool, recorded) = pool_with(&config, &user("ann", ANNS), unchanged).await;
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.only()["version"], "2");
    let of_version_1 = "PreTokenGenerationConfig = { LambdaVersion = \"V1_0\", LambdaArn = FUNCTION }";
    let (pool, recorded) = pool_with(of_version_1, &user("ann", ANNS), unchanged).await;
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.only()["version"], "1");
}

#[tokio::test]
async fn version_1_adds_replaces_and_suppresses_claims_of_the_id_token_alone() {
    let (id, access) = Answering::start().await.claims(
        "V1_0",
        override_of(json!({
            "claimsToAddOrOverride": { "plan": "gold", "seats": 12, "email_verified": "false", "gone": "x" },
            "claimsToSuppress": ["email", "gone"],
        })),
    )
    .await;
    assert_eq!(
        (&id["plan"], &id["seats"], &id["email_verified"]),
        (&json!("gold"), &json!("12"), &json!(false))
    );
    assert!(!id.contains_key("email") && !id.contains_key("gone"));
    assert!(!access.contains_key("plan"));
}

#[tokio::test]
async fn version_1_takes_no_claim_that_is_not_a_text() {
    let (pool, _) = pool_with(V1, &user("ann", ANNS), |event| {
        event["response"] = override_of(json!({ "claimsToAddOrOverride": { "tags": ["a"] } }));
        Ok(())
    })
    .await;
    assert_eq!(
        pool.sign_in(LEGACY, "ann", PASSWORD).await,
        refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")
    );
}

#[tokio::test]
async fn claims_of_any_kind_go_into_both_tokens_with_version_2_and_3() {
    let answering = Answering::start().await;
    let tags = json!({ "tags": [1, true, "a"], "limits": { "seats": 12 }, "beta": false, "none": null });
    for version in ["V2_0", "V3_0"] {
        let details = json!({
            "idTokenGeneration": { "claimsToAddOrOverride": tags, "claimsToSuppress": ["email"] },
            "accessTokenGeneration": {
                "claimsToAddOrOverride": { "tags": [1, true, "a"], "sent": 5 },
                "claimsToSuppress": ["sent"],
            },
        });
        let (id, access) = answering.claims(version, both(details)).await;
        assert_eq!(id["tags"], json!([1, true, "a"]));
        assert_eq!(
            (&id["limits"], &id["beta"]),
            (&json!({ "seats": 12 }), &json!(false))
        );
        assert!(!id.contains_key("none") && !id.contains_key("email"));
        assert_eq!(access["tags"], json!([1, true, "a"]));
        assert!(!access.contains_key("sent") && !access.contains_key("limits"));
    }
}

#[tokio::test]
async fn attributes_with_a_type_of_their_own_keep_it_in_the_id_token() {
    let claims = json!({
        "email_verified": { "by": "us" }, "address": "Somewhere 1", "updated_at": "1700000000",
    });
    let (id, _) = Answering::start()
        .await
        .claims(
            "V2_0",
            both(json!({ "idTokenGeneration": { "claimsToAddOrOverride": claims } })),
        )
        .await;
    assert_eq!(id["email_verified"], true);
    assert_eq!(id["address"], json!({ "formatted": "Somewhere 1" }));
    assert_eq!(id["updated_at"], 1_700_000_000);
}

/// Claims that nobody changes in either token.
const FIXED: [&str; 14] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
];

/// Every name of a list and [`FIXED`], to add with a forged value, and to suppress.
fn forgeries(more: &[&'static str]) -> [Value; 2] {
    let names = || FIXED.iter().chain(more);
    let claims: Map<String, Value> = names()
        .map(|name| ((*name).to_owned(), "forged".into()))
        .collect();
    let names: Vec<&str> = names().copied().collect();
    [
        json!({ "claimsToAddOrOverride": claims }),
        json!({ "claimsToSuppress": names }),
    ]
}

#[tokio::test]
async fn what_identifies_a_token_is_neither_changed_nor_suppressed() {
    let of_id = forgeries(&["identities", "aud", "cognito:username", "dev:x"]);
    let of_access = forgeries(&[
        "username",
        "client_id",
        "scope",
        "device_key",
        "event_id",
        "version",
        "aud",
        "dev:x",
    ]);
    let in_id = [
        "sub",
        "aud",
        "iss",
        "exp",
        "iat",
        "jti",
        "origin_jti",
        "cognito:username",
    ];
    let in_access = [
        "sub",
        "client_id",
        "iss",
        "exp",
        "iat",
        "jti",
        "origin_jti",
        "username",
        "event_id",
    ];
    let answering = Answering::start().await;
    for version in ["V1_0", "V2_0", "V3_0"] {
        for (of_id, of_access) in of_id.iter().zip(&of_access) {
            let response = if version == "V1_0" {
                override_of(of_id.clone())
            } else {
                both(json!({ "idTokenGeneration": of_id, "accessTokenGeneration": of_access }))
            };
            let (id, access) = answering.claims(version, response).await;
            assert!(id.values().all(|value| value != "forged"), "{id:?}");
            assert!(access.values().all(|value| value != "forged"), "{access:?}");
            assert!(in_id.iter().all(|kept| id.contains_key(*kept)), "{id:?}");
            assert!(
                in_access.iter().all(|kept| access.contains_key(*kept)),
                "{access:?}"
            );
            assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
        }
    }
}

#[tokio::test]
async fn the_audience_of_an_access_token_may_be_its_app_client() {
    let details = json!({ "accessTokenGeneration": { "claimsToAddOrOverride": { "aud": LEGACY } } });
    let (_, access) = Answering::start().await.claims("V2_0", both(details)).await;
    assert_eq!(access["aud"], LEGACY);
}

#[tokio::test]
async fn scopes_are_added_and_suppressed_but_for_those_of_the_service() {
    let details = json!({ "accessTokenGeneration": {
        "scopesToAdd": ["orders/read", "orders/write", "orders/read", "aws.cognito.more", "two words", ""],
        "scopesToSuppress": ["orders/write"],
    } });
    let (_, access) = Answering::start().await.claims("V2_0", both(details)).await;
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin orders/read");
}

#[tokio::test]
async fn a_token_whose_scope_was_suppressed_opens_no_operation() {
    let details =
        json!({ "accessTokenGeneration": { "scopesToSuppress": ["aws.cognito.signin.user.admin"] } });
    let (pool, _) = pool_with(V3, &user("ann", ANNS), move |event| {
        event["response"] = both(details.clone());
        Ok(())
    })
    .await;
    let given = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(
        pool.get_user(&given.access).await,
        refusal(
            "NotAuthorizedException",
            "Access Token does not have required scopes"
        )
    );
}

#[tokio::test]
async fn groups_and_roles_are_replaced_as_a_whole() {
    let role = "arn:aws:iam::000000000000:role/editor";
    let groups = json!({
        "groupsToOverride": ["editors", "readers"], "iamRolesToOverride": [role], "preferredRole": role,
    });
    let answering = Answering::start().await;
    for (version, response) in [
        ("V1_0", override_of(json!({ "groupOverrideDetails": groups }))),
        ("V2_0", both(json!({ "groupOverrideDetails": groups }))),
        ("V3_0", both(json!({ "groupOverrideDetails": groups }))),
    ] {
        let (id, access) = answering.claims(version, response).await;
        assert_eq!(id["cognito:groups"], json!(["editors", "readers"]));
        assert_eq!(id["cognito:roles"], json!([role]));
        assert_eq!(id["cognito:preferred_role"], role);
        assert_eq!(access["cognito:groups"], json!(["editors", "readers"]));
        assert!(!access.contains_key("cognito:roles"));
    }
    for empty in [json!(null), json!({}), json!({ "groupsToOverride": [] })] {
        let (id, access) = answering
            .claims("V1_0", override_of(json!({ "groupOverrideDetails": empty })))
            .await;
        assert!(!id.contains_key("cognito:groups") && !access.contains_key("cognito:groups"));
    }
}

#[tokio::test]
async fn each_occasion_has_its_source() {
    let people = user("ann", ANNS) + &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    let (pool, recorded) = pool_with(V1, &people, |event| {
        let source = event["triggerSource"].clone();
        event["response"] = override_of(json!({ "claimsToAddOrOverride": { "source": source } }));
        Ok(())
    })
    .await;
    let given = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), ["TokenGeneration_Authentication"]);

    let parameters = json!({ "REFRESH_TOKEN": given.refresh() });
    let refreshed = tokens(initiate_with(&pool, LEGACY, "REFRESH_TOKEN_AUTH", parameters).await);
    let event = recorded.only();
    assert_eq!(event["triggerSource"], "TokenGeneration_RefreshTokens");
    assert!(event["request"].get("clientMetadata").is_none());
    assert_eq!(claims(&refreshed.id)["source"], "TokenGeneration_RefreshTokens");

    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    assert!(recorded.take().is_empty());
    let answers = json!({ "USERNAME": "fay", "NEW_PASSWORD": NEXT });
    tokens(respond_with(&pool, "NEW_PASSWORD_REQUIRED", asked.session(), answers).await);
    let event = recorded.only();
    assert_eq!(event["triggerSource"], "TokenGeneration_NewPasswordChallenge");
    assert_eq!(event["request"]["clientMetadata"], json!({ "from": "answer" }));
}

#[tokio::test]
async fn what_it_throws_ends_the_sign_in_and_the_refresh() {
    let (pool, _) = pool_with(V2, &user("ann", ANNS), |event| {
        if event["triggerSource"] == "TokenGeneration_RefreshTokens" {
            return Err("come back later".to_owned());
        }
        Ok(())
    })
    .await;
    let given = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(
        pool.refresh(LEGACY, given.refresh()).await,
        refusal(
            "UserLambdaValidationException",
            "PreTokenGeneration failed with error come back later."
        )
    );
}

#[tokio::test]
async fn the_api_keeps_the_config_as_it_was_given() {
    let (pool, _) = pool_with(V3, "", unchanged).await;
    let described = pool.done("DescribeUserPool", json!({ "UserPoolId": POOL })).await;
    assert_eq!(
        described["UserPool"]["LambdaConfig"],
        json!({ "PreTokenGenerationConfig": {
            "LambdaVersion": "V3_0", "LambdaArn": FUNCTION,
        } })
    );
}

#[tokio::test]
async fn the_lite_plan_changes_no_access_tokens() {
    let (pool, _) = pool_with("", "", unchanged).await;
    for (version, status) in [("V1_0", 200), ("V2_0", 400), ("V3_0", 400)] {
        let config =
            json!({ "PreTokenGenerationConfig": { "LambdaVersion": version, "LambdaArn": FUNCTION } });
        let update = json!({ "UserPoolId": POOL, "UserPoolTier": "LITE", "LambdaConfig": config });
        let (seen, body) = pool.call("UpdateUserPool", update).await;
        assert_eq!(seen, status, "{body}");
        if status == 400 {
            assert_eq!(body["__type"], "FeatureUnavailableInTierException");
        }
    }
}
