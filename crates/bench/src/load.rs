//! Many clients doing the same for a while.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::flow::{Flow, Person};
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
        let before = spent(target);
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
            .zip(spent(target))
            .map(|(before, after)| after.saturating_sub(before));
        measured.memory = memory(target);
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

fn spent(target: &Target) -> Option<Duration> {
    let spent: Option<Vec<_>> = target
        .processes
        .iter()
        .map(|process| process.cpu().ok())
        .collect();
    spent
        .filter(|spent| !spent.is_empty())
        .map(|spent| spent.into_iter().sum())
}

fn memory(target: &Target) -> Option<u64> {
    let memory: Option<Vec<_>> = target
        .processes
        .iter()
        .map(|process| process.memory().ok())
        .collect();
    memory
        .filter(|memory| !memory.is_empty())
        .map(|memory| memory.into_iter().sum())
}

impl Measured {
    /// How many were served a second.
    pub(crate) fn rate(&self) -> f64 {
        self.took.len() as f64 / self.time.as_secs_f64()
    }

    /// Milliseconds in which so many of a hundred were served.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let index = (self.took.len() * percent / 100).min(self.took.len().saturating_sub(1));
        self.took
            .get(index)
            .map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
    }

    /// Milliseconds of the server's CPU for each that was served.
    pub(crate) fn cpu_each(&self) -> Option<f64> {
        self.cpu
            .map(|cpu| cpu.as_secs_f64() * 1000.0 / self.took.len() as f64)
    }
}
