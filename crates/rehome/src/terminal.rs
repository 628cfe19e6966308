//! Standard output for people: colours where somebody looks, plain text where a program reads.

use std::io::{self, IsTerminal as _, Write};

/// Where a command's output goes.
pub(crate) struct Terminal {
    out: Box<dyn Write + Send>,
    colours: bool,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Bold,
    Dim,
    Good,
    Bad,
}

impl Terminal {
    /// Standard output; colours on a terminal, unless `NO_COLOR` is set (no-color.org).
    pub(crate) fn stdout() -> Self {
        let colours =
            io::stdout().is_terminal() && crate::settings::process_environment("NO_COLOR").is_none();
        Self {
            out: Box::new(io::stdout()),
            colours,
        }
    }

    /// One line, which is seen at once.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// `text` in a style, if there are styles.
    pub(crate) fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Bad => "31",
        };
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
