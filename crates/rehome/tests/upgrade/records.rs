//! Records that one release writes and the other writes again: each reads what is there, and nothing is lost.

use std::collections::BTreeMap;
use std::time::Duration;

use rehome::api_client::{Answer, ApiClient};
use serde_json::{Value, json};
use testkit::postgres::{Cluster, Database};
use tokio::time::Instant;

use crate::home::{Home, Release};

const POOL: &str = "us-east-1_Records01";
const CLIENT: &str = "recordsclient";
const PASSWORD: &str = "Right-Password-1";

/// For how long a node may believe in old settings is 5 seconds; the machine may be busy.
const KNOWN_WITHIN: Duration = Duration::from_secs(20);

fn pools() -> String {
    format!(
        "[[user_pools]]\nid = \"{POOL}\"\nmfa_configuration = \"OPTIONAL\"\ncustom_attributes = [\"plan\"]\n\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"] }}]\n\
         users = [{{ username = \"ben\", password = \"{PASSWORD}\" }}, {{ username = \"ann\", password = \"{PASSWORD}\", attributes = {{ email = \"ann@example.com\", \
         email_verified = true, \"custom:plan\" = \"gold\" }} }}]\n"
    )
}

async fn ok(api: &ApiClient, operation: &str, body: &Value) -> Answer {
    let answer = api.call(operation, body).await.unwrap();
    assert_eq!(answer.status, 200, "{operation} {body}: {answer:?}");
    answer
}

/// What the API shows of everything that is kept as a record.
async fn shown(api: &ApiClient) -> Value {
    let mut shown = json!({});
    for (operation, body) in [
        ("DescribeUserPool", json!({ "UserPoolId": POOL })),
        ("GetUserPoolMfaConfig", json!({ "UserPoolId": POOL })),
        (
            "DescribeUserPoolClient",
            json!({ "UserPoolId": POOL, "ClientId": CLIENT }),
        ),
        (
            "ListResourceServers",
            json!({ "UserPoolId": POOL, "MaxResults": 50 }),
        ),
        ("DescribeUserPoolDomain", json!({ "Domain": "records" })),
        (
            "GetUICustomization",
            json!({ "UserPoolId": POOL, "ClientId": CLIENT }),
        ),
        ("ListGroups", json!({ "UserPoolId": POOL })),
        ("AdminGetUser", json!({ "UserPoolId": POOL, "Username": "ann" })),
        (
            "AdminListGroupsForUser",
            json!({ "UserPoolId": POOL, "Username": "ann" }),
        ),
    ] {
        shown[operation] = ok(api, operation, &body).await.body;
    }
    shown
}

/// Writes every record; `n` tells one time from the next. What is set to a value the first time is set to another the next.
async fn write(api: &ApiClient, n: i64) {
    let pool = json!({
        "UserPoolId": POOL,
        "Policies": { "PasswordPolicy": { "MinimumLength": 8 + n, "RequireNumbers": true, "PasswordHistorySize": 2 } },
        "MfaConfiguration": "OPTIONAL",
        "AutoVerifiedAttributes": ["email"],
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": n % 2 == 0 },
        "AdminCreateUserConfig": { "InviteMessageTemplate": { "EmailMessage": format!("{n} {{username}} {{####}}") } },
        "VerificationMessageTemplate": { "EmailMessage": format!("{n} {{####}}"), "EmailSubject": "code" },
        "UserPoolTags": { "round": n.to_string() },
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
    });
    let client = json!({
        "UserPoolId": POOL, "ClientId": CLIENT, "ClientName": format!("client {n}"),
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "AccessTokenValidity": 10 + n, "TokenValidityUnits": { "AccessToken": "minutes" },
        "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": [format!("https://example.com/{n}")], "SupportedIdentityProviders": ["COGNITO"],
        "ReadAttributes": ["email", "custom:plan"],
    });
    let scopes = json!([{ "ScopeName": format!("read{n}"), "ScopeDescription": "reading" }]);
    let server =
        json!({ "UserPoolId": POOL, "Identifier": "notes", "Name": format!("notes {n}"), "Scopes": scopes });
    let operation = if n == 0 { "Create" } else { "Update" };
    for (operation, body) in [
        ("UpdateUserPool", pool),
        (
            "SetUserPoolMfaConfig",
            json!({ "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL",
                "SoftwareTokenMfaConfiguration": { "Enabled": true } }),
        ),
        ("UpdateUserPoolClient", client),
        (&format!("{operation}ResourceServer"), server),
        (
            "SetUICustomization",
            json!({ "UserPoolId": POOL, "ClientId": CLIENT, "CSS": format!(".label-customizable {{ margin: {n}px }}") }),
        ),
        (
            &format!("{operation}Group"),
            json!({ "UserPoolId": POOL, "GroupName": "staff", "Precedence": n, "Description": format!("{n}") }),
        ),
        (
            "AdminUpdateUserAttributes",
            json!({ "UserPoolId": POOL, "Username": "ann",
                "UserAttributes": [{ "Name": "given_name", "Value": format!("Ann {n}") }] }),
        ),
    ] {
        ok(api, operation, &body).await;
    }
}

/// What is made once and then only kept.
async fn write_once(api: &ApiClient) {
    for (operation, body) in [
        (
            "CreateUserPoolDomain",
            json!({ "UserPoolId": POOL, "Domain": "records" }),
        ),
        (
            "AddCustomAttributes",
            json!({ "UserPoolId": POOL, "CustomAttributes": [{ "Name": "level", "AttributeDataType": "Number" }] }),
        ),
        (
            "CreateManagedLoginBranding",
            json!({ "UserPoolId": POOL, "ClientId": CLIENT, "UseCognitoProvidedValues": true }),
        ),
        (
            "AdminAddUserToGroup",
            json!({ "UserPoolId": POOL, "Username": "ann", "GroupName": "staff" }),
        ),
        (
            "AdminResetUserPassword",
            json!({ "UserPoolId": POOL, "Username": "ann" }),
        ),
    ] {
        ok(api, operation, &body).await;
    }
}

/// By table and key the members of every record but ben's, as the paths of their names.
fn members(database: &Database<'_>) -> BTreeMap<String, Vec<String>> {
    let tables = [
        ("user_pool", "user_pool_id"),
        ("app_client", "app_client_id"),
        ("pool_user", "user_name"),
        ("user_group", "group_id"),
        ("branding", "app_client_id"),
    ];
    let selects =
        tables.map(|(table, key)| format!("SELECT '{table} ' || {key} AS place, document FROM {table}"));
    let all = format!(
        "SELECT json_object_agg(place, document::json) FROM ({}) records",
        selects.join(" UNION ALL ")
    );
    let records: BTreeMap<String, Value> = serde_json::from_str(&database.sql(&all).unwrap()).unwrap();
    records
        .into_iter()
        .filter(|(place, _)| place != "pool_user ben")
        .map(|(place, record)| {
            let mut paths = Vec::new();
            collect("", &record, &mut paths);
            (place, paths)
        })
        .collect()
}

fn collect(path: &str, value: &Value, paths: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}.{name}");
                paths.push(path.clone());
                collect(&path, value, paths);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect(&format!("{path}[]"), value, paths)),
        _ => {}
    }
}

