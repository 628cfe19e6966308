//! `bench soak`: a server at four fifths of what it can do, for an hour, and whether anything grows.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout_at};

use crate::flow::{Flow, Once, Person};
use crate::growth::{Limits, Sample, judge};
use crate::load::percentile;
use crate::ours::{self, Ours, Place};
use crate::plot::{self, Panel};
use crate::target::{Target, asked};

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask bench soak                     an hour, on SQLite
  cargo xtask bench soak --minutes 5

It ends with exit status 1 when memory, descriptors or latency have grown after the first quarter.";

#[derive(Args, Debug)]
pub(crate) struct SoakArguments {
    /// How long
    #[arg(long, default_value_t = 60.0)]
    minutes: f64,
    /// How many times the server is looked at
    #[arg(long, default_value_t = 60)]
    samples: u32,
    /// How many clients at a time
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// The share of what the server can do that it has to do
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    load: f64,
    /// Where the picture goes
    #[arg(long, value_name = "DIRECTORY", default_value = "target/bench")]
    out: PathBuf,
}

/// What clients do, in turn. Who is created is deleted again, so that the pool stays as large as it is.
const MIX: [Flow; 10] = [
    Flow::Password,
    Flow::Refresh,
    Flow::Password,
    Flow::ListUsers,
    Flow::Refresh,
    Flow::Password,
    Flow::CreateUser,
    Flow::Refresh,
    Flow::Password,
    Flow::Srp,
];

/// How many users can sign in.
const SETTLED: u64 = 1000;

/// How long it is found out what the server can do.
const CALIBRATION: Duration = Duration::from_secs(5);

/// Runs it.
///
/// # Errors
/// When the server cannot be started, or something has grown.
pub(crate) async fn run(arguments: SoakArguments) -> anyhow::Result<()> {
    let files = tempfile::tempdir()?;
    ours::make_key(files.path())?;
    let server = Ours::start(&Place::Directory(files.path().join("data")), files.path(), None)?;
    let mut target = server.target("rehome")?;
    target.make_people(SETTLED, 0).await?;
    let target = Arc::new(target);
    let time = Duration::from_secs_f64(arguments.minutes * 60.0);
    let most = rate(&target, arguments.clients, CALIBRATION.min(time)).await?;
    let rate = most * arguments.load;
    println!("{most:.0} a second at most; {rate:.0} a second from now on");
    println!("minute  a second  p50 ms  p99 ms     MB  descriptors  refused");
    let samples = soak(&target, &arguments, time, rate).await?;
    drop(server);
    std::fs::create_dir_all(&arguments.out)?;
    plot::draw(&panels(&samples), &arguments.out.join("soak.svg"))?;
    let grown = judge(&samples, &Limits::default());
    if grown.is_empty() {
        println!("nothing has grown");
        return Ok(());
    }
    bail!("{}", grown.join("; "))
}

/// How many are served a second when nobody waits between two.
async fn rate(target: &Arc<Target>, clients: usize, time: Duration) -> anyhow::Result<f64> {
    let (told, mut heard) = unbounded_channel();
    let began = Instant::now();
    let mut working = start(target, clients, None, began + time, &told);
    drop(told);
    let mut served = 0;
    while let Some(once) = heard.recv().await {
        served += u32::from(once.refused.is_none());
    }
    ended(&mut working).await?;
    Ok(f64::from(served) / began.elapsed().as_secs_f64())
}

async fn soak(
    target: &Arc<Target>,
    arguments: &SoakArguments,
    time: Duration,
    rate: f64,
) -> anyhow::Result<Vec<Sample>> {
    let (told, mut heard) = unbounded_channel();
    let pause = Duration::from_secs_f64(arguments.clients as f64 / rate);
    let began = Instant::now();
    let mut working = start(target, arguments.clients, Some(pause), began + time, &told);
    drop(told);
    let mut samples = Vec::new();
    for number in 1..=arguments.samples {
        let until = began + time * number / arguments.samples;
        let sample = sample(target, &mut heard, (began, until), time / arguments.samples).await?;
        println!(
            "{:>6.1} {:>9.0} {:>7.2} {:>7.2} {:>6.1} {:>12} {:>8}",
            sample.minute,
            sample.rate,
            sample.p50,
            sample.p99,
            sample.memory,
            sample.descriptors,
            sample.refused
        );
        samples.push(sample);
    }
    ended(&mut working).await?;
    Ok(samples)
}

