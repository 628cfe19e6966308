//! Can a stranger tell who has an account? A bench with a verdict.
//!
//! At an app client that hides unknown users, people who are there and people who are not try the same with a wrong
//! password or code, in rounds of two and two whose order is drawn anew. Two things are held against each other: the
//! answers (status, members, fixed texts to the letter; what chance makes by its form and length), and the times. For
//! times the noise is measured, not assumed: within each round who is there is drawn at random many times over, and the
//! difference that really is there has to be an ordinary one among those, or too small to be seen from outside
//! ([`statistics::RESOLUTION`]). Ends with status 1 when anything tells.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot go on says so"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures of a few thousand"
)]

mod answers;
mod flow;
mod scene;
mod statistics;

use std::process::ExitCode;

use answers::Forms;
use flow::{Flow, Seen};
use scene::{Person, Scene};
use statistics::{Chance, Comparison, Round};
use tokio::runtime::{Builder, Runtime};

/// Rounds a flow, unless the first argument that is a number says otherwise.
const ROUNDS: usize = 150;

fn main() -> ExitCode {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok());
    let rounds: usize = rounds.unwrap_or(ROUNDS);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let servers = runtime("server", cores);
    let clients = runtime("client", 1);
    let chance = Chance::new(0x5eed);
    let scene = servers.block_on(Scene::start(rounds + WARM_UP, &chance));
    println!("{rounds} rounds of two who are there and two who are not; times in ms as a client sees them");
    println!(
        "{:<46} {:>9} {:>9} {:>11} {:>9}  verdict",
        "step", "there", "not", "difference", "noise"
    );
    let mut told = false;
    for flow in Flow::ALL {
        told |= clients.block_on(compare(&scene, *flow, rounds, &chance));
    }
    if told {
        println!("Whoever looks can tell who has an account.");
        return ExitCode::FAILURE;
    }
    println!("Nobody can tell who has an account, within the noise.");
    ExitCode::SUCCESS
}

/// Rounds that are not counted: the first ones fill caches.
const WARM_UP: usize = 3;

fn runtime(name: &str, threads: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    let builder = builder.worker_threads(threads).thread_name(name);
    builder.enable_all().build().unwrap()
}

/// Plays a flow for everybody and prints a line a step. Gives whether anything told people apart.
async fn compare(scene: &Scene, flow: Flow, rounds: usize, chance: &Chance) -> bool {
    let mut steps: Vec<Step> = Vec::new();
    for round in 0..rounds + WARM_UP {
        scene.let_locks_pass();
        let mut people = scene.round(round);
        flow.prepare(scene, &people).await;
        chance.shuffle(&mut people);
        let mut seen = Vec::new();
        for person in &people {
            seen.push((person, flow.play(scene, &person.name).await));
        }
        if round >= WARM_UP {
            note(&mut steps, &seen);
        }
    }
    let mut told = false;
    for step in &steps {
        told |= step.tell(flow, chance);
    }
    told
}

/// All that was seen of one step of a flow.
struct Step {
    name: &'static str,
    there: Forms,
    absent: Forms,
    rounds: Vec<Round>,
}

fn note(steps: &mut Vec<Step>, round: &[(&Person, Vec<Seen>)]) {
    for (n, first) in round[0].1.iter().enumerate() {
        if steps.len() <= n {
            steps.push(Step {
                name: first.step,
                there: Forms::default(),
                absent: Forms::default(),
                rounds: Vec::new(),
            });
        }
        let step = &mut steps[n];
        let mut times = Round::default();
        for (person, seen) in round {
            let Some(seen) = seen.get(n) else { continue };
            let milliseconds = seen.took.as_secs_f64() * 1000.0;
            if person.is_there {
                step.there.note(seen.status, &seen.body, &person.name);
                times.there.push(milliseconds);
            } else {
                step.absent.note(seen.status, &seen.body, &person.name);
                times.absent.push(milliseconds);
            }
        }
        step.rounds.push(times);
    }
}

impl Step {
    fn tell(&self, flow: Flow, chance: &Chance) -> bool {
        let times = Comparison::of(&self.rounds, chance);
        let answers = self.there.difference(&self.absent);
        let verdict = match (&answers, times.tells()) {
            (Some(what), _) => format!("ANSWERS DIFFER: {what}"),
            (None, true) => "TIMES DIFFER".to_owned(),
            (None, false) => "alike".to_owned(),
        };
        println!(
            "{:<46} {:>9.3} {:>9.3} {:>+11.3} {:>9.3}  {verdict}",
            format!("{}: {}", flow.name(), self.name),
            times.there,
            times.absent,
            times.difference,
            times.noise,
        );
        answers.is_some() || times.tells()
    }
}
