//! The migration function behind the other triggers of the new pool: who moves has the old id and the old groups from the very
//! first token on, the groups come to stand in the new pool, and nobody takes a name that lives in the old one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use testkit::pair::{self, ANN, FUNCTION, LEGACY_CLIENT, NEW_POOL, OLD_CLIENT, OLD_POOL, PASSWORD};
use testkit::{Options, TestServer};

/// Both pools, ann being in two groups of the old one.
struct Pools {
    server: TestServer,
    anns_old_sub: String,
}

impl Pools {
    /// With these settings of `[companion]`.
    async fn start(companion: &str) -> Self {
        Self::with(companion, "").await
    }

    async fn with(companion: &str, more: &str) -> Self {
        let triggers = format!(
            "{{ UserMigration = \"{FUNCTION}\", PreTokenGeneration = \"{FUNCTION}\", \
             PostAuthentication = \"{FUNCTION}\", PreSignUp = \"{FUNCTION}\" }}"
        );
        let new = pair::new_pools_file()
            .replace(&format!("{{ UserMigration = \"{FUNCTION}\" }}"), &triggers)
            .replace("[\"plan\"]", "[\"plan\", \"old_sub\", \"old_groups\"]");
        let functions = format!(
            r#"
[functions."{FUNCTION}"]
builtin = "migration"
from = {{ kind = "cognito", endpoint = "{{url}}", user_pool_id = "{OLD_POOL}", client_id = "{OLD_CLIENT}" }}
to = {{ endpoint = "{{url}}" }}
digest_key = "a key of this test alone"
attributes = {{ keep_sub_as = "custom:old_sub", keep_groups_as = "custom:old_groups" }}
companion = {{ {companion} }}
{more}
"#
        );
        let options = Options {
            pools: pair::old_pools_file() + &new,
            functions,
            ..Options::default()
        };
        let server = TestServer::start(options).await.unwrap();
        let pools = Self {
            server,
            anns_old_sub: String::new(),
        };
        for group in ["admins", "staff"] {
            pools
                .admin(OLD_POOL, "CreateGroup", json!({ "GroupName": group }))
                .await;
            let member = json!({ "GroupName": group, "Username": ANN });
            pools.admin(OLD_POOL, "AdminAddUserToGroup", member).await;
        }
        let anns_old_sub = pools.attribute(OLD_POOL, "sub").await.unwrap();
        Self {
            anns_old_sub,
            ..pools
        }
    }

    async fn call(&self, operation: &str, body: Value) -> (u16, Value) {
        self.server.api(operation, &body).await.unwrap()
    }

