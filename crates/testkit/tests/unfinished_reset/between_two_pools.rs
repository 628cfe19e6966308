//! From an old pool to a new one, by our function.

use std::sync::Arc;

use pool::ports::SystemEntropy;
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use serde_json::{Value, json};
use testkit::pair::{self, ANN, LEGACY_CLIENT, NEW_CLIENT, NEW_POOL, OLD_POOL, PASSWORD};
use testkit::{Options, TestServer};
use tokio::task::JoinSet;

use crate::behaviour::{NEXT, NOT_AUTHORIZED, Seen, TIMESTAMP, WRONG, challenge, incorrect, refusal, tokens};

/// The old and the new pool on one server.
struct Pools(TestServer);

impl Pools {
    async fn start() -> Self {
        Self(TestServer::start(Options::old_and_new()).await.unwrap())
    }

    /// Ann has asked for a code, which has made her a user, and does nothing with it.
    async fn with_ann_unfinished() -> Self {
        let pools = Self::start().await;
        assert_eq!(pools.forgot_password(NEW_CLIENT).await.0, 200);
        assert_eq!(pools.ann().await["UserStatus"], "RESET_REQUIRED");
        pools
    }

    async fn call(&self, operation: &str, body: Value) -> Seen {
        self.0.api(operation, &body).await.unwrap()
    }

