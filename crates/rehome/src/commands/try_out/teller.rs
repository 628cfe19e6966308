//! The story on the terminal: acts, steps, what happened inside, and what was not as it should be.

use std::fmt::Display;
use std::io;
use std::time::Duration;

use tokio::time::Instant;

use crate::terminal::{Style, Terminal};

/// Columns before the time of a step.
const TITLE_WIDTH: usize = 84;

/// Puts steps on the terminal and counts them.
pub(super) struct Teller<'a> {
    terminal: &'a mut Terminal,
    began: Instant,
    steps: usize,
    wrong: usize,
}

/// How a story went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    steps: usize,
    wrong: usize,
}

impl Told {
    /// Whether every step did what it should.
    pub(super) fn all_well(self) -> bool {
        self.steps > 0 && self.wrong == 0
    }
}

/// One step: what somebody does, what happened inside, what differed.
pub(super) struct Step {
    title: String,
    began: Instant,
    took: Option<Duration>,
    inside: Vec<String>,
    wrong: Vec<String>,
}

impl Step {
    /// Begins the step; the clock runs.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            began: Instant::now(),
            took: None,
            inside: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// What was to be timed is over; checks and look-ups follow.
    pub(super) fn done(&mut self) {
        self.took.get_or_insert_with(|| self.began.elapsed());
    }

    /// A line on what happened inside.
    pub(super) fn inside(&mut self, line: impl Into<String>) {
        self.inside.push(line.into());
    }

    /// Checks one thing. Values are never secrets.
    pub(super) fn expect(&mut self, what: &str, wanted: impl Display, found: impl Display) {
        let (wanted, found) = (wanted.to_string(), found.to_string());
        if wanted != found {
            self.wrong.push(format!("{what}: should be {wanted}, is {found}"));
        }
    }
}

impl<'a> Teller<'a> {
    pub(super) fn new(terminal: &'a mut Terminal) -> Self {
        Self {
            terminal,
            began: Instant::now(),
            steps: 0,
            wrong: 0,
        }
    }

    /// Who plays, before the first act.
    pub(super) fn opening(&mut self, title: &str, lines: &[String]) -> io::Result<()> {
        let title = self.terminal.styled(Style::Bold, title);
        self.terminal.line(&title)?;
        self.terminal.line("")?;
        for line in lines {
            self.terminal.line(&format!("  {line}"))?;
        }
        Ok(())
    }

    /// A new act.
    pub(super) fn act(&mut self, title: &str) -> io::Result<()> {
        let title = self.terminal.styled(Style::Bold, title);
        self.terminal.line(&format!("\n{title}\n"))
    }

    /// A step that is over.
    pub(super) fn tell(&mut self, mut step: Step) -> io::Result<()> {
        step.done();
        let milliseconds = format!("{} ms", step.took.unwrap_or_default().as_millis());
        let mark = if step.wrong.is_empty() {
            self.terminal.styled(Style::Good, "✓")
        } else {
            self.terminal.styled(Style::Bad, "✗")
        };
        let took = self.terminal.styled(Style::Dim, &format!("{milliseconds:>8}"));
        self.terminal
            .line(&format!("  {mark} {:<TITLE_WIDTH$}{took}", step.title))?;
        for line in &step.inside {
            let line = self.terminal.styled(Style::Dim, line);
            self.terminal.line(&format!("      {line}"))?;
        }
        for line in &step.wrong {
            let line = self.terminal.styled(Style::Bad, line);
            self.terminal.line(&format!("      {line}"))?;
        }
        self.steps += 1;
        self.wrong += usize::from(!step.wrong.is_empty());
        Ok(())
    }

    /// The sum.
    pub(super) fn end(self) -> io::Result<Told> {
        let seconds = self.began.elapsed().as_secs_f64();
        let steps = self.steps;
        let sum = match self.wrong {
            0 => self.terminal.styled(
                Style::Good,
                &format!("{steps} steps, each did what it should, in {seconds:.1} s"),
            ),
            wrong => self.terminal.styled(
                Style::Bad,
                &format!("{wrong} of {steps} steps did not do what they should"),
            ),
        };
        self.terminal.line(&format!("\n{sum}"))?;
        Ok(Told {
            steps,
            wrong: self.wrong,
        })
    }
}
