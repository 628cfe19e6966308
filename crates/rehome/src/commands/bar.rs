//! How far a long command has come: a bar on a terminal, a line a part elsewhere.

use std::io::{self, IsTerminal as _, Write as _};

use store::sqlite::BackupProgress;
use store::transfer::Progress;

/// How many characters the bar has.
const WIDTH: u64 = 30;

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    /// What is being done.
    step: &'static str,
    /// With what.
    part: &'static str,
    /// How much of how much is done, where that is known.
    extent: Option<(u64, u64)>,
}

impl From<Progress> for Mark {
    fn from(progress: Progress) -> Self {
        Self {
            step: progress.step.name(),
            part: progress.table,
            extent: Some((progress.done, progress.of)),
        }
    }
}

impl From<pool::master_key::Progress> for Mark {
    fn from(progress: pool::master_key::Progress) -> Self {
        Self {
            step: "sealing",
            part: progress.part,
            extent: progress.of.map(|of| (progress.done, of)),
        }
    }
}

impl From<BackupProgress> for Mark {
    fn from(progress: BackupProgress) -> Self {
        match progress {
            BackupProgress::Copied { pages, of } => Self {
                step: "copying",
                part: "pages",
                extent: Some((pages, of)),
            },
            BackupProgress::Checking => Self {
                step: "checking",
                part: "every page and every index of the copy",
                extent: None,
            },
        }
    }
}

/// What has been shown.
pub(crate) struct Bar {
    on_terminal: bool,
    /// What the last line told: the step, the part and the hundredths.
    last: Option<(&'static str, &'static str, Option<u64>)>,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self {
            on_terminal: io::stderr().is_terminal(),
            last: None,
        }
    }

    /// Shows how far it is, where that can be seen.
    pub(crate) fn show(&mut self, mark: impl Into<Mark>) {
        let mark = mark.into();
        let hundredths = mark.extent.map(|(done, of)| hundredths(done, of));
        let now = (mark.step, mark.part, hundredths);
        let is_new = if self.on_terminal {
            self.last != Some(now)
        } else {
            self.last.map(|(step, part, _)| (step, part)) != Some((mark.step, mark.part))
        };
        self.last = Some(now);
        if is_new {
            self.write(&text(mark));
        }
    }

    /// Leaves the line to what comes next.
    pub(crate) fn end(&self) {
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

fn text(mark: Mark) -> String {
    let Mark { step, part, extent } = mark;
    let Some((done, of)) = extent else {
        return format!("{step:<9} {part}");
    };
    let hundredths = hundredths(done, of);
    let full = (hundredths * WIDTH / 100).min(WIDTH);
    let bar: String = (0..WIDTH).map(|n| if n < full { '█' } else { '░' }).collect();
    format!("{step:<9} {bar} {hundredths:>3} %  {done} of {of}, {part}")
}

fn hundredths(done: u64, of: u64) -> u64 {
    (done * 100).checked_div(of).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use store::transfer::Step;

    use super::*;

    #[test]
    fn it_says_what_is_done_and_how_far_it_is() {
        let progress = Progress {
            step: Step::Copy,
            table: "login",
            done: 50,
            of: 200,
        };
        let shown = text(progress.into());
        assert!(shown.starts_with("copying   ███████░"), "{shown}");
        assert!(shown.ends_with(" 25 %  50 of 200, login"), "{shown}");
        assert!(text(BackupProgress::Checking.into()).starts_with("checking  every page"));
    }
}
