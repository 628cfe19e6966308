//! *Post authentication*: told when everything is proven.

use serde_json::{Value, json};

use crate::behaviour::{ANNS, LEGACY, NEXT, PASSWORD, WRONG, challenge, incorrect, refusal, tokens, user};
use crate::recorded::{initiate_with, pool_with, request_of, respond_with, unchanged};

const TRIGGER: &str = "PostAuthentication = FUNCTION";

#[tokio::test]
async fn it_is_told_of_a_sign_in_without_the_metadata_of_its_beginning() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    tokens(initiate_with(&pool, LEGACY, "USER_PASSWORD_AUTH", parameters).await);
    let event = recorded.only();
    assert_eq!(event["triggerSource"], "PostAuthentication_Authentication");
    let (_, attributes) = pool.user("ann").await;
    let expected = json!({
        "userAttributes": {
            "cognito:user_status": "CONFIRMED", "email": "ann@example.com", "email_verified": "true",
            "sub": attributes["sub"],
        },
        "newDeviceUsed": false,
    });
    assert_eq!(request_of(&event), &expected);
}

#[tokio::test]
async fn it_gets_the_metadata_of_the_answer_that_ends_the_sign_in() {
    let fay = user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    let (pool, recorded) = pool_with(TRIGGER, &fay, unchanged).await;
    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    assert!(recorded.take().is_empty());
    let answers = json!({ "USERNAME": "fay", "NEW_PASSWORD": NEXT });
    tokens(respond_with(&pool, "NEW_PASSWORD_REQUIRED", asked.session(), answers).await);
    assert_eq!(
        recorded.only()["request"]["clientMetadata"],
        json!({ "from": "answer" })
    );
}

#[tokio::test]
async fn what_it_throws_keeps_the_tokens_back() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), |_: &mut Value| {
        Err("too late.".to_owned())
    })
    .await;
    let refused = || {
        refusal(
            "UserLambdaValidationException",
            "PostAuthentication failed with error too late..",
        )
    };
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, refused());
    let begun = pool.begin_srp(LEGACY, "ann").await;
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, refused());
    assert_eq!(recorded.take().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_and_a_refresh_are_no_sign_in() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, incorrect());
    assert!(recorded.take().is_empty());
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.take().len(), 1);
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
    assert!(recorded.take().is_empty());
}
