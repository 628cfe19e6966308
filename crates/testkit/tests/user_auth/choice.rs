//! What is offered, and beginning with what was chosen.

use serde_json::{Value, json};

use crate::behaviour::{self, PASSWORD, POOL, WRONG, challenge, claims, incorrect, refusal, tokens};
use crate::{Choosing, available, not_available};

#[tokio::test]
async fn without_a_preference_the_user_is_offered_what_the_pool_allows_and_the_user_has() {
    let it = Choosing::begin().await;
    let asked = it.choices("ann").await;
    assert_eq!(asked.0["ChallengeParameters"], json!({}));
    assert_eq!(
        available(&asked),
        &json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"])
    );
    assert!(asked.session().len() > 20);
    assert_eq!(
        available(&it.choices("bob").await),
        &json!(["PASSWORD_SRP", "PASSWORD"])
    );
    assert_eq!(
        available(&it.choices("cal").await),
        &json!(["PASSWORD_SRP", "PASSWORD", "SMS_OTP"])
    );
}

#[tokio::test]
async fn who_has_a_temporary_password_may_only_choose_it() {
    let it = Choosing::begin().await;
    let asked = challenge(it.prefer("fay", "EMAIL_OTP").await, "SELECT_CHALLENGE");
    assert_eq!(available(&asked), &json!(["PASSWORD_SRP", "PASSWORD"]));
    let chosen = json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    let asked = challenge(
        it.respond("SELECT_CHALLENGE", asked.session(), "fay", chosen)
            .await,
        "NEW_PASSWORD_REQUIRED",
    );
    let next = json!({ "NEW_PASSWORD": "Another-horse-2" });
    tokens(
        it.respond("NEW_PASSWORD_REQUIRED", asked.session(), "fay", next)
            .await,
    );
    assert!(it.pool.messages().is_empty());
}

#[tokio::test]
async fn a_preferred_password_lets_in_at_once() {
    let it = Choosing::begin().await;
    let with = |password: &str| json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": password });
    let tokens = tokens(it.initiate(&it.legacy, "ann", with(PASSWORD)).await);
    assert_eq!(claims(&tokens.access)["username"], "ann");
    assert_eq!(it.initiate(&it.legacy, "ann", with(WRONG)).await, incorrect());
}

#[tokio::test]
async fn a_preferred_srp_sign_in_needs_no_flow_of_its_own() {
    let it = Choosing::begin().await;
    let begun = it
        .pool
        .begin_srp_by(async |srp_a| {
            let preferred = json!({ "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": srp_a });
            it.initiate(&it.legacy, "ann", preferred).await
        })
        .await;
    tokens(it.pool.prove(&it.legacy, begun.answers(PASSWORD)).await);
    assert_eq!(it.pool.prove(&it.legacy, begun.answers(WRONG)).await, incorrect());
}

#[tokio::test]
async fn a_preference_without_its_parameter_is_refused() {
    let it = Choosing::begin().await;
    for (preferred, parameter) in [("PASSWORD", "PASSWORD"), ("PASSWORD_SRP", "SRP_A")] {
        assert_eq!(
            it.prefer("ann", preferred).await,
            refusal(
                "InvalidParameterException",
                &format!("Missing required parameter {parameter}")
            )
        );
    }
    for preferred in ["SMS_MFA", "CUSTOM_CHALLENGE", "anything"] {
        assert_eq!(it.prefer("ann", preferred).await, not_available(), "{preferred}");
    }
}

#[tokio::test]
async fn a_preference_that_the_user_has_not_got_is_answered_with_the_choice() {
    let it = Choosing::begin().await;
    for (username, preferred) in [("bob", "EMAIL_OTP"), ("ann", "SMS_OTP"), ("cal", "EMAIL_OTP")] {
        challenge(it.prefer(username, preferred).await, "SELECT_CHALLENGE");
    }
    assert!(it.pool.messages().is_empty());
}