/// Both show the same, as soon as they may have to.
async fn agree(one: &ApiClient, other: &ApiClient) -> Value {
    let began = Instant::now();
    loop {
        let (seen, also) = (shown(one).await, shown(other).await);
        if seen == also {
            return seen;
        }
        assert!(began.elapsed() < KNOWN_WITHIN, "{seen:#}\n{also:#}");
    }
}

/// A password that is one character too short is refused, as soon as it has to be; until then it is ben's.
async fn enforces(api: &ApiClient, minimum_length: usize) {
    let began = Instant::now();
    let password = format!("Short-1{}", "x".repeat(minimum_length - 8));
    let set = json!({ "UserPoolId": POOL, "Username": "ben", "Password": password, "Permanent": true });
    loop {
        let answer = api.call("AdminSetUserPassword", &set).await.unwrap();
        if answer.exception() == Some("InvalidPasswordException") {
            return;
        }
        assert!(began.elapsed() < KNOWN_WITHIN, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_release_writes_the_other_reads_and_keeps() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let Some(mut home) = Home::new(&pools()) else {
        return;
    };
    home.set("--database-url", &database.url());
    home.set("--issuer", "aws");
    let old = home.start(Release::Last);
    let new = home.start(Release::This);
    // This one writes everything first, so that what only it knows is there when the last one writes the same records again.
    write(&new.api, 0).await;
    write_once(&new.api).await;
    let mut seen = agree(&new.api, &old.api).await;
    assert_eq!(seen["AdminGetUser"]["UserStatus"], "RESET_REQUIRED", "{seen:#}");
    enforces(&old.api, 8).await;
    let mut before = members(&database);
    for (n, node) in [(4, &old), (6, &new), (8, &old)] {
        write(&node.api, n).await;
        let after = members(&database);
        assert!(before.contains_key("pool_user ann"), "{before:?}");
        for (place, paths) in &before {
            let lost: Vec<&String> = paths.iter().filter(|path| !after[place].contains(path)).collect();
            assert!(lost.is_empty(), "{place} has lost {lost:?} in round {n}");
        }
        before = after;
        let now = agree(&new.api, &old.api).await;
        assert_ne!(now, seen);
        assert_eq!(
            now["DescribeUserPool"]["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"],
            8 + n
        );
        seen = now;
        let other = if std::ptr::eq(node, &raw const old) {
            &new
        } else {
            &old
        };
        enforces(&other.api, usize::try_from(8 + n).unwrap()).await;
    }
    assert_eq!(home.complaints(), Vec::<String>::new());
}
