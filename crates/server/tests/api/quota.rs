//! Who draws on the rates, and what is counted of those who are turned away.

use ::server::RateLimits;
use ::server::quota::Category;
use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn who_may_not_ask_draws_on_nothing() {
    let server = Server::with_rates(RateLimits::off().with(Category::UserPoolRead, Some(1))).await;
    for _ in 0..3 {
        let request = server.request("ListUserPools").body(r#"{"MaxResults":1}"#);
        let reply = server.send(request).await;
        assert_eq!(reply.json()["__type"], "MissingAuthenticationTokenException");
    }
    server.ok("ListUserPools", json!({ "MaxResults": 1 })).await;
    server.stop().await;
}

#[tokio::test]
async fn a_request_beyond_the_rate_is_refused_in_the_service_s_form_and_counted() {
    let server = Server::with_rates(RateLimits::off().with(Category::UserPoolUpdate, Some(1))).await;
    server.ok("CreateUserPool", json!({ "PoolName": "one" })).await;
    let reply = server.call("CreateUserPool", json!({ "PoolName": "two" })).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.text(),
        r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#
    );
    assert_eq!(reply.headers["x-amzn-errortype"], "TooManyRequestsException:");
    let metrics = server.get("/metrics").await.text();
    assert!(
        metrics.contains(r#"rehome_throttled_requests_total{category="UserPoolUpdate"} "#),
        "{metrics}"
    );
    server.stop().await;
}
