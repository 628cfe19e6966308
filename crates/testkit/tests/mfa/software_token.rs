//! Authenticator apps: set up by somebody who is signed in, then asked for.

use pool::time::Span;
use serde_json::json;

use crate::app::{App, apps_alone, asked, pool, registered, totp, verified};
use crate::behaviour::{
    HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, challenge, incorrect, refusal, tokens,
    user,
};

const ANN: &str = "ann";

async fn with_app() -> (Pool, App) {
    let pool = pool(apps_alone("OPTIONAL"), &(user(ANN, "") + &user("bob", ""))).await;
    let token = pool.signed_in(LEGACY, ANN).await.access;
    let app = registered(&pool, &token).await;
    (pool, app)
}

fn wrong_code() -> Seen {
    refusal("CodeMismatchException", "Invalid code received for user")
}

fn used_code() -> Seen {
    refusal(
        "ExpiredCodeException",
        "Your software token has already been used once.",
    )
}

fn invalid() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid session for the user.")
}

#[tokio::test]
async fn the_secret_is_52_characters_and_the_app_is_off_until_it_is_turned_on() {
    let pool = pool(apps_alone("OPTIONAL"), &user(ANN, "")).await;
    let token = pool.signed_in(LEGACY, ANN).await.access;
    let given = pool
        .done("AssociateSoftwareToken", json!({ "AccessToken": token }))
        .await;
    assert_eq!(given["SecretCode"].as_str().map(str::len), Some(52));
    assert!(given.get("Session").is_none(), "{given}");
    verified(&pool, &token).await;
    let (_, seen) = pool.get_user(&token).await;
    assert!(seen.get("UserMFASettingList").is_none(), "{seen}");
    pool.signed_in(LEGACY, ANN).await;
}

#[tokio::test]
async fn the_challenge_names_the_app_and_its_code_lets_in() {
    let (pool, app) = with_app().await;
    let asked = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({ "FRIENDLY_DEVICE_NAME": "my phone", "USER_ID_FOR_SRP": ANN })
    );
    let in_there = tokens(totp(&pool, asked.session(), ANN, &app.code()).await);
    let (_, seen) = pool.get_user(&in_there.access).await;
    assert_eq!(seen["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    pool.signed_in(LEGACY, "bob").await;
}

#[tokio::test]
async fn no_code_is_asked_for_before_the_password_is_right_and_srp_is_followed_by_it_too() {
    let (pool, app) = with_app().await;
    assert_eq!(pool.sign_in(LEGACY, ANN, WRONG).await, incorrect());
    let begun = pool.begin_srp(LEGACY, ANN).await;
    let asked = challenge(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        "SOFTWARE_TOKEN_MFA",
    );
    tokens(totp(&pool, asked.session(), ANN, &app.code()).await);
}

#[tokio::test]
async fn a_code_works_once_and_those_before_it_never_again() {
    let (pool, app) = with_app().await;
    let [first, second] = [
        asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await,
        asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await,
    ];
    let (before, code) = (app.code_of_step(0), app.code_of_step(1));
    tokens(totp(&pool, first.session(), ANN, &code).await);
    for used in [&code, &before] {
        assert_eq!(totp(&pool, second.session(), ANN, used).await, used_code());
    }
    pool.wait(Span::seconds(30));
    assert_eq!(totp(&pool, second.session(), ANN, &app.code()).await, used_code());
    tokens(totp(&pool, second.session(), ANN, &app.code_of_step(1)).await);
}

#[tokio::test]
async fn the_code_that_set_the_app_up_does_not_sign_in() {
    let pool = pool(apps_alone("OPTIONAL"), &user(ANN, "")).await;
    let token = pool.signed_in(LEGACY, ANN).await.access;
    let app = registered(&pool, &token).await;
    let asked = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(
        totp(&pool, asked.session(), ANN, &app.code_of_step(-1)).await,
        used_code()
    );
}

#[tokio::test]
async fn a_code_is_good_for_one_step_to_either_side() {
    let (pool, app) = with_app().await;
    pool.wait(Span::minutes(2));
    let asked = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    for far in [-2, 2] {
        assert_eq!(
            totp(&pool, asked.session(), ANN, &app.code_of_step(far)).await,
            wrong_code()
        );
    }
    tokens(totp(&pool, asked.session(), ANN, &app.code_of_step(-1)).await);
}

#[tokio::test]
async fn a_wrong_code_leaves_the_session_good_and_many_make_the_right_one_wrong_for_a_while() {
    let (pool, app) = with_app().await;
    let asked_now = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    for _ in 0..4 {
        assert_eq!(
            totp(&pool, asked_now.session(), ANN, &app.wrong_code()).await,
            wrong_code()
        );
    }
    let again = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(
        totp(&pool, again.session(), ANN, &app.wrong_code()).await,
        wrong_code()
    );
    assert_eq!(
        totp(&pool, asked_now.session(), ANN, &app.code()).await,
        wrong_code()
    );
    pool.wait(Span::seconds(1));
    tokens(totp(&pool, asked_now.session(), ANN, &app.code()).await);
}

#[tokio::test]
async fn a_session_is_of_one_client_user_and_challenge_works_once_and_ends_after_three_minutes() {
    let (pool, app) = with_app().await;
    let asked_now = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    let session = asked_now.session();
    let answers = json!({ "USERNAME": ANN, "SOFTWARE_TOKEN_MFA_CODE": app.code() });
    let elsewhere = pool
        .respond(HIDING, "SOFTWARE_TOKEN_MFA", session, answers.clone())
        .await;
    assert_eq!(elsewhere, invalid());
    assert_eq!(totp(&pool, session, "bob", &app.code()).await, invalid());
    assert_eq!(pool.sms_code(session, ANN, &app.code()).await, invalid());
    assert_eq!(pool.new_password(session, ANN, NEXT).await, invalid());
    let set_up = pool
        .respond(LEGACY, "MFA_SETUP", session, json!({ "USERNAME": ANN }))
        .await;
    assert_eq!(set_up, invalid());
    assert_eq!(
        pool.call("AssociateSoftwareToken", json!({ "Session": session }))
            .await,
        invalid()
    );
    tokens(totp(&pool, session, ANN, &app.code()).await);
    pool.wait(Span::seconds(60));
    assert_eq!(
        totp(&pool, session, ANN, &app.code()).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session can only be used once."
        )
    );
    let late = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    pool.wait(Span::minutes(3));
    assert_eq!(
        totp(&pool, late.session(), ANN, &app.code()).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired."
        )
    );
}

