//! `CUSTOM_AUTH` without a password: the pool's functions alone decide.

use serde_json::{Value, json};

use crate::behaviour::{
    ANNS, LEGACY, NEXT, NOT_AUTHORIZED, POOL, SECRETIVE, Seen, challenge, claims, hash_over, incorrect,
    refusal, tokens, user,
};
use crate::quiz::{CREATE, DEFINE, RIGHT, TRIGGERS, VERIFY, quiz, quiz_pool, used};
use crate::recorded::{initiate_with, pool_with, request_of, respond_with};

fn ann() -> String {
    user("ann", ANNS)
}

fn unrecognizable() -> Seen {
    refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")
}

#[tokio::test]
async fn a_right_answer_brings_tokens_and_each_function_is_asked_in_its_turn() {
    let (pool, recorded) = quiz_pool("", &ann()).await;
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), [DEFINE, CREATE]);
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({ "USERNAME": "ann", "question": "six times seven" })
    );
    let given = tokens(pool.answer(asked.session(), "ann", RIGHT).await);
    assert_eq!(recorded.sources(), [VERIFY, DEFINE]);
    assert_eq!(claims(&given.id)["cognito:username"], "ann");
    assert_eq!(pool.refresh(LEGACY, given.refresh()).await.0, 200);
}

#[tokio::test]
async fn the_functions_are_told_what_was_asked_and_answered_and_metadata_of_answers_alone() {
    let (pool, recorded) = quiz_pool("", &ann()).await;
    let parameters = json!({ "USERNAME": "ann" });
    let asked = challenge(
        initiate_with(&pool, LEGACY, "CUSTOM_AUTH", parameters).await,
        "CUSTOM_CHALLENGE",
    );
    let (_, attributes) = pool.user("ann").await;
    let attributes = json!({
        "cognito:user_status": "CONFIRMED", "email": "ann@example.com", "email_verified": "true",
        "sub": attributes["sub"],
    });
    let events = recorded.take();
    assert_eq!(events[0]["userName"], "ann");
    assert_eq!(
        request_of(&events[0]),
        &json!({ "userAttributes": attributes, "session": [] })
    );
    assert_eq!(
        events[0]["response"],
        json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null })
    );
    assert_eq!(
        request_of(&events[1]),
        &json!({ "userAttributes": attributes, "challengeName": "CUSTOM_CHALLENGE", "session": [] })
    );

    let answers = json!({ "USERNAME": "ann", "ANSWER": "41" });
    let again = respond_with(&pool, "CUSTOM_CHALLENGE", asked.session(), answers).await;
    challenge(again, "CUSTOM_CHALLENGE");
    let events = recorded.take();
    let metadata = json!({ "from": "answer" });
    let session = json!([
        { "challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "sum 0" },
    ]);
    assert_eq!(
        request_of(&events[0]),
        &json!({
            "userAttributes": attributes, "privateChallengeParameters": { "answer": "42" },
            "challengeAnswer": "41", "clientMetadata": metadata,
        })
    );
    assert_eq!(
        request_of(&events[1]),
        &json!({ "userAttributes": attributes, "session": session, "clientMetadata": metadata })
    );
    assert_eq!(
        request_of(&events[2]),
        &json!({
            "userAttributes": attributes, "challengeName": "CUSTOM_CHALLENGE", "session": session,
            "clientMetadata": metadata,
        })
    );
}

#[tokio::test]
async fn a_wrong_answer_brings_another_question_until_the_function_has_had_enough() {
    let (pool, _) = quiz_pool("", &ann()).await;
    let mut asked = pool.question(LEGACY, "ann").await;
    for _ in 0..2 {
        asked = challenge(
            pool.answer(asked.session(), "ann", "41").await,
            "CUSTOM_CHALLENGE",
        );
    }
    assert_eq!(pool.answer(asked.session(), "ann", "41").await, incorrect());
    assert_eq!(pool.answer(asked.session(), "ann", RIGHT).await, used());
    let asked = pool.question(LEGACY, "ann").await;
    let asked = challenge(
        pool.answer(asked.session(), "ann", "41").await,
        "CUSTOM_CHALLENGE",
    );
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
}

#[tokio::test]
async fn administrators_begin_and_answer_it_alike() {
    let (pool, _) = quiz_pool("", &ann()).await;
    let parameters = json!({ "USERNAME": "ann" });
    let seen = pool.admin_initiate(LEGACY, "CUSTOM_AUTH", parameters).await;
    let asked = challenge(seen, "CUSTOM_CHALLENGE");
    let answer = json!({
        "UserPoolId": POOL, "ClientId": LEGACY, "ChallengeName": "CUSTOM_CHALLENGE", "Session": asked.session(),
        "ChallengeResponses": { "USERNAME": "ann", "ANSWER": RIGHT },
    });
    tokens(pool.call("AdminRespondToAuthChallenge", answer).await);
}

