//! Devices in sign-ins of the pool's own functions: these have the word first.

use serde_json::{Value, json};

use crate::behaviour::{FUNCTION, LEGACY, POOL, Pool, Seen, challenge, tokens};
use crate::device::{DEVICE_PASSWORD, anns, has_new_device, people};
use crate::recorded::pool_with;

/// A pool whose function asks one question, to which the answer is "yes".
async fn pool() -> Pool {
    let answer = |event: &mut Value| {
        let source = event["triggerSource"].as_str().unwrap_or_default().to_owned();
        event["response"] = match source.as_str() {
            "DefineAuthChallenge_Authentication" => {
                let results = event["request"]["session"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                let passed = results.iter().any(|one| one["challengeResult"] == true);
                json!({
                    "challengeName": "CUSTOM_CHALLENGE", "issueTokens": passed, "failAuthentication": false,
                })
            }
            "CreateAuthChallenge_Authentication" => {
                json!({ "publicChallengeParameters": {}, "privateChallengeParameters": { "answer": "yes" } })
            }
            _ => json!({ "answerCorrect": event["request"]["challengeAnswer"] == "yes" }),
        };
        Ok(())
    };
    let triggers = "DefineAuthChallenge = FUNCTION, CreateAuthChallenge = FUNCTION, VerifyAuthChallengeResponse = FUNCTION";
    let (pool, _) = pool_with(triggers, &people(), answer).await;
    let functions = json!({
        "DefineAuthChallenge": FUNCTION, "CreateAuthChallenge": FUNCTION, "VerifyAuthChallengeResponse": FUNCTION,
    });
    let update = json!({
        "UserPoolId": POOL, "LambdaConfig": functions,
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true },
    });
    pool.done("UpdateUserPool", update).await;
    pool
}

/// Answers the question, from this device; the key comes at the beginning or with the answer.
async fn answered(pool: &Pool, key: &str, with_answer: bool) -> Seen {
    let mut parameters = json!({ "USERNAME": "ann" });
    let mut answers = json!({ "USERNAME": "ann", "ANSWER": "yes" });
    let place = if with_answer {
        &mut answers
    } else {
        &mut parameters
    };
    place["DEVICE_KEY"] = key.into();
    let asked = challenge(
        pool.initiate(LEGACY, "CUSTOM_AUTH", parameters).await,
        "CUSTOM_CHALLENGE",
    );
    pool.respond(LEGACY, "CUSTOM_CHALLENGE", asked.session(), answers)
        .await
}

#[tokio::test]
async fn a_remembered_device_proves_itself_after_the_functions_are_content() {
    let pool = pool().await;
    let (device, _) = anns(&pool).await;
    for with_answer in [false, true] {
        let asked = challenge(answered(&pool, &device.key, with_answer).await, "DEVICE_SRP_AUTH");
        tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
    }
}

#[tokio::test]
async fn an_unknown_key_is_told_another_since_the_answer_is_used_up() {
    let pool = pool().await;
    for with_answer in [false, true] {
        let seen = answered(&pool, "us-east-1_0a1b", with_answer).await;
        assert!(has_new_device(&seen), "{}", seen.1);
        tokens(seen);
    }
}