#[tokio::test]
async fn a_wrong_first_code_sets_nothing_up() {
    let pool = pool(apps_alone("OPTIONAL"), &user(ANN, "")).await;
    let token = pool.signed_in(LEGACY, ANN).await.access;
    let verify = |code: &str| json!({ "AccessToken": token, "UserCode": code });
    assert_eq!(
        pool.call("VerifySoftwareToken", verify("123456")).await,
        refusal(
            "SoftwareTokenMFANotFoundException",
            "Software Token MFA does not exist for the user."
        )
    );
    let given = pool
        .done("AssociateSoftwareToken", json!({ "AccessToken": token }))
        .await;
    let app = App::new(&pool, given["SecretCode"].as_str().unwrap());
    assert_eq!(
        pool.call("VerifySoftwareToken", verify(&app.wrong_code())).await,
        refusal(
            "EnableSoftwareTokenMFAException",
            "Code mismatch and fail enable Software Token MFA"
        )
    );
    let on = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": { "Enabled": true } });
    assert_eq!(
        pool.call("SetUserMFAPreference", on).await,
        refusal(
            "InvalidParameterException",
            "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
        )
    );
    assert_eq!(
        pool.done("VerifySoftwareToken", verify(&app.code())).await,
        json!({ "Status": "SUCCESS" })
    );
}

#[tokio::test]
async fn a_new_app_takes_the_place_of_the_old_one_once_it_is_verified() {
    let (pool, old) = with_app().await;
    let first = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    let token = tokens(totp(&pool, first.session(), ANN, &old.code()).await).access;
    let given = pool
        .done("AssociateSoftwareToken", json!({ "AccessToken": token }))
        .await;
    let new = App::new(&pool, given["SecretCode"].as_str().unwrap());
    pool.wait(Span::seconds(30));
    let second = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(
        totp(&pool, second.session(), ANN, &new.code()).await,
        wrong_code()
    );
    tokens(totp(&pool, second.session(), ANN, &old.code()).await);
    let verify = json!({ "AccessToken": token, "UserCode": new.code() });
    pool.done("VerifySoftwareToken", verify).await;
    pool.wait(Span::seconds(30));
    let third = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(third.0["ChallengeParameters"], json!({ "USER_ID_FOR_SRP": ANN }));
    assert_eq!(totp(&pool, third.session(), ANN, &old.code()).await, wrong_code());
    tokens(totp(&pool, third.session(), ANN, &new.code()).await);
}

#[tokio::test]
async fn a_pool_without_apps_sets_none_up_and_one_that_stops_offering_them_still_asks() {
    let (pool, app) = with_app().await;
    let first = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    let token = tokens(totp(&pool, first.session(), ANN, &app.code()).await).access;
    let sms = json!({
        "UserPoolId": crate::behaviour::POOL, "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {},
    });
    pool.done("SetUserPoolMfaConfig", sms).await;
    for (operation, body) in [
        ("AssociateSoftwareToken", json!({ "AccessToken": token })),
        (
            "VerifySoftwareToken",
            json!({ "AccessToken": token, "UserCode": "123456" }),
        ),
    ] {
        assert_eq!(
            pool.call(operation, body).await,
            refusal(
                "SoftwareTokenMFANotFoundException",
                "Software Token MFA has not been enabled by the userPool"
            )
        );
    }
    asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
}

#[tokio::test]
async fn an_administrator_takes_a_lost_app_away() {
    let (pool, app) = with_app().await;
    let open = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    let gone = pool.admin("AdminDeleteSoftwareToken", ANN, json!({})).await;
    assert_eq!(gone, (200, json!({})));
    assert_eq!(
        totp(&pool, open.session(), ANN, &app.code()).await,
        refusal(
            "SoftwareTokenMFANotFoundException",
            "Software Token MFA does not exist for the user."
        )
    );
    pool.signed_in(LEGACY, ANN).await;
}
