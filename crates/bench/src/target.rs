//! An endpoint, one of its user pools, and the users that the load is about.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use pool::ports::{Entropy as _, SystemEntropy};
use rehome::api_client::ApiClient;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::process::Process;

/// Everybody's password; it fits Cognito's usual policy.
pub(crate) const PASSWORD: &str = "Correct-horse-1";

/// How many codes a user may ask for in an hour.
const CODES_AN_HOUR: u64 = 5;

/// How many users are made at a time.
const MAKERS: usize = 16;

/// One side of a comparison.
#[derive(Debug)]
pub(crate) struct Target {
    /// What tables call it.
    pub(crate) name: String,
    /// One a node.
    apis: Vec<ApiClient>,
    next_api: AtomicUsize,
    pub(crate) pool: PoolNames,
    /// The server's processes, when they are on this machine.
    pub(crate) processes: Vec<Process>,
    pub(crate) people: People,
}

/// The ids that requests name.
#[derive(Clone, Debug)]
pub(crate) struct PoolNames {
    pub(crate) user_pool: String,
    pub(crate) client: String,
    /// The pool that the *migrate user* function of the first one asks, at the same endpoint.
    pub(crate) old_pool: Option<String>,
}

/// Who is there. Names are e-mail addresses, which sign in whatever a pool's settings are.
#[derive(Debug)]
pub(crate) struct People {
    /// Sets this run's users apart from those of other runs.
    run: String,
    /// How many can sign in.
    pub(crate) settled: u64,
    /// How many wait in the old pool.
    waiting: u64,
    next_waiting: AtomicU64,
    next_asking: AtomicU64,
    next_new: AtomicU64,
}

impl People {
    /// Nobody yet.
    pub(crate) fn none() -> Self {
        Self {
            run: SystemEntropy.uuid().chars().take(8).collect(),
            settled: 0,
            waiting: 0,
            next_waiting: AtomicU64::new(0),
            next_asking: AtomicU64::new(0),
            next_new: AtomicU64::new(0),
        }
    }

    /// The same people, of whom nobody waits.
    fn again(&self) -> Self {
        Self {
            run: self.run.clone(),
            settled: self.settled,
            waiting: 0,
            next_waiting: AtomicU64::new(0),
            next_asking: AtomicU64::new(0),
            // Far from those that the other side makes.
            next_new: AtomicU64::new(1 << 32),
        }
    }

    /// The name of somebody who can sign in.
    pub(crate) fn settled(&self, number: u64) -> String {
        self.name("settled", number % self.settled.max(1))
    }

    /// The name of somebody who is in the old pool alone, each once; none when all have moved.
    pub(crate) fn next_waiting(&self) -> Option<String> {
        let number = self.next_waiting.fetch_add(1, Ordering::Relaxed);
        (number < self.waiting).then(|| self.name("waiting", number))
    }

    /// The name of somebody who may ask for another code; none when all have asked as often as they may in an hour.
    pub(crate) fn next_asking(&self) -> Option<String> {
        let number = self.next_asking.fetch_add(1, Ordering::Relaxed);
        (number < self.settled * CODES_AN_HOUR).then(|| self.settled(number))
    }

    /// A name that nobody has.
    pub(crate) fn next_new(&self) -> String {
        self.name("new", self.next_new.fetch_add(1, Ordering::Relaxed))
    }

    fn name(&self, kind: &str, number: u64) -> String {
        format!("{kind}-{number}-{}@example.com", self.run)
    }
}

impl Target {
    /// An endpoint without users yet.
    pub(crate) fn new(name: &str, api: ApiClient, pool: PoolNames, processes: Vec<Process>) -> Self {
        Self {
            name: name.to_owned(),
            apis: vec![api],
            next_api: AtomicUsize::new(0),
            pool,
            processes,
            people: People::none(),
        }
    }

    /// The same users at this node and at another.
    pub(crate) fn beside(&self, other: Self) -> Self {
        let joined = |mine: &[Process], others: &[Process]| [mine, others].concat();
        Self {
            name: other.name,
            apis: [self.apis.clone(), other.apis].concat(),
            next_api: AtomicUsize::new(0),
            pool: self.pool.clone(),
            processes: joined(&self.processes, &other.processes),
            people: self.people.again(),
        }
    }

    /// A node, each in turn.
    pub(crate) fn api(&self) -> Option<&ApiClient> {
        let number = self.next_api.fetch_add(1, Ordering::Relaxed);
        self.apis.get(number % self.apis.len().max(1))
    }

    /// Makes users by the API: so many who can sign in, so many who wait in the old pool.
    ///
    /// # Errors
    /// What the endpoint says.
    pub(crate) async fn make_people(&mut self, settled: u64, waiting: u64) -> anyhow::Result<()> {
        (self.people.settled, self.people.waiting) = (settled, waiting);
        let names = (0..settled).map(|number| self.people.name("settled", number));
        self.make(&self.pool.user_pool, names.collect()).await?;
        if let Some(old) = &self.pool.old_pool {
            let names = (0..waiting).map(|number| self.people.name("waiting", number));
            self.make(old, names.collect()).await?;
        }
        Ok(())
    }

    async fn make(&self, user_pool_id: &str, names: Vec<String>) -> anyhow::Result<()> {
        let (names, next) = (Arc::new(names), Arc::new(AtomicU64::new(0)));
        let mut makers = JoinSet::new();
        for api in self.apis.iter().cycle().take(MAKERS) {
            let (names, next, api) = (Arc::clone(&names), Arc::clone(&next), api.clone());
            let user_pool_id = user_pool_id.to_owned();
            makers.spawn(async move {
                loop {
                    let number = usize::try_from(next.fetch_add(1, Ordering::Relaxed))?;
                    let Some(name) = names.get(number) else {
                        return anyhow::Ok(());
                    };
                    make_user(&api, &user_pool_id, name).await?;
                }
            });
        }
        while let Some(made) = makers.join_next().await {
            made??;
        }
        Ok(())
    }
}

async fn make_user(api: &ApiClient, user_pool_id: &str, name: &str) -> anyhow::Result<()> {
    let attributes = json!([{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]);
    let user = json!({
        "UserPoolId": user_pool_id, "Username": name, "UserAttributes": attributes, "MessageAction": "SUPPRESS",
    });
    asked(api, "AdminCreateUser", &user).await?;
    let password =
        json!({"UserPoolId": user_pool_id, "Username": name, "Password": PASSWORD, "Permanent": true});
    asked(api, "AdminSetUserPassword", &password).await?;
    Ok(())
}

/// The answer to a call that has to succeed.
///
/// # Errors
/// The refusal.
pub(crate) async fn asked(api: &ApiClient, operation: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = api
        .call(operation, body)
        .await
        .with_context(|| format!("{} does not answer", api.url()))?;
    if answer.status != 200 {
        bail!("{operation} at {}: {}", api.url(), answer.body);
    }
    Ok(answer.body)
}
