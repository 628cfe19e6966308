//! All kinds of clients at once, until the history ends.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Context as _;
use rehome::api_client::ApiClient;
use serde_json::json;
use tokio::task::JoinSet;

use super::caller::Caller;
use super::{History, codes, names, passwords, tokens};
use crate::{SeededEntropy, pair};

/// The pool whose history it is.
pub const POOL: &str = "us-east-1_History01";
/// Its app client.
pub const CLIENT: &str = "historyclient";
/// The password of everybody at first.
pub(super) const PASSWORD: &str = "Password-0-x";

/// How many clients there are of each kind.
const EACH: usize = 2;

/// Whom clients ask.
pub struct Scene {
    /// The nodes of one pool.
    pub nodes: Vec<ApiClient>,
    /// How many people there are in the old pool; none when there is no old pool.
    pub old_users: usize,
    /// Decides who asks which node, so that a run can be had again as far as the machine's haste allows.
    pub seed: u64,
}

/// The pools file of the nodes. Where people come from an old pool, its trigger is [`pair::FUNCTION`].
#[must_use]
pub fn pools_file(old_pool: bool) -> String {
    let trigger = if old_pool {
        format!("lambda_config = {{ UserMigration = \"{}\" }}\n", pair::FUNCTION)
    } else {
        String::new()
    };
    let flows = r#"["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]"#;
    let mut file = format!(
        "[[user_pools]]\nid = \"{POOL}\"\nalias_attributes = [\"email\", \"preferred_username\"]\n\
         auto_verified_attributes = [\"email\"]\n{trigger}\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = {flows} }}]\nusers = [\n"
    );
    for kind in [passwords::USER, tokens::REFRESHES, tokens::SIGNS_OUT] {
        for n in 0..EACH {
            let _infallible = writeln!(
                file,
                "  {{ username = \"{kind}{n}\", password = \"{PASSWORD}\", attributes = {{ \
                 email = \"{kind}{n}@example.com\", email_verified = true }} }},"
            );
        }
    }
    file + "]\n"
}

/// The pools file of the old pool, that of [`pair`] with more people in it.
#[must_use]
pub fn old_users_file(number: usize) -> String {
    let mut file = format!(
        "[[user_pools]]\nid = \"{}\"\napp_clients = [{{ id = \"{}\", explicit_auth_flows = \
         [\"ALLOW_ADMIN_USER_PASSWORD_AUTH\"] }}]\nusers = [\n",
        pair::OLD_POOL,
        pair::OLD_CLIENT
    );
    for n in 0..number {
        let _infallible = writeln!(
            file,
            "  {{ username = \"old{n}\", password = \"{PASSWORD}\", attributes = {{ \
             email = \"old{n}@example.com\", email_verified = true }} }},"
        );
    }
    file + "]\n"
}

/// Runs clients of every kind until [`History::end`]; then each makes sure of what it was told, which all nodes have to be up
/// for.
///
/// # Errors
/// When the pool is not ready for them.
///
/// # Panics
/// Where a client does.
pub async fn run(scene: Scene, history: Arc<History>) -> anyhow::Result<()> {
    let nodes: Arc<[ApiClient]> = scene.nodes.into();
    let rotating = rotating_client(nodes.first().context("there are no nodes")?).await?;
    let mut seed = scene.seed;
    let mut caller = || {
        seed = seed.wrapping_add(0x0001_0000);
        Caller {
            nodes: Arc::clone(&nodes),
            history: Arc::clone(&history),
            chance: SeededEntropy::new(seed),
        }
    };
    let mut clients = JoinSet::new();
    for n in 0..EACH {
        clients.spawn(names::contest(caller(), n));
        clients.spawn(passwords::change(caller(), n));
        clients.spawn(tokens::sign_out(caller(), n));
        clients.spawn(codes::reset_passwords(caller(), n));
        clients.spawn(codes::confirm_sign_ups(caller(), n));
        clients.spawn(tokens::rotate(caller(), n, rotating.clone()));
    }
    clients.spawn(names::confirm(caller()));
    clients.spawn(names::move_in(caller(), scene.old_users));
    clients.join_all().await;
    Ok(())
}

/// An app client whose refresh tokens rotate, without a grace period.
async fn rotating_client(node: &ApiClient) -> anyhow::Result<String> {
    let create = json!({
        "UserPoolId": POOL, "ClientName": "rotating", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
    });
    let made = node.call("CreateUserPoolClient", &create).await?;
    let id = made.text("/UserPoolClient/ClientId").to_owned();
    anyhow::ensure!(made.status == 200, "{made:?}");
    // Other nodes hear of an app client they do not know at once.
    Ok(id)
}