#[tokio::test]
async fn a_client_with_a_secret_proves_it_at_every_step() {
    let (pool, _) = quiz_pool("", &ann()).await;
    let missing = || {
        let text = format!("Client {SECRETIVE} is configured with secret but SECRET_HASH was not received");
        refusal(NOT_AUTHORIZED, &text)
    };
    assert_eq!(pool.begin_custom(SECRETIVE, "ann").await, missing());
    let parameters = json!({ "USERNAME": "ann", "SECRET_HASH": hash_over("ann") });
    let asked = challenge(
        pool.initiate(SECRETIVE, "CUSTOM_AUTH", parameters).await,
        "CUSTOM_CHALLENGE",
    );
    assert_eq!(
        pool.answer_at(SECRETIVE, asked.session(), "ann", RIGHT).await,
        missing()
    );
    let answers = json!({ "USERNAME": "ann", "ANSWER": RIGHT, "SECRET_HASH": hash_over("ann") });
    tokens(
        pool.respond(SECRETIVE, "CUSTOM_CHALLENGE", asked.session(), answers)
            .await,
    );
}

#[tokio::test]
async fn whoever_is_kept_out_is_told_so_at_once_and_no_function_asked() {
    let people = user("cleo", ", enabled = false")
        + &user("dan", ", status = \"RESET_REQUIRED\"")
        + &user("una", ", status = \"UNCONFIRMED\"");
    let (pool, recorded) = quiz_pool("", &people).await;
    for (username, seen) in [
        ("cleo", refusal(NOT_AUTHORIZED, "User is disabled.")),
        (
            "dan",
            refusal(
                "PasswordResetRequiredException",
                "Password reset required for the user",
            ),
        ),
        (
            "una",
            refusal("UserNotConfirmedException", "User is not confirmed."),
        ),
        ("nobody", refusal("UserNotFoundException", "User does not exist.")),
    ] {
        assert_eq!(pool.begin_custom(LEGACY, username).await, seen);
    }
    assert!(recorded.take().is_empty());
}

#[tokio::test]
async fn whoever_is_disabled_meanwhile_is_not_let_in() {
    let (pool, recorded) = quiz_pool("", &ann()).await;
    let asked = pool.question(LEGACY, "ann").await;
    pool.admin("AdminDisableUser", "ann", json!({})).await;
    recorded.take();
    assert_eq!(
        pool.answer(asked.session(), "ann", RIGHT).await,
        refusal(NOT_AUTHORIZED, "User is disabled.")
    );
    assert!(recorded.take().is_empty());
}

#[tokio::test]
async fn a_temporary_password_is_changed_after_the_challenges_before_there_are_tokens() {
    let fay = user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    let (pool, _) = quiz_pool("", &fay).await;
    let asked = pool.question(LEGACY, "fay").await;
    let asked = challenge(
        pool.answer(asked.session(), "fay", RIGHT).await,
        "NEW_PASSWORD_REQUIRED",
    );
    tokens(pool.new_password(asked.session(), "fay", NEXT).await);
}

#[tokio::test]
async fn without_a_password_no_second_factor_is_asked_for_unless_the_function_says_so() {
    let settings = "mfa_configuration = \"ON\"";
    let eve = user(
        "eve",
        ", attributes = { phone_number = \"+12065550105\", phone_number_verified = true }",
    );
    let (pool, _) = quiz_pool(settings, &eve).await;
    let asked = pool.question(LEGACY, "eve").await;
    tokens(pool.answer(asked.session(), "eve", RIGHT).await);

    let triggers = TRIGGERS;
    let (pool, recorded) = crate::recorded::pool_of(triggers, settings, &eve, |event| {
        quiz(event)?;
        let session = event["request"]["session"].clone();
        if event["triggerSource"] == DEFINE && event["response"]["issueTokens"] == true {
            assert_eq!(session[0]["challengeName"], "CUSTOM_CHALLENGE");
            event["response"] = json!({ "challengeName": "SMS_MFA" });
        }
        if event["triggerSource"] == DEFINE && session[1]["challengeName"] == "SMS_MFA" {
            event["response"] = json!({ "issueTokens": session[1]["challengeResult"] });
        }
        Ok(())
    })
    .await;
    let asked = pool.question(LEGACY, "eve").await;
    let asked = challenge(pool.answer(asked.session(), "eve", RIGHT).await, "SMS_MFA");
    recorded.take();
    let code = pool.code("+12065550105").await;
    tokens(pool.sms_code(asked.session(), "eve", &code).await);
    assert_eq!(recorded.sources(), [DEFINE]);
}

