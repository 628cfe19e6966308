//! `bench load`: an endpoint under load, beside others in the same run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum as _};
use rehome::api_client::{ApiClient, Signer};
use rehome::arn::Region;
use serde_json::json;
use server::functions::Credentials;

use crate::flow::Flow;
use crate::load::Load;
use crate::ours::{self, Ours, Place};
use crate::plot;
use crate::process::Process;
use crate::report::{Report, Row};
use crate::target::{PoolNames, Target, asked};

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask bench load                                          a server of ours, started for it
  cargo xtask bench load --at other=http://127.0.0.1:9230         beside another, on which a pool is made
  cargo xtask bench load --no-ours --at new=https://cognito-idp.eu-west-1.amazonaws.com,pool=eu-west-1_AbCdEf123,client=…
                                                                  a pool at AWS, which takes less than it can: AWS
                                                                  bills users and limits rates

Users are made in the pool by AdminCreateUser and AdminSetUserPassword and stay there. Requests are signed with
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN where these are set.";

#[derive(Args, Debug)]
pub(crate) struct LoadArguments {
    /// An endpoint to load: NAME=URL, and after commas pool=ID and client=ID (else a pool is made), old=ID of the pool that
    /// the *migrate user* function asks, pid=PID of the server on this machine
    #[arg(long = "at", value_name = "NAME=URL[,…]")]
    at: Vec<At>,
    /// Start no server of ours
    #[arg(long, requires = "at")]
    no_ours: bool,
    #[command(flatten)]
    load: LoadOptions,
    /// How many users can sign in
    #[arg(long, value_name = "N", default_value_t = 1000)]
    settled: u64,
    /// How many users wait in the old pool, for first sign-ins
    #[arg(long, value_name = "N", default_value_t = 5000)]
    waiting: u64,
}

/// What is done, how hard, and where it is written.
#[derive(Args, Clone, Debug)]
pub(crate) struct LoadOptions {
    /// What clients do
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Flow::value_variants().iter().copied())]
    pub(crate) flows: Vec<Flow>,
    /// How many clients at a time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64])]
    pub(crate) clients: Vec<usize>,
    /// How long a round is
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// How many rounds of each; the median is told
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Where table, figures and pictures go
    #[arg(long, value_name = "DIRECTORY", default_value = "target/bench")]
    pub(crate) out: PathBuf,
}

impl LoadOptions {
    /// Every target, with the number of its users where that differs, in turn, round by round, so that what else the machine does meets all of them alike.
    ///
    /// # Errors
    /// When a client cannot begin.
    pub(crate) async fn run(
        &self,
        targets: &[(Option<u64>, Arc<Target>)],
        report: &mut Report,
    ) -> anyhow::Result<()> {
        for &flow in &self.flows {
            for &clients in &self.clients {
                let load = Load {
                    flow,
                    clients,
                    time: Duration::from_secs_f64(self.seconds),
                };
                let mut rounds: BTreeMap<usize, Vec<_>> = BTreeMap::new();
                for _ in 0..self.rounds {
                    for (index, (_, target)) in targets.iter().enumerate() {
                        let lacks_an_old_pool = flow == Flow::FirstSignIn && target.pool.old_pool.is_none();
                        if !lacks_an_old_pool {
                            rounds.entry(index).or_default().push(load.run(target).await?);
                        }
                    }
                }
                for (index, rounds) in rounds {
                    let (users, target) = targets.get(index).context("a target")?;
                    report.add(Row::of(&target.name, (flow, clients), *users, &rounds));
                }
            }
        }
        Ok(())
    }
}

