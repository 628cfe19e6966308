//! Resource servers and their scopes.

use serde_json::{Value, json};

use super::{App, POOL};
use crate::behaviour::{Pool, merge, refusal};

fn server(identifier: &str, rest: Value) -> Value {
    let mut body = json!({ "UserPoolId": POOL, "Identifier": identifier });
    merge(&mut body, rest);
    body
}

fn scope(name: &str) -> Value {
    json!({ "ScopeName": name, "ScopeDescription": format!("To {name}") })
}

async fn list(pool: &Pool, rest: Value) -> Value {
    let mut body = json!({ "UserPoolId": POOL });
    merge(&mut body, rest);
    pool.done("ListResourceServers", body).await
}

#[tokio::test]
async fn a_resource_server_comes_changes_and_goes() {
    let app = App::new().await;
    let pool = &app.pool;
    let new = server(
        "https://api.example",
        json!({ "Name": "API", "Scopes": [scope("read")] }),
    );
    let made = pool.done("CreateResourceServer", new.clone()).await;
    assert_eq!(made, json!({ "ResourceServer": new }));
    let named = server("https://api.example", json!({}));
    assert_eq!(pool.done("DescribeResourceServer", named.clone()).await, made);
    assert_eq!(
        pool.call("CreateResourceServer", new).await,
        refusal(
            "InvalidParameterException",
            &format!("https://api.example already exists in user pool {POOL}.")
        )
    );
    let without_scopes = server("https://api.example", json!({ "Name": "Renamed" }));
    let updated = pool.done("UpdateResourceServer", without_scopes).await;
    assert_eq!(updated["ResourceServer"]["Name"], "Renamed");
    assert_eq!(updated["ResourceServer"]["Scopes"], json!([]));
    assert_eq!(pool.call("DeleteResourceServer", named.clone()).await.0, 200);
    for operation in ["DescribeResourceServer", "DeleteResourceServer"] {
        assert_eq!(
            pool.call(operation, named.clone()).await,
            refusal(
                "ResourceNotFoundException",
                "Resource server https://api.example does not exist."
            )
        );
    }
}

#[tokio::test]
async fn a_pool_has_at_most_twenty_five_listed_in_pages() {
    let app = App::new().await;
    for n in (0..25).rev() {
        let new = server(&format!("api-{n:02}"), json!({ "Name": "API" }));
        app.pool.done("CreateResourceServer", new).await;
    }
    let one_more = server("api-99", json!({ "Name": "API" }));
    let (status, refused) = app.pool.call("CreateResourceServer", one_more).await;
    assert_eq!(
        (status, &refused["__type"]),
        (400, &json!("LimitExceededException"))
    );
    let mut seen = Vec::new();
    let mut page = list(&app.pool, json!({ "MaxResults": 10 })).await;
    loop {
        let servers = page["ResourceServers"].as_array().expect("a list");
        assert!(servers.len() <= 10);
        seen.extend(servers.iter().map(|server| server["Identifier"].clone()));
        let Some(next) = page["NextToken"].as_str() else {
            break;
        };
        page = list(&app.pool, json!({ "MaxResults": 10, "NextToken": next })).await;
    }
    let all: Vec<_> = (0..25).map(|n| json!(format!("api-{n:02}"))).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_scope_has_a_name_of_its_own() {
    let app = App::new().await;
    let twice = server(
        "api",
        json!({ "Name": "API", "Scopes": [scope("read"), scope("read")] }),
    );
    let (status, refused) = app.pool.call("CreateResourceServer", twice).await;
    assert_eq!(
        (status, &refused["__type"]),
        (400, &json!("InvalidParameterException"))
    );
}

#[tokio::test]
async fn other_changes_of_the_pool_leave_its_resource_servers() {
    let app = App::new().await;
    let new = server("api", json!({ "Name": "API", "Scopes": [scope("read")] }));
    app.pool.done("CreateResourceServer", new).await;
    app.pool
        .done("UpdateUserPool", json!({ "UserPoolId": POOL }))
        .await;
    let listed = list(&app.pool, json!({})).await;
    assert_eq!(listed["ResourceServers"].as_array().map(Vec::len), Some(1));
}