#[tokio::test]
async fn the_choice_may_bring_what_it_needs_along_or_be_asked_for_it() {
    let it = Choosing::begin().await;
    let session = it.choices("ann").await.session().to_owned();
    let choose = |answer: Value| it.respond("SELECT_CHALLENGE", &session, "ann", answer);
    tokens(choose(json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD })).await);
    assert_eq!(
        choose(json!({ "ANSWER": "PASSWORD", "PASSWORD": WRONG })).await,
        incorrect()
    );
    let asked = challenge(choose(json!({ "ANSWER": "PASSWORD" })).await, "PASSWORD");
    let answer = json!({ "PASSWORD": PASSWORD });
    tokens(
        it.respond("PASSWORD", asked.session(), "ann", answer.clone())
            .await,
    );
    challenge(choose(json!({ "ANSWER": "PASSWORD_SRP" })).await, "PASSWORD_SRP");
    tokens(it.respond("PASSWORD", &session, "ann", answer).await);
    for refused in [
        json!({ "ANSWER": "SMS_OTP" }),
        json!({ "ANSWER": "SMS_MFA" }),
        json!({ "ANSWER": "" }),
    ] {
        let (status, answer) = choose(refused.clone()).await;
        assert_eq!(
            (status, &answer["__type"]),
            (400, &json!("InvalidParameterException")),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn srp_may_be_chosen() {
    let it = Choosing::begin().await;
    let session = it.choices("ann").await.session().to_owned();
    let begun = it
        .pool
        .begin_srp_by(async |srp_a| {
            let answer = json!({ "ANSWER": "PASSWORD_SRP", "SRP_A": srp_a });
            it.respond("SELECT_CHALLENGE", &session, "ann", answer).await
        })
        .await;
    tokens(it.pool.prove(&it.legacy, begun.answers(PASSWORD)).await);
    let begun = it
        .pool
        .begin_srp_by(async |srp_a| {
            it.respond("PASSWORD_SRP", &session, "ann", json!({ "SRP_A": srp_a }))
                .await
        })
        .await;
    tokens(it.pool.prove(&it.legacy, begun.answers(PASSWORD)).await);
}

#[tokio::test]
async fn where_a_second_factor_is_required_no_code_is_the_first() {
    let it = Choosing::begin().await;
    let factors = json!(["PASSWORD", "EMAIL_OTP"]);
    let update = json!({
        "UserPoolId": POOL, "MfaConfiguration": "ON",
        "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": factors } },
    });
    let text =
        "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled";
    assert_eq!(
        it.pool.call("UpdateUserPool", update).await,
        refusal("InvalidParameterException", text)
    );
}

#[tokio::test]
async fn an_administrators_call_offers_the_same() {
    let it = Choosing::begin().await;
    let seen = it
        .pool
        .admin_initiate(&it.legacy, "USER_AUTH", json!({ "USERNAME": "ann" }))
        .await;
    let asked = challenge(seen, "SELECT_CHALLENGE");
    assert_eq!(
        available(&asked),
        &json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"])
    );
}

#[tokio::test]
async fn the_flow_must_be_the_app_clients() {
    let it = Choosing::begin().await;
    let seen = it.initiate(behaviour::LEGACY, "ann", json!({})).await;
    assert_eq!(
        seen,
        refusal(
            "InvalidParameterException",
            "USER_AUTH flow not enabled for this client"
        )
    );
}

#[tokio::test]
async fn the_lite_plan_has_no_choice() {
    let it = Choosing::begin().await;
    let lite = "This feature is not available in the user pool's LITE feature plan.";
    let lite = refusal("FeatureUnavailableInTierException", lite);
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } });
    let both = json!({ "UserPoolId": POOL, "UserPoolTier": "LITE", "Policies": policies });
    assert_eq!(it.pool.call("UpdateUserPool", both).await, lite);
    it.pool
        .done(
            "UpdateUserPool",
            json!({ "UserPoolId": POOL, "UserPoolTier": "LITE" }),
        )
        .await;
    assert_eq!(it.initiate(&it.legacy, "ann", json!({})).await, lite);
    let client = json!({ "UserPoolId": POOL, "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] });
    assert_eq!(it.pool.call("CreateUserPoolClient", client).await, lite);
}