    async fn sign_in(&self, client: &str, name: &str, password: &str) -> Seen {
        let body = json!({
            "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        });
        self.call("InitiateAuth", body).await
    }

    async fn admin_sign_in(&self, password: &str) -> Seen {
        let body = json!({
            "UserPoolId": NEW_POOL, "ClientId": NEW_CLIENT, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": ANN, "PASSWORD": password },
        });
        self.call("AdminInitiateAuth", body).await
    }

    async fn srp(&self, password: &str) -> Seen {
        let client = Client::begin(&SystemEntropy);
        let body = json!({
            "ClientId": NEW_CLIENT, "AuthFlow": "USER_SRP_AUTH",
            "AuthParameters": { "USERNAME": ANN, "SRP_A": client.srp_a() },
        });
        let asked = challenge(self.call("InitiateAuth", body).await, "PASSWORD_VERIFIER");
        let user_id = asked.parameter("USER_ID_FOR_SRP");
        let verifier = PasswordVerifier {
            salt: asked.parameter("SALT"),
            srp_b: asked.parameter("SRP_B"),
            secret_block: asked.parameter("SECRET_BLOCK"),
        };
        let identity = Identity::new(NEW_POOL, user_id);
        let signature = client.sign(&identity, password, &verifier, TIMESTAMP).unwrap();
        let answers = json!({
            "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": verifier.secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIMESTAMP,
        });
        let body = json!({
            "ClientId": NEW_CLIENT, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": answers,
        });
        self.call("RespondToAuthChallenge", body).await
    }

    async fn forgot_password(&self, client: &str) -> Seen {
        self.call("ForgotPassword", json!({ "ClientId": client, "Username": ANN }))
            .await
    }

    async fn confirm(&self, password: &str) -> Seen {
        let code = self.0.newest_code(NEW_POOL, ANN).await.unwrap();
        let body = json!({
            "ClientId": NEW_CLIENT, "Username": ANN, "ConfirmationCode": code, "Password": password,
        });
        self.call("ConfirmForgotPassword", body).await
    }

    /// An operation of an administrator of the new pool on ann.
    async fn admin(&self, operation: &str, mut body: Value) -> Value {
        body["UserPoolId"] = NEW_POOL.into();
        body["Username"] = ANN.into();
        let (status, answer) = self.call(operation, body).await;
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// Ann in the new pool.
    async fn ann(&self) -> Value {
        self.admin("AdminGetUser", json!({})).await
    }

    /// `custom:plan` of ann in the new pool.
    async fn plan(&self) -> String {
        let ann = self.ann().await;
        let attributes = ann["UserAttributes"].as_array().unwrap();
        let plan = attributes.iter().find(|a| a["Name"] == "custom:plan").unwrap();
        plan["Value"].as_str().unwrap().to_owned()
    }

    /// The same in the old pool is changed.
    async fn change_plan_in_the_old_pool(&self, plan: &str) {
        let body = json!({
            "UserPoolId": OLD_POOL, "Username": ANN, "UserAttributes": [{ "Name": "custom:plan", "Value": plan }],
        });
        assert_eq!(
            self.call("AdminUpdateUserAttributes", body).await,
            (200, json!({}))
        );
    }

    /// How often the function was asked.
    fn asked(&self) -> usize {
        self.0.invocations().count()
    }
}

fn reset_required() -> Seen {
    refusal(
        "PasswordResetRequiredException",
        "Password reset required for the user",
    )
}

#[tokio::test]
async fn who_remembers_the_old_password_signs_in_with_it_and_has_it_here_from_then_on() {
    for client in [NEW_CLIENT, LEGACY_CLIENT] {
        let pools = Pools::with_ann_unfinished().await;
        let before = pools.ann().await;
        tokens(pools.sign_in(client, ANN, PASSWORD).await);
        let ann = pools.ann().await;
        assert_eq!(ann["UserStatus"], "CONFIRMED");
        assert_eq!(ann["Username"], before["Username"], "the same user");
        assert_eq!(ann["UserAttributes"], before["UserAttributes"]);
        assert_eq!(pools.asked(), 2, "once for the code, once for the password");
        tokens(pools.sign_in(client, ANN, PASSWORD).await);
        tokens(pools.srp(PASSWORD).await);
        assert_eq!(pools.sign_in(client, ANN, WRONG).await, incorrect());
        assert_eq!(pools.asked(), 2, "of a user with a password nobody is asked");
    }
}

#[tokio::test]
async fn an_administrator_signs_them_in_too() {
    let pools = Pools::with_ann_unfinished().await;
    assert_eq!(pools.admin_sign_in(WRONG).await, incorrect());
    tokens(pools.admin_sign_in(PASSWORD).await);
    assert_eq!(pools.ann().await["UserStatus"], "CONFIRMED");
}

#[tokio::test]
async fn a_wrong_password_leaves_the_reset_due_and_the_old_password_good() {
    let pools = Pools::with_ann_unfinished().await;
    assert_eq!(pools.sign_in(LEGACY_CLIENT, ANN, WRONG).await, reset_required());
    assert_eq!(pools.sign_in(NEW_CLIENT, ANN, WRONG).await, incorrect());
    assert_eq!(pools.ann().await["UserStatus"], "RESET_REQUIRED");
    tokens(pools.sign_in(LEGACY_CLIENT, ANN, PASSWORD).await);
}

#[tokio::test]
async fn where_users_are_hidden_wrong_passwords_read_and_count_as_those_of_nobody() {
    let pools = Pools::with_ann_unfinished().await;
    for _ in 0..8 {
        let of_ann = pools.sign_in(NEW_CLIENT, ANN, WRONG).await;
        let of_nobody = pools.sign_in(NEW_CLIENT, "nobody@example.com", WRONG).await;
        assert_eq!(of_ann, of_nobody);
    }
    assert_eq!(
        pools.sign_in(NEW_CLIENT, ANN, WRONG).await,
        refusal(NOT_AUTHORIZED, "Password attempts exceeded")
    );
}

#[tokio::test]
async fn the_code_stays_good_beside_the_old_password_and_ends_it() {
    let pools = Pools::with_ann_unfinished().await;
    tokens(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await);
    assert_eq!(pools.confirm(NEXT).await, (200, json!({})));
    assert_eq!(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await, incorrect());
    tokens(pools.sign_in(NEW_CLIENT, ANN, NEXT).await);
}

#[tokio::test]
async fn after_the_reset_the_new_password_signs_in_by_password_and_by_srp_and_the_old_one_asks_nobody() {
    let pools = Pools::with_ann_unfinished().await;
    assert_eq!(pools.confirm(NEXT).await, (200, json!({})));
    assert_eq!(pools.ann().await["UserStatus"], "CONFIRMED");
    tokens(pools.sign_in(NEW_CLIENT, ANN, NEXT).await);
    tokens(pools.srp(NEXT).await);
    assert_eq!(pools.srp(PASSWORD).await, incorrect());
    for client in [NEW_CLIENT, LEGACY_CLIENT] {
        assert_eq!(pools.sign_in(client, ANN, PASSWORD).await, incorrect());
    }
    assert_eq!(pools.asked(), 1, "for the code alone");
}

#[tokio::test]
async fn a_password_set_by_an_administrator_is_the_only_one() {
    let pools = Pools::with_ann_unfinished().await;
    pools
        .admin(
            "AdminSetUserPassword",
            json!({ "Password": NEXT, "Permanent": true }),
        )
        .await;
    assert_eq!(pools.sign_in(LEGACY_CLIENT, ANN, PASSWORD).await, incorrect());
    tokens(pools.sign_in(LEGACY_CLIENT, ANN, NEXT).await);
    assert_eq!(pools.asked(), 1);
}

#[tokio::test]
async fn a_reset_by_an_administrator_ends_the_old_password() {
    let pools = Pools::with_ann_unfinished().await;
    pools.admin("AdminResetUserPassword", json!({})).await;
    assert_eq!(
        pools.sign_in(LEGACY_CLIENT, ANN, PASSWORD).await,
        reset_required()
    );
    assert_eq!(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await, incorrect());
    assert_eq!(pools.asked(), 1);
}

#[tokio::test]
async fn a_disabled_user_is_told_so_and_nobody_is_asked() {
    let pools = Pools::with_ann_unfinished().await;
    pools.admin("AdminDisableUser", json!({})).await;
    assert_eq!(
        pools.sign_in(LEGACY_CLIENT, ANN, PASSWORD).await,
        refusal(NOT_AUTHORIZED, "User is disabled.")
    );
    assert_eq!(pools.asked(), 1);
}

#[tokio::test]
async fn a_sign_in_and_another_code_bring_the_user_up_to_date() {
    let pools = Pools::with_ann_unfinished().await;
    assert_eq!(pools.plan().await, "gold");
    pools.change_plan_in_the_old_pool("silver").await;
    assert_eq!(pools.forgot_password(LEGACY_CLIENT).await.0, 200);
    assert_eq!(pools.plan().await, "silver");
    assert_eq!(pools.ann().await["UserStatus"], "RESET_REQUIRED");
    pools.change_plan_in_the_old_pool("bronze").await;
    tokens(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await);
    assert_eq!(pools.plan().await, "bronze");
    pools.change_plan_in_the_old_pool("tin").await;
    tokens(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await);
    assert_eq!(
        pools.forgot_password(LEGACY_CLIENT).await.0,
        200,
        "this one is the new pool's own"
    );
    assert_eq!(pools.plan().await, "bronze", "who has moved in has moved in");
}

#[tokio::test]
async fn a_pool_may_keep_to_the_letter_of_cognito() {
    let letter = pair::pools_file().replace(
        "lambda_config =",
        "migrate_unknown_users_only = true\nlambda_config =",
    );
    let options = Options {
        pools: letter,
        ..Options::old_and_new()
    };
    let pools = Pools(TestServer::start(options).await.unwrap());
    assert_eq!(pools.forgot_password(NEW_CLIENT).await.0, 200);
    assert_eq!(
        pools.sign_in(LEGACY_CLIENT, ANN, PASSWORD).await,
        reset_required()
    );
    assert_eq!(pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await, incorrect());
    assert_eq!(pools.forgot_password(NEW_CLIENT).await.0, 200);
    assert_eq!(pools.asked(), 1);
    assert_eq!(pools.confirm(NEXT).await, (200, json!({})));
    tokens(pools.sign_in(LEGACY_CLIENT, ANN, NEXT).await);
}

#[tokio::test]
async fn fifty_at_once_all_get_in() {
    let pools = Arc::new(Pools::with_ann_unfinished().await);
    let mut sign_ins = JoinSet::new();
    for n in 0..50 {
        let pools = Arc::clone(&pools);
        let client = if n % 2 == 0 { NEW_CLIENT } else { LEGACY_CLIENT };
        sign_ins.spawn(async move { pools.sign_in(client, ANN, PASSWORD).await });
    }
    while let Some(seen) = sign_ins.join_next().await {
        tokens(seen.unwrap());
    }
    tokens(pools.srp(PASSWORD).await);
}

#[tokio::test]
async fn whatever_the_order_the_password_of_a_finished_reset_is_the_last_word() {
    let pools = Arc::new(Pools::with_ann_unfinished().await);
    let mut sign_ins = JoinSet::new();
    // Too few to lock her.
    for _ in 0..4 {
        let pools = Arc::clone(&pools);
        sign_ins.spawn(async move { pools.sign_in(NEW_CLIENT, ANN, PASSWORD).await });
    }
    assert_eq!(pools.confirm(NEXT).await, (200, json!({})));
    while let Some(seen) = sign_ins.join_next().await {
        let seen = seen.unwrap();
        assert!(seen.0 == 200 || seen == incorrect(), "{seen:?}");
    }
    tokens(pools.srp(NEXT).await);
    assert_eq!(pools.srp(PASSWORD).await, incorrect());
    assert_eq!(pools.ann().await["UserStatus"], "CONFIRMED");
}
