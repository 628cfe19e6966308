//! The domains of pools, and what a request's host name decides.

use serde_json::{Value, json};

use super::{App, CALLBACK, HOST, POOL, form};
use crate::behaviour::{OTHER_POOL, refusal};

fn prefix(pool: &str) -> Value {
    json!({ "UserPoolId": pool, "Domain": "my-app" })
}

fn own(pool: &str) -> Value {
    let certificate = "arn:aws:acm:us-east-1:000000000000:certificate/1";
    json!({
        "UserPoolId": pool, "Domain": "auth.example.com",
        "CustomDomainConfig": { "CertificateArn": certificate },
    })
}

fn invalid(message: &str) -> (u16, Value) {
    refusal("InvalidParameterException", message)
}

#[tokio::test]
async fn a_pool_gets_shows_and_loses_its_domains() {
    let app = App::new().await;
    let pool = &app.pool;
    let made = pool.done("CreateUserPoolDomain", prefix(POOL)).await;
    assert_eq!(made.get("CloudFrontDomain"), None);
    let made = pool.done("CreateUserPoolDomain", own(POOL)).await;
    assert_eq!(made["CloudFrontDomain"], "127.0.0.1");
    let described = pool.done("DescribeUserPool", json!({ "UserPoolId": POOL })).await;
    assert_eq!(described["UserPool"]["Domain"], "my-app");
    assert_eq!(described["UserPool"]["CustomDomain"], "auth.example.com");
    let described = pool
        .done("DescribeUserPoolDomain", json!({ "Domain": "my-app" }))
        .await;
    let description = &described["DomainDescription"];
    assert_eq!(description["UserPoolId"], POOL);
    assert_eq!(description["Status"], "ACTIVE");
    let kept = pool.call("DeleteUserPool", json!({ "UserPoolId": POOL })).await;
    let text = "User pool cannot be deleted. It has a domain configured that should be deleted first.";
    assert_eq!(kept, invalid(text));
    for domain in ["my-app", "auth.example.com"] {
        let gone = json!({ "UserPoolId": POOL, "Domain": domain });
        pool.done("DeleteUserPoolDomain", gone.clone()).await;
        assert_eq!(
            pool.call("DeleteUserPoolDomain", gone).await,
            invalid("No such domain or user pool exists.")
        );
    }
    let unknown = pool
        .done("DescribeUserPoolDomain", json!({ "Domain": "my-app" }))
        .await;
    assert_eq!(unknown, json!({ "DomainDescription": {} }));
    pool.done("DeleteUserPool", json!({ "UserPoolId": POOL })).await;
}

#[tokio::test]
async fn a_domain_is_one_pool_s_and_a_pool_has_one_of_a_kind() {
    let app = App::new().await;
    let pool = &app.pool;
    pool.done("CreateUserPoolDomain", prefix(POOL)).await;
    assert_eq!(
        pool.call("CreateUserPoolDomain", prefix(OTHER_POOL)).await,
        invalid("Domain already associated with another user pool.")
    );
    let second = json!({ "UserPoolId": POOL, "Domain": "second" });
    assert_eq!(
        pool.call("CreateUserPoolDomain", second).await,
        invalid("User pool already has a domain configured.")
    );
    let reserved = json!({ "UserPoolId": OTHER_POOL, "Domain": "my-cognito" });
    assert_eq!(
        pool.call("CreateUserPoolDomain", reserved).await,
        invalid("Domain cannot contain reserved word: cognito")
    );
    let stranger = json!({ "UserPoolId": OTHER_POOL, "Domain": "my-app" });
    assert_eq!(pool.call("DeleteUserPoolDomain", stranger).await.0, 400);
    pool.done("DeleteUserPoolDomain", prefix(POOL)).await;
    pool.done("CreateUserPoolDomain", prefix(OTHER_POOL)).await;
}

#[tokio::test]
async fn an_own_domain_takes_a_new_certificate_and_a_prefix_none() {
    let app = App::new().await;
    let pool = &app.pool;
    pool.done("CreateUserPoolDomain", own(POOL)).await;
    let mut newer = own(POOL);
    newer["CustomDomainConfig"]["CertificateArn"] = json!("arn:aws:acm:us-east-1:000000000000:certificate/2");
    newer["ManagedLoginVersion"] = json!(2);
    let updated = pool.done("UpdateUserPoolDomain", newer.clone()).await;
    assert_eq!(updated["ManagedLoginVersion"], 2);
    let described = pool
        .done("DescribeUserPoolDomain", json!({ "Domain": "auth.example.com" }))
        .await;
    assert_eq!(
        described["DomainDescription"]["CustomDomainConfig"],
        newer["CustomDomainConfig"]
    );
    pool.done("CreateUserPoolDomain", prefix(POOL)).await;
    newer["Domain"] = json!("my-app");
    assert_eq!(pool.call("UpdateUserPoolDomain", newer).await.0, 400);
}

#[tokio::test]
async fn at_the_domain_of_a_pool_other_pools_app_clients_are_not_known() {
    let app = App::new().await;
    app.pool.done("CreateUserPoolDomain", prefix(POOL)).await;
    app.pool.done("CreateUserPoolDomain", own(OTHER_POOL)).await;
    let query = super::encoded(&[
        ("response_type", "code"),
        ("client_id", &app.client),
        ("redirect_uri", CALLBACK),
    ]);
    let at = async |host: &str| {
        let request = app.http.get(app.at(&format!("/oauth2/authorize?{query}")));
        app.send(request.header(HOST, host)).await.location().to_owned()
    };
    let known = format!("/login?{query}");
    let unknown = format!("/error?error=unauthorized_client&client_id={}", app.client);
    for host in [
        "my-app.auth.us-east-1.amazoncognito.com",
        "MY-APP.auth.us-east-1.amazoncognito.com:443",
        "my-app",
        "another.example.com",
        // That prefix is in another region.
        "my-app.auth.eu-west-1.amazoncognito.com",
    ] {
        assert_eq!(at(host).await, known, "{host}");
    }
    for host in ["auth.example.com", "AUTH.example.com:8443"] {
        assert_eq!(at(host).await, unknown, "{host}");
    }
    let code = app.code(&[]).await;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", app.client.as_str()),
    ];
    let there = app
        .http
        .post(app.at("/oauth2/token"))
        .header(HOST, "auth.example.com");
    let answer = app.send(form(there, &pairs)).await;
    assert_eq!(answer.error(), (400, "invalid_client".to_owned()));
}
