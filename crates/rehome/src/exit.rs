//! How a command ends, for those who run it from a script.

use std::process::ExitCode;

/// The exit status of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// It ran, and something was not as it should be.
    Failed,
    /// The command line, a file or a variable is wrong: nothing was done. clap ends with the same status.
    WrongSettings,
    /// `invoke`: the person would not move.
    NotMoved,
    /// `invoke`: the old directory could not be asked.
    CouldNotAsk,
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::WrongSettings => 2,
            Self::NotMoved => 3,
            Self::CouldNotAsk => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
