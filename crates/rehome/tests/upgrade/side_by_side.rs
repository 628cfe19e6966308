//! Clients whose every request goes to the other release than the one before.

use serde_json::{Value, json};
use testkit::pair;
use testkit::postgres::Cluster;

use crate::balancer::Balancer;
use crate::home::{Home, Release, script, stop};
use crate::process::Served;

const CLIENT: &str = "hopsclient";
const PASSWORD: &str = "Right-Password-1";

/// The pools of one round: `Hops` is a usual one, `Devices` remembers devices and offers authenticator apps.
fn pools(round: usize) -> String {
    let flows = r#"["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]"#;
    format!(
        r#"
[[user_pools]]
id = "us-east-1_Hops{round}"
users = [
  {{ username = "ann", password = "{PASSWORD}", attributes = {{ email = "ann@example.com", email_verified = true }} }},
  {{ username = "bea", password = "{PASSWORD}", attributes = {{ email = "bea@example.com", email_verified = true }} }},
]
app_clients = [{{ id = "{CLIENT}{round}", explicit_auth_flows = {flows}, prevent_user_existence_errors = "LEGACY" }}]
[[user_pools]]
id = "us-east-1_Devices{round}"
mfa_configuration = "OPTIONAL"
device_configuration = {{ challenge_required_on_new_device = true }}
users = [{{ username = "ann", password = "{PASSWORD}" }}]
app_clients = [{{ id = "devices{CLIENT}{round}", explicit_auth_flows = {flows} }}]
"#
    )
}

/// Two rounds, so that each step of a client is done by each release once.
const ROUNDS: usize = 2;

struct Hops {
    balancer: Balancer,
    nodes: [Served; 2],
    home: Home,
}

impl Hops {
    /// A node of the last release makes everything; one of this one comes beside it.
    async fn start(database_url: &str) -> Option<Self> {
        let pools: String = (0..ROUNDS).map(pools).collect();
        let mut home = Home::new(&(pools + &pair::pools_file()))?;
        let balancer = Balancer::start().await;
        home.set("--database-url", database_url);
        home.set("--public-url", &balancer.url);
        let functions = pair::functions_file().replace("{url}", &balancer.url);
        home.file_for("--functions", "functions.toml", &functions);
        let old = home.start(Release::Last);
        for round in 0..ROUNDS {
            let apps = json!({
                "UserPoolId": format!("us-east-1_Devices{round}"), "MfaConfiguration": "OPTIONAL",
                "SoftwareTokenMfaConfiguration": { "Enabled": true },
            });
            let set = old.api.call("SetUserPoolMfaConfig", &apps).await.unwrap();
            assert_eq!(set.status, 200, "{set:?}");
        }
        let new = home.start(Release::This);
        Some(Self {
            balancer,
            nodes: [old, new],
            home,
        })
    }

    /// What scripts find in their environment.
    fn scene(&self, pool: &str, client: &str) -> Value {
        json!({
            "endpoint": self.balancer.url, "region": "us-east-1", "userPoolId": pool, "clientId": client,
            "username": "ann", "email": "ann@example.com", "password": PASSWORD, "newPassword": "Another-horse-2",
            "nodes": self.nodes.each_ref().map(|node| node.url.as_str()),
        })
    }

    /// Runs a script whose first request goes to one release in the one round and to the other in the other.
    async fn run(&self, round: usize, name: &str, scene: &Value) {
        let [old, new] = self.nodes.each_ref().map(|node| node.url.as_str());
        let turns = if round == 0 { [old, new] } else { [new, old] };
        self.balancer.set(&turns);
        script(name, scene).await;
        let served = self.balancer.served();
        assert!(
            served.len() == 2 && served.iter().all(|n| *n >= 2),
            "{name}: {served:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_hop_between_the_releases_at_every_step() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let Some(hops) = Hops::start(&database.url()).await else {
        return;
    };
    for round in 0..ROUNDS {
        let (pool, client) = (format!("us-east-1_Hops{round}"), format!("{CLIENT}{round}"));
        let usual = hops.scene(&pool, &client);
        hops.run(round, "boto3_sign_up.py", &usual).await;
        let bea = json!({ "username": "bea", "email": "bea@example.com" });
        hops.run(round, "sdk_v3.mjs", &over(&usual, &bea)).await;
        hops.run(round, "pycognito_srp.py", &usual).await;
        let devices = hops.scene(
            &format!("us-east-1_Devices{round}"),
            &format!("devices{CLIENT}{round}"),
        );
        hops.run(round, "pycognito_devices.py", &devices).await;
        let moving = json!({
            "round": round,
            "moving": {
                "userPoolId": pair::NEW_POOL, "clientId": pair::NEW_CLIENT, "username": pair::ANN,
                "forgetful": "dan@example.com",
            },
        });
        hops.run(round, "boto3_two_nodes.py", &over(&usual, &moving))
            .await;
    }
    let Hops { nodes, home, .. } = hops;
    assert_eq!(home.complaints(), Vec::<String>::new());
    for node in nodes {
        stop(node).await;
    }
}

/// A scene with other members.
fn over(scene: &Value, members: &Value) -> Value {
    let mut scene = scene.clone();
    for (name, value) in members.as_object().unwrap() {
        scene[name] = value.clone();
    }
    scene
}