#[tokio::test]
async fn the_function_may_ask_for_any_second_factor_that_the_user_can_give() {
    let eve = user(
        "eve",
        ", attributes = { email = \"eve@example.com\", email_verified = true }",
    );
    for (name, has) in [
        ("EMAIL_OTP", true),
        ("SOFTWARE_TOKEN_MFA", false),
        ("SMS_MFA", false),
    ] {
        let (pool, _) = crate::recorded::pool_of(TRIGGERS, "", &eve, move |event| {
            if event["triggerSource"] == DEFINE {
                let results = &event["request"]["session"];
                event["response"] = match results.as_array().map_or(0, Vec::len) {
                    0 => json!({ "challengeName": name }),
                    _ => json!({ "issueTokens": results[0]["challengeResult"] }),
                };
            }
            Ok(())
        })
        .await;
        let begun = pool.begin_custom(LEGACY, "eve").await;
        if !has {
            assert_eq!(begun, incorrect(), "{name}");
            continue;
        }
        let asked = challenge(begun, name);
        let code = pool.code("eve@example.com").await;
        let answers = json!({ "USERNAME": "eve", "EMAIL_OTP_CODE": code });
        tokens(pool.respond(LEGACY, name, asked.session(), answers).await);
    }
}

#[tokio::test]
async fn a_pool_without_the_triggers_says_so() {
    let missing = || {
        refusal(
            "InvalidParameterException",
            "Custom auth lambda trigger is not configured for the user pool.",
        )
    };
    for triggers in [
        "",
        "CreateAuthChallenge = FUNCTION, VerifyAuthChallengeResponse = FUNCTION",
        "DefineAuthChallenge = FUNCTION, VerifyAuthChallengeResponse = FUNCTION",
        "DefineAuthChallenge = FUNCTION, CreateAuthChallenge = FUNCTION",
    ] {
        let (pool, _) = pool_with(triggers, &ann(), quiz).await;
        assert_eq!(pool.begin_custom(LEGACY, "ann").await, missing(), "{triggers}");
    }
}

/// What a sign-in begins with when the function that defines gives this response.
async fn defined(response: Value) -> Seen {
    let (pool, _) = pool_with(TRIGGERS, &ann(), move |event| {
        event["response"] = response.clone();
        Ok(())
    })
    .await;
    pool.begin_custom(LEGACY, "ann").await
}

#[tokio::test]
async fn the_function_that_defines_is_obeyed() {
    tokens(defined(json!({ "issueTokens": true, "failAuthentication": false })).await);
    for failed in [
        json!({ "failAuthentication": true }),
        json!({ "failAuthentication": true, "issueTokens": true, "challengeName": "CUSTOM_CHALLENGE" }),
    ] {
        assert_eq!(defined(failed).await, incorrect());
    }
    for nothing in [
        json!({}),
        json!({ "issueTokens": false, "failAuthentication": false }),
        json!({ "challengeName": "RIDDLE" }),
        json!({ "challengeName": "PASSWORD_VERIFIER" }),
        json!({ "issueTokens": "yes" }),
    ] {
        assert_eq!(defined(nothing).await, unrecognizable());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_called_right_is_wrong() {
    for response in [
        json!({}),
        json!({ "answerCorrect": null }),
        json!({ "answerCorrect": false }),
    ] {
        let (pool, _) = pool_with(TRIGGERS, &ann(), move |event| {
            quiz(event)?;
            if event["triggerSource"] == VERIFY {
                event["response"] = response.clone();
            }
            Ok(())
        })
        .await;
        let asked = pool.question(LEGACY, "ann").await;
        challenge(
            pool.answer(asked.session(), "ann", RIGHT).await,
            "CUSTOM_CHALLENGE",
        );
    }
}

#[tokio::test]
async fn a_challenge_may_be_silent_or_of_numbers_but_not_longer_than_a_session() {
    let (pool, _) = pool_with(TRIGGERS, &ann(), |event| {
        quiz(event)?;
        if event["triggerSource"] == CREATE {
            event["response"] = json!({});
        }
        Ok(())
    })
    .await;
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(asked.0["ChallengeParameters"], json!({ "USERNAME": "ann" }));

    let (pool, _) = pool_with(TRIGGERS, &ann(), |event| {
        quiz(event)?;
        if event["triggerSource"] == CREATE {
            event["response"] = json!({
                "publicChallengeParameters": { "digits": 2 }, "privateChallengeParameters": { "answer": 42 },
            });
        }
        Ok(())
    })
    .await;
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(asked.parameter("digits"), "2");
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);

    let (pool, _) = pool_with(TRIGGERS, &ann(), |event| {
        quiz(event)?;
        if event["triggerSource"] == CREATE {
            event["response"]["privateChallengeParameters"]["answer"] = "x".repeat(5000).into();
        }
        Ok(())
    })
    .await;
    let (status, body) = pool.begin_custom(LEGACY, "ann").await;
    assert_eq!(
        (status, &body["__type"]),
        (400, &json!("InvalidLambdaResponseException"))
    );
}