type Clients = JoinSet<anyhow::Result<()>>;

fn start(
    target: &Arc<Target>,
    clients: usize,
    pause: Option<Duration>,
    end: Instant,
    told: &UnboundedSender<Once>,
) -> Clients {
    let mut working = JoinSet::new();
    for number in 0..clients {
        let (target, told) = (Arc::clone(target), told.clone());
        working.spawn(async move { client(&target, number, pause, end, &told).await });
    }
    working
}

async fn client(
    target: &Target,
    number: usize,
    pause: Option<Duration>,
    end: Instant,
    told: &UnboundedSender<Once>,
) -> anyhow::Result<()> {
    let mut people = Vec::new();
    for flow in MIX {
        people.push((flow, Person::new(target, flow).await?));
    }
    let mut pace = pause.map(interval);
    if let Some(pace) = &mut pace {
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    // Not all at the same point of the mix.
    people.rotate_left(number % MIX.len());
    while Instant::now() < end {
        for (flow, person) in &mut people {
            if let Some(pace) = &mut pace {
                pace.tick().await;
            }
            let Some(once) = person.once().await else {
                continue;
            };
            if *flow == Flow::CreateUser && once.refused.is_none() {
                let user = json!({"UserPoolId": target.pool.user_pool, "Username": person.last_created()});
                let api = target.api().context("no endpoint")?;
                asked(api, "AdminDeleteUser", &user).await?;
            }
            // Nobody listens any more once the last sample was taken.
            let _late = told.send(once);
        }
    }
    Ok(())
}

async fn ended(clients: &mut Clients) -> anyhow::Result<()> {
    while let Some(client) = clients.join_next().await {
        client??;
    }
    Ok(())
}

async fn sample(
    target: &Target,
    heard: &mut UnboundedReceiver<Once>,
    (began, until): (Instant, Instant),
    time: Duration,
) -> anyhow::Result<Sample> {
    let (mut took, mut refused) = (Vec::new(), 0);
    while let Ok(Some(once)) = timeout_at(until.into(), heard.recv()).await {
        match once.refused {
            None => took.push(once.took),
            Some(_) => refused += 1,
        }
    }
    took.sort_unstable();
    let process = target.processes.first().context("no process")?;
    Ok(Sample {
        minute: began.elapsed().as_secs_f64() / 60.0,
        rate: took.len() as f64 / time.as_secs_f64(),
        p50: percentile(&took, 50),
        p99: percentile(&took, 99),
        memory: process.memory()? as f64 / 1e6,
        descriptors: process.descriptors()?,
        refused,
    })
}

/// One figure of a sample.
type Figure<'a> = &'a dyn Fn(&Sample) -> f64;

fn panels(samples: &[Sample]) -> Vec<[Panel; 2]> {
    let panel = |title: &str, lines: &[(&str, Figure<'_>)]| Panel {
        title: title.to_owned(),
        across: "minutes",
        powers: false,
        lines: lines
            .iter()
            .map(|(name, y)| {
                let points = samples.iter().map(|sample| (sample.minute, y(sample)));
                ((*name).to_owned(), points.collect())
            })
            .collect(),
    };
    vec![
        [
            panel("memory, MB", &[("resident", &|sample| sample.memory)]),
            panel("descriptors", &[("open", &|sample| sample.descriptors as f64)]),
        ],
        [
            panel(
                "latency, ms",
                &[("p50", &|sample| sample.p50), ("p99", &|sample| sample.p99)],
            ),
            panel("served a second", &[("all", &|sample| sample.rate)]),
        ],
    ]
}
