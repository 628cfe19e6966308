//! Names that lead nowhere.

use serde_json::{Value, json};

use crate::behaviour::{Challenge, FUNCTION, NOT_AUTHORIZED, PASSWORD, challenge, incorrect, merge, refusal};
use crate::{Choosing, available, wrong_code};

#[tokio::test]
async fn somebody_who_is_not_there_is_told_so_by_a_legacy_client() {
    let it = Choosing::begin().await;
    let unknown = refusal("UserNotFoundException", "User does not exist.");
    assert_eq!(it.initiate(&it.legacy, "nobody", json!({})).await, unknown);
    assert_eq!(it.prefer("nobody", "EMAIL_OTP").await, unknown);
}

#[tokio::test]
async fn a_client_that_hides_them_poses_the_same_challenge_for_somebody_who_is_not_there() {
    let it = Choosing::begin().await;
    let ask = async |name: &str| {
        let preferred = json!({ "PREFERRED_CHALLENGE": "EMAIL_OTP" });
        challenge(it.initiate(&it.hiding, name, preferred).await, "EMAIL_OTP")
    };
    let (known, unknown) = (ask("ann").await, ask("zoe@example.org").await);
    assert_eq!(unknown.parameter("CODE_DELIVERY_DESTINATION"), "z***@e***");
    assert_eq!(known.session().len(), unknown.session().len());
    assert_eq!(available(&known), available(&unknown));
    assert_eq!(it.pool.messages().len(), 1);
    let answer = async |asked: &Challenge, name: &str| {
        let answers = json!({ "USERNAME": name, "EMAIL_OTP_CODE": "12345678" });
        it.pool
            .respond(&it.hiding, "EMAIL_OTP", asked.session(), answers)
            .await
    };
    for _ in 0..7 {
        assert_eq!(answer(&unknown, "zoe@example.org").await, wrong_code());
    }
    let invalid = refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    assert_eq!(answer(&unknown, "ann").await, invalid);
    assert_eq!(answer(&known, "zoe@example.org").await, invalid);
    assert_eq!(answer(&unknown, "yan@example.org").await, invalid);
}

#[tokio::test]
async fn a_client_that_hides_them_offers_a_choice_to_somebody_who_is_not_there() {
    let it = Choosing::begin().await;
    let asked =
        async |name: &str| challenge(it.initiate(&it.hiding, name, json!({})).await, "SELECT_CHALLENGE");
    let (known, unknown) = (asked("ann").await, asked("zoe@example.org").await);
    assert_eq!(available(&known), available(&unknown));
    assert_eq!(known.session().len(), unknown.session().len());
    let choose = async |more: Value| {
        let mut answers = json!({ "USERNAME": "zoe@example.org" });
        merge(&mut answers, more);
        it.pool
            .respond(&it.hiding, "SELECT_CHALLENGE", unknown.session(), answers)
            .await
    };
    assert_eq!(
        choose(json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD })).await,
        incorrect()
    );
    challenge(choose(json!({ "ANSWER": "EMAIL_OTP" })).await, "EMAIL_OTP");
    assert!(it.pool.messages().is_empty());
    let with = json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD });
    assert_eq!(
        it.initiate(&it.hiding, "zoe@example.org", with).await,
        incorrect()
    );
}

#[tokio::test]
async fn nobody_moves_in_by_a_choice() {
    let it = Choosing::with(json!({ "LambdaConfig": { "UserMigration": FUNCTION } })).await;
    let with = json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD });
    let seen = it.initiate(&it.legacy, "newcomer", with).await;
    assert_eq!(seen, refusal("UserNotFoundException", "User does not exist."));
    assert_eq!(it.pool.server.invocations().count(), 0);
}
