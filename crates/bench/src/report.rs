//! What is left of a run: lines on the terminal while it lasts, then a table and the figures as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::flow::Flow;
use crate::load::{Measured, percentile};

/// A line of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    /// Which server.
    pub(crate) target: String,
    pub(crate) flow: Flow,
    pub(crate) clients: usize,
    /// How many users the pool has, when that is what differs.
    pub(crate) users: Option<u64>,
    /// Served a second.
    pub(crate) rate: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    /// Milliseconds.
    pub(crate) p99: f64,
    /// Milliseconds of the server's CPU for each.
    pub(crate) cpu: Option<f64>,
    /// Megabytes at the end.
    pub(crate) memory: Option<f64>,
    /// How many were not served, by what they got.
    pub(crate) refused: std::collections::BTreeMap<String, u64>,
}

impl Row {
    /// The median of some rounds of the same.
    pub(crate) fn of(
        target: &str,
        (flow, clients): (Flow, usize),
        users: Option<u64>,
        rounds: &[Measured],
    ) -> Self {
        let median = |of: &dyn Fn(&Measured) -> f64| {
            let mut values: Vec<f64> = rounds.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        let known = |of: &dyn Fn(&Measured) -> Option<f64>| {
            rounds
                .iter()
                .all(|round| of(round).is_some())
                .then(|| median(&|round| of(round).unwrap_or(f64::NAN)))
        };
        let mut refused = std::collections::BTreeMap::new();
        for (why, times) in rounds.iter().flat_map(|round| &round.refused) {
            *refused.entry(why.clone()).or_default() += times;
        }
        Self {
            target: target.to_owned(),
            flow,
            clients,
            users,
            rate: median(&Measured::rate),
            p50: median(&|round| percentile(&round.took, 50)),
            p99: median(&|round| percentile(&round.took, 99)),
            cpu: known(&Measured::cpu_each),
            memory: known(&|round| round.memory.map(|bytes| bytes as f64 / 1e6)),
            refused,
        }
    }

    fn cells(&self) -> [String; 9] {
        let or_unknown = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        let refused: u64 = self.refused.values().sum();
        [
            self.flow.name(),
            self.target.clone(),
            self.users
                .map_or_else(|| "–".to_owned(), |users| users.to_string()),
            self.clients.to_string(),
            format!("{:.0}", self.rate),
            format!("{:.2}", self.p50),
            format!("{:.2}", self.p99),
            format!("{} / {}", or_unknown(self.cpu, 2), or_unknown(self.memory, 0)),
            refused.to_string(),
        ]
    }
}

const HEADS: [&str; 9] = [
    "flow",
    "server",
    "users",
    "clients",
    "a second",
    "p50 ms",
    "p99 ms",
    "CPU ms each / MB",
    "refused",
];

/// The rows so far; each is told on the terminal when it comes.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Row>);

impl Report {
    /// Tells the heads of the table.
    pub(crate) fn begin() -> Self {
        println!("{}", line(HEADS.map(str::to_owned)));
        Self::default()
    }

    /// One row more.
    pub(crate) fn add(&mut self, row: Row) {
        println!("{}", line(row.cells()));
        for (why, times) in &row.refused {
            println!("    {times} times: {why}");
        }
        self.0.push(row);
    }

    /// All rows.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.0
    }

    /// Writes `<name>.md` and `<name>.json` into a directory.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn write(&self, directory: &Path, name: &str) -> anyhow::Result<()> {
        fs::create_dir_all(directory)?;
        let mut table = format!("| {} |\n|{}\n", HEADS.join(" | "), " --- |".repeat(HEADS.len()));
        for row in &self.0 {
            let _ = writeln!(table, "| {} |", row.cells().join(" | "));
        }
        let written = |ending: &str, text: String| {
            let path = directory.join(format!("{name}.{ending}"));
            fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
        };
        written("md", table)?;
        written("json", serde_json::to_string_pretty(&self.0)? + "\n")
    }
}

fn line(cells: [String; 9]) -> String {
    let [flow, target, users, clients, rate, p50, p99, server, refused] = cells;
    format!(
        "{flow:<16} {target:<12} {users:>9} {clients:>7} {rate:>9} {p50:>9} {p99:>9} {server:>18} {refused:>8}"
    )
}
