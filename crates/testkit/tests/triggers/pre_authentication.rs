//! *Pre authentication*: asked before any proof is looked at.

use serde_json::{Value, json};

use crate::behaviour::{
    ANNS, HIDING, LEGACY, PASSWORD, Seen, WRONG, challenge, incorrect, refusal, tokens, user,
};
use crate::recorded::{initiate_with, pool_with, request_of, unchanged};

const TRIGGER: &str = "PreAuthentication = FUNCTION";

fn refused() -> Seen {
    refusal(
        "UserLambdaValidationException",
        "PreAuthentication failed with error not today.",
    )
}

fn not_today(_: &mut Value) -> Result<(), String> {
    Err("not today".to_owned())
}

#[tokio::test]
async fn it_is_asked_before_the_password_is_compared_and_gets_the_metadata_as_validation_data() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": WRONG });
    assert_eq!(
        initiate_with(&pool, LEGACY, "USER_PASSWORD_AUTH", parameters).await,
        incorrect()
    );
    let event = recorded.only();
    let (_, attributes) = pool.user("ann").await;
    assert_eq!(event["triggerSource"], "PreAuthentication_Authentication");
    assert_eq!(
        (&event["version"], &event["userName"]),
        (&json!("1"), &json!("ann"))
    );
    assert_eq!(event["callerContext"]["clientId"], LEGACY);
    let expected = json!({
        "userAttributes": {
            "cognito:user_status": "CONFIRMED", "email": "ann@example.com", "email_verified": "true",
            "sub": attributes["sub"],
        },
        "validationData": { "from": "start" },
    });
    assert_eq!(request_of(&event), &expected);
    assert_eq!(event["response"], json!({}));
}

#[tokio::test]
async fn without_metadata_the_validation_data_is_null() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.only()["request"]["validationData"], Value::Null);
}

#[tokio::test]
async fn what_it_throws_refuses_the_right_password_in_every_flow() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), not_today).await;
    let by_password = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    assert_eq!(
        pool.initiate(LEGACY, "USER_PASSWORD_AUTH", by_password.clone())
            .await,
        refused()
    );
    assert_eq!(
        pool.admin_initiate(LEGACY, "ADMIN_USER_PASSWORD_AUTH", by_password)
            .await,
        refused()
    );
    let by_srp = json!({ "USERNAME": "ann", "SRP_A": "1f" });
    assert_eq!(pool.initiate(LEGACY, "USER_SRP_AUTH", by_srp).await, refused());
    assert_eq!(recorded.take().len(), 3);
}

#[tokio::test]
async fn a_refused_password_is_no_wrong_one() {
    let (pool, _) = pool_with(TRIGGER, &user("ann", ANNS), not_today).await;
    for _ in 0..7 {
        assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, refused());
    }
}

#[tokio::test]
async fn in_srp_it_is_asked_once_when_the_sign_in_begins() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), ["PreAuthentication_Authentication"]);
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
    assert!(recorded.sources().is_empty());
}

#[tokio::test]
async fn a_client_that_hides_asks_about_unknown_users_too_and_they_stay_hidden() {
    let (pool, recorded) = pool_with(TRIGGER, &user("ann", ANNS), unchanged).await;
    assert_eq!(pool.sign_in(HIDING, "nobody", PASSWORD).await, incorrect());
    let event = recorded.only();
    assert_eq!(event["userName"], "nobody");
    assert_eq!(
        event["request"],
        json!({ "userAttributes": {}, "validationData": null, "userNotFound": true })
    );

    pool.begin_srp(HIDING, "nobody").await;
    assert_eq!(recorded.only()["request"]["userNotFound"], true);

    pool.signed_in(HIDING, "ann").await;
    assert_eq!(recorded.only()["request"]["userNotFound"], false);
}

#[tokio::test]
async fn what_it_throws_is_the_same_for_unknown_users_of_a_client_that_hides() {
    let (pool, _) = pool_with(TRIGGER, &user("ann", ANNS), not_today).await;
    for username in ["ann", "nobody"] {
        assert_eq!(pool.sign_in(HIDING, username, PASSWORD).await, refused());
        let by_srp = json!({ "USERNAME": username, "SRP_A": "1f" });
        assert_eq!(pool.initiate(HIDING, "USER_SRP_AUTH", by_srp).await, refused());
    }
}

#[tokio::test]
async fn a_client_that_tells_does_not_ask_about_unknown_users() {
    let (pool, recorded) = pool_with(TRIGGER, "", unchanged).await;
    assert_eq!(
        pool.sign_in(LEGACY, "nobody", PASSWORD).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
    assert!(recorded.take().is_empty());
}

#[tokio::test]
async fn whoever_is_kept_out_by_their_status_is_told_so_and_nobody_asked() {
    let people = user("dan", ", status = \"RESET_REQUIRED\"") + &user("cleo", ", enabled = false");
    let (pool, recorded) = pool_with(TRIGGER, &people, not_today).await;
    assert_eq!(
        pool.sign_in(LEGACY, "cleo", PASSWORD).await,
        refusal("NotAuthorizedException", "User is disabled.")
    );
    assert_eq!(
        pool.sign_in(LEGACY, "dan", PASSWORD).await,
        refusal(
            "PasswordResetRequiredException",
            "Password reset required for the user"
        )
    );
    assert!(recorded.take().is_empty());
    // Hidden like somebody unknown, so asked about like somebody unknown.
    assert_eq!(pool.sign_in(HIDING, "dan", PASSWORD).await, refused());
}

#[tokio::test]
async fn a_user_who_moves_in_is_asked_about_after_being_made() {
    let (pool, recorded) = pool_with(
        "PreAuthentication = FUNCTION, UserMigration = FUNCTION",
        "",
        |event| {
            if event["triggerSource"] == "UserMigration_Authentication" {
                if event["userName"] != "grace" {
                    return Err("unknown".to_owned());
                }
                event["response"]["userAttributes"] = json!({ "email": "grace@example.com" });
                event["response"]["finalUserStatus"] = "CONFIRMED".into();
                event["response"]["messageAction"] = "SUPPRESS".into();
            }
            Ok(())
        },
    )
    .await;
    pool.signed_in(HIDING, "grace").await;
    assert_eq!(
        recorded.sources(),
        ["UserMigration_Authentication", "PreAuthentication_Authentication"]
    );
    assert_eq!(pool.sign_in(HIDING, "nobody", PASSWORD).await, incorrect());
    let events = recorded.take();
    assert_eq!(events[0]["triggerSource"], "UserMigration_Authentication");
    assert_eq!(events[1]["request"]["userNotFound"], true);
}

#[tokio::test]
async fn a_refresh_and_the_answer_to_a_challenge_do_not_ask() {
    let people = user("ann", ANNS) + &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    let (pool, recorded) = pool_with(TRIGGER, &people, unchanged).await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    recorded.take();
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
    assert_eq!(
        pool.new_password(asked.session(), "fay", crate::behaviour::NEXT)
            .await
            .0,
        200
    );
    assert!(recorded.take().is_empty());
}