/// An endpoint as the command line names it.
#[derive(Clone, Debug)]
struct At {
    name: String,
    url: String,
    more: BTreeMap<String, String>,
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "an endpoint is written NAME=URL[,pool=ID,client=ID][,old=ID][,pid=PID]";
        let mut parts = text.split(',').map(|part| part.split_once('='));
        let (name, url) = parts.next().flatten().ok_or(FORM)?;
        let more: Option<BTreeMap<_, _>> = parts
            .map(|part| part.map(|(key, value)| (key.to_owned(), value.to_owned())))
            .collect();
        let more = more.ok_or(FORM)?;
        if let Some(key) = more
            .keys()
            .find(|key| !["pool", "client", "old", "pid"].contains(&key.as_str()))
        {
            return Err(format!("{key} is unknown; {FORM}"));
        }
        Ok(Self {
            name: name.to_owned(),
            url: url.to_owned(),
            more,
        })
    }
}

/// Runs it.
///
/// # Errors
/// What an endpoint says.
pub(crate) async fn run(arguments: LoadArguments) -> anyhow::Result<()> {
    let files = tempfile::tempdir()?;
    ours::make_key(files.path())?;
    let mut targets = Vec::new();
    let mut own = None;
    if !arguments.no_ours {
        let data = Place::Directory(files.path().join("data"));
        let server = Ours::start(&data, files.path(), None)?;
        targets.push(server.target("rehome")?);
        own = Some(server);
    }
    for place in &arguments.at {
        targets.push(reach(place).await?);
    }
    let mut ready = Vec::new();
    for mut target in targets {
        let waiting = if arguments.load.flows.contains(&Flow::FirstSignIn) {
            arguments.waiting
        } else {
            0
        };
        target.make_people(arguments.settled, waiting).await?;
        ready.push((None, Arc::new(target)));
    }
    let mut report = Report::begin();
    arguments.load.run(&ready, &mut report).await?;
    drop(own);
    report.write(&arguments.load.out, "load")?;
    plot::draw(
        &plot::by_clients(report.rows()),
        &arguments.load.out.join("load.svg"),
    )
}

/// An endpoint that is there, with a pool of its own if none was named.
async fn reach(place: &At) -> anyhow::Result<Target> {
    let more = |key: &str| place.more.get(key).cloned();
    let mut api = ApiClient::signing(&place.url, Signer::Anybody)?;
    if let Some(credentials) = credentials() {
        let pool = more("pool");
        let region = pool.as_deref().and_then(|pool| pool.split('_').next());
        let region = region
            .map(str::to_owned)
            .or_else(|| std::env::var("AWS_REGION").ok());
        let region = Region::parse(&region.unwrap_or_else(|| "us-east-1".to_owned()))
            .ok_or_else(|| anyhow!("the pool's id names no Region"))?;
        api = ApiClient::signing(&place.url, Signer::Holder { credentials, region })?;
    }
    let pool = match (more("pool"), more("client")) {
        (Some(user_pool), Some(client)) => PoolNames {
            user_pool,
            client,
            old_pool: more("old"),
        },
        _ => make_pool(&api).await?,
    };
    let pid = more("pid").map(|pid| pid.parse()).transpose();
    let pid: Option<u32> = pid.context("pid is a number")?;
    let processes = pid.map(Process).into_iter().collect();
    Ok(Target::new(&place.name, api, pool, processes))
}

async fn make_pool(api: &ApiClient) -> anyhow::Result<PoolNames> {
    let pool = json!({"PoolName": "bench", "UsernameAttributes": ["email"]});
    let made = asked(api, "CreateUserPool", &pool).await?;
    let user_pool = made["UserPool"]["Id"]
        .as_str()
        .context("no pool's id")?
        .to_owned();
    let flows = [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ];
    let wanted = json!({"UserPoolId": user_pool, "ClientName": "bench", "ExplicitAuthFlows": flows});
    let made = asked(api, "CreateUserPoolClient", &wanted).await?;
    let client = made["UserPoolClient"]["ClientId"]
        .as_str()
        .context("no app client's id")?
        .to_owned();
    Ok(PoolNames {
        user_pool,
        client,
        old_pool: None,
    })
}

fn credentials() -> Option<Credentials> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let keys = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
    keys.map(|(id, secret)| Credentials::new(id, secret, variable("AWS_SESSION_TOKEN"), None, "environment"))
}
