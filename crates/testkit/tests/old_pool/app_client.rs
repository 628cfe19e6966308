//! The old pool's app client: the settings that stop a migration, each said in the log and none taken for a wrong password.

use serde_json::json;
use testkit::pair::{ANN, OLD_CLIENT, PASSWORD};

use crate::scene::{Asked, OldPool, anns, later, moved};

#[tokio::test]
async fn a_client_without_the_flow_can_ask_for_nobody() {
    let pool = OldPool::start().await;
    let body = json!({ "ClientId": OLD_CLIENT, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    pool.call("UpdateUserPoolClient", body).await;
    let sign_in = pool.function().sign_in(ANN, PASSWORD).await;
    assert_eq!(sign_in, later("not_allowed"));
}

#[tokio::test]
async fn a_client_that_knows_the_flow_by_its_old_name_is_asked_by_it() {
    let pool = OldPool::start().await;
    let body = json!({ "ClientId": OLD_CLIENT, "ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"] });
    pool.call("UpdateUserPoolClient", body).await;
    let sign_in = pool.function().sign_in(ANN, PASSWORD).await;
    assert_eq!(sign_in, moved("active", "CONFIRMED".into(), &anns()));
}

#[tokio::test]
async fn a_client_with_a_secret_wants_it_and_no_other() {
    let pool = OldPool::start().await;
    let body = json!({
        "ClientName": "secret", "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    });
    let made = pool.call("CreateUserPoolClient", body).await;
    let id = made["UserPoolClient"]["ClientId"].as_str().unwrap();
    let secret = made["UserPoolClient"]["ClientSecret"].as_str().unwrap();
    let with = |variables: &[(&str, &str)]| {
        let variables = [&[("OLD_CLIENT_ID", id)], variables].concat();
        Asked::at(pool.server.url(), &variables)
    };
    let right = with(&[("OLD_CLIENT_SECRET", secret)]);
    assert_eq!(
        right.sign_in(ANN, PASSWORD).await,
        moved("active", "CONFIRMED".into(), &anns())
    );
    let without = with(&[]);
    assert_eq!(without.sign_in(ANN, PASSWORD).await, later("not_allowed"));
    let wrong = with(&[("OLD_CLIENT_SECRET", "0another0secret0")]);
    assert_eq!(wrong.sign_in(ANN, PASSWORD).await, later("not_allowed"));
}

#[tokio::test]
async fn a_client_or_a_pool_that_is_gone_is_a_setting_to_mend() {
    let pool = OldPool::start().await;
    for gone in [
        ("OLD_CLIENT_ID", "nosuchclient"),
        ("OLD_USER_POOL_ID", "us-east-1_NoSuchPol"),
    ] {
        let function = Asked::at(pool.server.url(), &[gone]);
        assert_eq!(
            function.sign_in(ANN, PASSWORD).await,
            later("not_allowed"),
            "{gone:?}"
        );
    }
    let function = Asked::at(pool.server.url(), &[("OLD_USER_POOL_ID", "us-east-1_NoSuchPol")]);
    assert_eq!(function.forgot_password(ANN).await, later("not_allowed"));
}
