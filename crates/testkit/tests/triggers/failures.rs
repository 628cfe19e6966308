//! Every way in which the function of a sign-in's trigger can fail, and what the client sees of it.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use server::functions::{Builtin, BuiltinFailure};
use testkit::{Answering, Options};
use trigger::Payload;

use crate::behaviour::{ANNS, FUNCTION, LEGACY, PASSWORD, POOL, Pool, Seen, refusal, user};
use crate::quiz::{RIGHT, quiz};

/// Functions that do wrong in one way each; the last is nobody's.
const THROWING: &str = "arn:aws:lambda:us-east-1:000000000000:function:Throwing";
const NOTHING: &str = "arn:aws:lambda:us-east-1:000000000000:function:Nothing";
const GARBAGE: &str = "arn:aws:lambda:us-east-1:000000000000:function:Garbage";
const RECASED: &str = "arn:aws:lambda:us-east-1:000000000000:function:Recased";
const SLEEPING: &str = "arn:aws:lambda:us-east-1:000000000000:function:Sleeping";
const MISSING: &str = "arn:aws:lambda:us-east-1:000000000000:function:Missing";

/// A trigger that may fail.
struct Fallible {
    /// As failures name it.
    name: &'static str,
    /// Its member of `LambdaConfig`.
    member: &'static str,
    /// Where it has one.
    version: Option<&'static str>,
}

const fn plain(name: &'static str) -> Fallible {
    Fallible {
        name,
        member: name,
        version: None,
    }
}

const fn versioned(version: &'static str) -> Fallible {
    Fallible {
        name: "PreTokenGeneration",
        member: "PreTokenGenerationConfig",
        version: Some(version),
    }
}

const TRIGGERS: [Fallible; 9] = [
    plain("PreAuthentication"),
    plain("PostAuthentication"),
    plain("PreTokenGeneration"),
    versioned("V1_0"),
    versioned("V2_0"),
    versioned("V3_0"),
    plain("DefineAuthChallenge"),
    plain("CreateAuthChallenge"),
    plain("VerifyAuthChallengeResponse"),
];

/// A function that never answers.
struct Sleeping;

#[async_trait]
impl Builtin for Sleeping {
    async fn handle(&self, _: Payload) -> Result<Payload, BuiltinFailure> {
        std::future::pending().await
    }
}

/// A pool with the quiz and functions that do wrong in one way each.
async fn pool() -> Pool {
    let quizzing = Answering(|mut event: Value| quiz(&mut event).map(|()| event));
    let throwing = Answering(|_| Err("no such luck".to_owned()));
    let nothing = Answering(|_| Ok(Value::Null));
    let garbage = Answering(|_| Ok(json!("garbage")));
    let recased = Answering(|event: Value| Ok(json!({ "Request": event["request"], "Response": {} })));
    let options = Options {
        builtins: vec![
            (FUNCTION, Arc::new(quizzing)),
            (THROWING, Arc::new(throwing)),
            (NOTHING, Arc::new(nothing)),
            (GARBAGE, Arc::new(garbage)),
            (RECASED, Arc::new(recased)),
            (SLEEPING, Arc::new(Sleeping)),
        ],
        ..Options::default()
    };
    Pool::over(options, "", &user("ann", ANNS)).await
}

/// What somebody with all the right answers sees when this trigger of the pool, and it alone, calls this function.
async fn seen_with(pool: &Pool, trigger: &Fallible, arn: &str) -> Seen {
    let mut config = json!({
        "DefineAuthChallenge": FUNCTION, "CreateAuthChallenge": FUNCTION, "VerifyAuthChallengeResponse": FUNCTION,
    });
    config[trigger.member] = match trigger.version {
        Some(version) => json!({ "LambdaVersion": version, "LambdaArn": arn }),
        None => arn.into(),
    };
    pool.done(
        "UpdateUserPool",
        json!({ "UserPoolId": POOL, "LambdaConfig": config }),
    )
    .await;
    if !trigger.member.contains("Challenge") {
        return pool.sign_in(LEGACY, "ann", PASSWORD).await;
    }
    let begun = pool.begin_custom(LEGACY, "ann").await;
    match begun.1["Session"].as_str() {
        Some(session) => pool.answer(session, "ann", RIGHT).await,
        None => begun,
    }
}

#[tokio::test]
async fn each_failure_of_each_trigger_ends_the_sign_in_with_its_error() {
    let pool = pool().await;
    let unrecognizable = || refusal("InvalidLambdaResponseException", "Unrecognizable lambda output");
    for trigger in &TRIGGERS {
        let name = trigger.name;
        let thrown = format!("{name} failed with error no such luck.");
        let missing = format!("{name} invocation failed due to error ResourceNotFoundException.");
        for (arn, expected) in [
            (THROWING, refusal("UserLambdaValidationException", &thrown)),
            (
                NOTHING,
                refusal(
                    "InvalidLambdaResponseException",
                    "Invalid lambda function output : Invalid JSON",
                ),
            ),
            (GARBAGE, unrecognizable()),
            (RECASED, unrecognizable()),
            (MISSING, refusal("UnexpectedLambdaException", &missing)),
        ] {
            let seen = seen_with(&pool, trigger, arn).await;
            assert_eq!(
                seen, expected,
                "{} {:?} at {arn}",
                trigger.member, trigger.version
            );
        }
    }
    assert_eq!(seen_with(&pool, &TRIGGERS[0], FUNCTION).await.0, 200);
}

#[tokio::test]
async fn a_function_that_sleeps_is_given_up_after_three_attempts() {
    let pool = pool().await;
    let before = pool.server.invocations().count();
    assert_eq!(
        seen_with(&pool, &TRIGGERS[0], SLEEPING).await,
        refusal(
            "UnexpectedLambdaException",
            "PreAuthentication invocation failed due to error Socket timeout while invoking Lambda function."
        )
    );
    assert_eq!(pool.server.invocations().count() - before, 3);
}
