//! Many clients doing the same for a while.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::flow::{Flow, Person};
use crate::process::Process;
use crate::target::Target;

/// How hard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) flow: Flow,
    /// So many at a time, each waiting for its answer.
    pub(crate) clients: usize,
    pub(crate) time: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// How long each took that was served, in order.
    pub(crate) took: Vec<Duration>,
    /// What the others got, and how often.
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) time: Duration,
    /// CPU time of the server meanwhile.
    pub(crate) cpu: Option<Duration>,
    /// Its memory at the end, in bytes.
    pub(crate) memory: Option<u64>,
}

impl Load {
    /// Loads a target.
    ///
    /// # Errors
    /// When a client cannot even begin.
    pub(crate) async fn run(self, target: &Arc<Target>) -> anyhow::Result<Measured> {
        let (ready, begin) = (
            Arc::new(tokio::sync::Barrier::new(self.clients + 1)),
            Arc::new(std::sync::OnceLock::new()),
        );
        let mut clients = JoinSet::new();
        for _ in 0..self.clients {
            let (target, ready, begin) = (Arc::clone(target), Arc::clone(&ready), Arc::clone(&begin));
            clients.spawn(async move {
                let person = Person::new(&target, self.flow).await;
                ready.wait().await;
                let end = *begin.get_or_init(Instant::now) + self.time;
                client(person?, end).await
            });
        }
        ready.wait().await;
        let start = *begin.get_or_init(Instant::now);
        let before = of_all(target, Process::cpu);
        let mut measured = Measured::default();
        while let Some(client) = clients.join_next().await {
            let (took, refused) = client??;
            measured.took.extend(took);
            for (why, times) in refused {
                *measured.refused.entry(why).or_default() += times;
            }
        }
        measured.time = start.elapsed();
        measured.cpu = before
            .zip(of_all(target, Process::cpu))
            .map(|(before, after)| after.saturating_sub(before));
        measured.memory = of_all(target, Process::memory);
        measured.took.sort_unstable();
        Ok(measured)
    }
}

type Answers = (Vec<Duration>, BTreeMap<String, u64>);

async fn client(mut person: Person<'_>, end: Instant) -> anyhow::Result<Answers> {
    let (mut took, mut refused) = (Vec::new(), BTreeMap::new());
    while Instant::now() < end {
        let Some(once) = person.once().await else {
            *refused
                .entry("nobody left for whom it could be done".to_owned())
                .or_default() += 1;
            break;
        };
        match once.refused {
            None => took.push(once.took),
            Some(why) => *refused.entry(why).or_default() += 1,
        }
    }
    Ok((took, refused))
}

/// What all processes of a target have together, if it is known of every one.
fn of_all<T: Sum>(target: &Target, ask: fn(Process) -> anyhow::Result<T>) -> Option<T> {
    if target.processes.is_empty() {
        return None;
    }
    target.processes.iter().map(|process| ask(*process).ok()).sum()
}

/// Milliseconds in which so many of a hundred were served; `took` is in order.
pub(crate) fn percentile(took: &[Duration], percent: usize) -> f64 {
    let index = (took.len() * percent / 100).min(took.len().saturating_sub(1));
    took.get(index)
        .map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
}

impl Measured {
    /// How many were served a second.
    pub(crate) fn rate(&self) -> f64 {
        self.took.len() as f64 / self.time.as_secs_f64()
    }

    /// Milliseconds of the server's CPU for each that was served.
    pub(crate) fn cpu_each(&self) -> Option<f64> {
        self.cpu
            .map(|cpu| cpu.as_secs_f64() * 1000.0 / self.took.len() as f64)
    }
}
