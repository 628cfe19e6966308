//! How far a long command has come: a bar on a terminal, a line a table elsewhere.

use std::io::{self, IsTerminal as _, Write as _};

use store::transfer::{Progress, Step};

/// How many characters the bar has.
const WIDTH: u64 = 30;

/// What has been shown.
pub(super) struct Bar {
    on_terminal: bool,
    /// What the last line told: the step, the table and the hundredths.
    last: Option<(Step, &'static str, u64)>,
}

impl Bar {
    pub(super) fn new() -> Self {
        Self {
            on_terminal: io::stderr().is_terminal(),
            last: None,
        }
    }

    /// Shows how far it is, where that can be seen.
    pub(super) fn show(&mut self, progress: Progress) {
        let hundredths = (progress.done * 100).checked_div(progress.of).unwrap_or(100);
        let now = (progress.step, progress.table, hundredths);
        let is_new = if self.on_terminal {
            self.last != Some(now)
        } else {
            self.last.map(|(step, table, _)| (step, table)) != Some((progress.step, progress.table))
        };
        self.last = Some(now);
        if is_new {
            self.write(&text(progress, hundredths));
        }
    }

    /// Leaves the line to what comes next.
    pub(super) fn end(&self) {
        if self.on_terminal {
            self.write("");
        }
    }

    fn write(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        // Nobody waits for it.
        let _unseen = if self.on_terminal {
            write!(stderr, "\r\x1b[2K{text}").and_then(|()| stderr.flush())
        } else {
            writeln!(stderr, "{text}")
        };
    }
}

fn text(progress: Progress, hundredths: u64) -> String {
    let step = match progress.step {
        Step::Copy => "copying",
        Step::Compare => "comparing",
    };
    let full = (hundredths * WIDTH / 100).min(WIDTH);
    let bar: String = (0..WIDTH).map(|n| if n < full { '█' } else { '░' }).collect();
    format!(
        "{step:<9} {bar} {hundredths:>3} %  {} of {} rows, {}",
        progress.done, progress.of, progress.table
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_done_and_how_far_it_is() {
        let progress = Progress {
            step: Step::Copy,
            table: "login",
            done: 50,
            of: 200,
        };
        let shown = text(progress, 25);
        assert!(shown.starts_with("copying   ███████░"), "{shown}");
        assert!(shown.ends_with(" 25 %  50 of 200 rows, login"), "{shown}");
    }
}