    async fn admin(&self, pool: &str, operation: &str, mut body: Value) -> Value {
        body["UserPoolId"] = pool.into();
        let (status, answer) = self.call(operation, body).await;
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// An attribute of ann in a pool.
    async fn attribute(&self, pool: &str, name: &str) -> Option<String> {
        let user = self.admin(pool, "AdminGetUser", json!({ "Username": ANN })).await;
        let attributes = user["UserAttributes"].as_array().unwrap();
        let found = attributes.iter().find(|attribute| attribute["Name"] == name);
        found.map(|attribute| attribute["Value"].as_str().unwrap().to_owned())
    }

    /// Ann's groups in the new pool.
    async fn groups(&self) -> Vec<String> {
        let body = json!({ "Username": ANN });
        let answer = self.admin(NEW_POOL, "AdminListGroupsForUser", body).await;
        let groups = answer["Groups"].as_array().unwrap();
        let mut names: Vec<_> = groups
            .iter()
            .map(|group| group["GroupName"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    /// The groups that ann carries, behind their seal.
    async fn carried(&self) -> Vec<String> {
        let value = self.attribute(NEW_POOL, "custom:old_groups").await.unwrap();
        value.split(' ').skip(1).map(ToOwned::to_owned).collect()
    }

    async fn make_groups(&self) {
        for group in ["admins", "staff"] {
            self.admin(NEW_POOL, "CreateGroup", json!({ "GroupName": group }))
                .await;
        }
    }

    /// The claims of the ID token and of the access token.
    async fn sign_in(&self) -> (Map<String, Value>, Map<String, Value>) {
        let body = json!({
            "ClientId": LEGACY_CLIENT, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": ANN, "PASSWORD": PASSWORD },
        });
        let (status, answer) = self.call("InitiateAuth", body).await;
        assert_eq!(status, 200, "{answer}");
        let claims = |name: &str| {
            let token = answer["AuthenticationResult"][name].as_str().unwrap();
            let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
            serde_json::from_slice(&bytes).unwrap()
        };
        (claims("IdToken"), claims("AccessToken"))
    }

    async fn sign_up(&self, name: &str) -> (u16, Value) {
        let body = json!({ "ClientId": LEGACY_CLIENT, "Username": name, "Password": "Another-Password-1" });
        self.call("SignUp", body).await
    }
}

fn groups_in(claims: &Map<String, Value>) -> Vec<&str> {
    let groups = claims.get("cognito:groups").and_then(Value::as_array);
    let mut names: Vec<_> = groups
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

const CLAIM: &str = "old_id_claim = \"old_sub\"";

#[tokio::test]
async fn the_very_first_token_has_the_old_id_and_the_old_groups() {
    let pools = Pools::start(CLAIM).await;
    let (id, access) = pools.sign_in().await;
    assert_eq!(id["old_sub"], pools.anns_old_sub.as_str());
    assert_eq!(groups_in(&id), ["admins", "staff"]);
    assert_eq!(groups_in(&access), ["admins", "staff"]);
    assert_ne!(id["sub"], id["old_sub"]);
}

#[tokio::test]
async fn groups_that_the_new_pool_lacks_are_carried_until_it_has_them() {
    let pools = Pools::start(CLAIM).await;
    pools.sign_in().await;
    assert!(pools.groups().await.is_empty());
    assert_eq!(pools.carried().await, ["admins", "staff"]);
    pools
        .admin(NEW_POOL, "CreateGroup", json!({ "GroupName": "staff" }))
        .await;
    assert_eq!(groups_in(&pools.sign_in().await.0), ["admins", "staff"]);
    assert_eq!(pools.groups().await, ["staff"]);
    assert_eq!(pools.carried().await, ["admins"]);
}

#[tokio::test]
async fn the_groups_come_to_stand_in_the_new_pool_and_then_are_its_own() {
    let pools = Pools::start(CLAIM).await;
    pools.make_groups().await;
    pools.sign_in().await;
    assert_eq!(pools.groups().await, ["admins", "staff"]);
    assert_eq!(pools.attribute(NEW_POOL, "custom:old_groups").await, None);
    let body = json!({ "Username": ANN, "GroupName": "admins" });
    pools.admin(NEW_POOL, "AdminRemoveUserFromGroup", body).await;
    let (id, access) = pools.sign_in().await;
    assert_eq!(
        groups_in(&id),
        ["staff"],
        "who was taken out of a group stays out"
    );
    assert_eq!(groups_in(&access), ["staff"]);
    assert_eq!(id["old_sub"], pools.anns_old_sub.as_str());
}

/// An app client may write every custom attribute, unless it was told otherwise.
#[tokio::test]
async fn nobody_puts_themselves_into_a_group() {
    let pools = Pools::start(CLAIM).await;
    pools.make_groups().await;
    pools
        .admin(NEW_POOL, "CreateGroup", json!({ "GroupName": "owners" }))
        .await;
    pools.sign_in().await;
    let body = json!({
        "ClientId": LEGACY_CLIENT, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": ANN, "PASSWORD": PASSWORD },
    });
    let (_, answer) = pools.call("InitiateAuth", body).await;
    let token = answer["AuthenticationResult"]["AccessToken"].clone();
    let seal = "0".repeat(64);
    for forged in ["owners", "staff owners", &format!("{seal} owners")] {
        let body = json!({
            "AccessToken": token, "UserAttributes": [{ "Name": "custom:old_groups", "Value": forged }],
        });
        assert_eq!(pools.call("UpdateUserAttributes", body).await.0, 200);
        let (id, access) = pools.sign_in().await;
        assert_eq!(groups_in(&id), ["admins", "staff"], "{forged}");
        assert_eq!(groups_in(&access), ["admins", "staff"], "{forged}");
        assert_eq!(pools.groups().await, ["admins", "staff"], "{forged}");
    }
    let body = json!({
        "ClientId": LEGACY_CLIENT, "Username": "new@example.com", "Password": "Another-Password-1",
        "UserAttributes": [{ "Name": "custom:old_sub", "Value": pools.anns_old_sub }],
    });
    let refused = json!({
        "__type": "UserLambdaValidationException",
        "message": "PreSignUp failed with error The attributes of an old account cannot be chosen.",
    });
    assert_eq!(pools.call("SignUp", body).await, (400, refused));
}

#[tokio::test]
async fn groups_are_made_where_that_is_wanted() {
    let pools = Pools::start("create_groups = true").await;
    let (id, _) = pools.sign_in().await;
    assert_eq!(groups_in(&id), ["admins", "staff"]);
    assert!(!id.contains_key("old_sub"), "no claim was named");
    assert_eq!(pools.groups().await, ["admins", "staff"]);
}

#[tokio::test]
async fn what_the_quota_does_not_allow_now_is_written_at_the_next_sign_in() {
    let pools = Pools::start("groups_per_second = 1").await;
    pools.make_groups().await;
    assert_eq!(groups_in(&pools.sign_in().await.0), ["admins", "staff"]);
    let written = pools.groups().await;
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!(pools.carried().await.len(), 1);
    while pools.groups().await.len() < 2 {
        assert_eq!(groups_in(&pools.sign_in().await.0), ["admins", "staff"]);
    }
    assert_eq!(pools.attribute(NEW_POOL, "custom:old_groups").await, None);
}

#[tokio::test]
async fn nobody_signs_up_under_a_name_that_lives_in_the_old_pool() {
    let pools = Pools::start("").await;
    let refused = json!({
        "__type": "UserLambdaValidationException",
        "message": "PreSignUp failed with error An account with this name already exists: sign in with it.",
    });
    for name in [ANN, "cleo@example.com", "fay@example.com"] {
        assert_eq!(pools.sign_up(name).await, (400, refused.clone()), "{name}");
    }
    let (status, answer) = pools.sign_up("new@example.com").await;
    assert_eq!(status, 200, "{answer}");
    pools.sign_in().await;
}

#[tokio::test]
async fn a_sign_up_waits_while_the_old_pool_cannot_be_asked() {
    let stopped = "levers = { stop = true }";
    let pools = Pools::with("", stopped).await;
    let later = json!({
        "__type": "UserLambdaValidationException",
        "message": "PreSignUp failed with error Try again later.",
    });
    assert_eq!(pools.sign_up("new@example.com").await, (400, later));
    let pools = Pools::with("guard_sign_up = false", stopped).await;
    assert_eq!(pools.sign_up("new@example.com").await.0, 200);
}
