//! `rehome package`: the zip that Lambda takes, the same bytes from the same input.

mod archive;
mod bootstrap;
mod build;
mod configuration;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum, ValueHint};
use serde_json::json;

use crate::exit::Exit;
use crate::problem::Problems;
use crate::settings::process_environment;
use crate::terminal::{Style, Terminal};

use archive::Archive;
use bootstrap::Bootstrap;
use configuration::Configuration;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome package
      In rehome's source tree: builds the function and writes rehome-x86-64.zip.

  rehome package --config rehome.toml --architecture arm64 --output function.zip
      With the function's configuration in it, which is checked first; for Graviton.

  rehome package --bootstrap target/lambda/bootstrap/bootstrap --architecture arm64
      A bootstrap that is built already, by `cargo lambda build` for one.

The zip is the same, byte by byte, for the same bootstrap and configuration: its SHA-256 is what Lambda shows as
CodeSha256. It holds no time, no user and no folder of the machine that made it.
On Lambda: runtime provided.al2023, any handler, 256 MB, time-out 15 s. Templates are under deploy/, docs/guide.md leads
through all of it.
Exit status: 0 written, 1 failed, 2 the configuration or an argument is wrong.";

/// What `rehome package` was told.
#[derive(Args, Debug)]
pub struct PackageArguments {
    /// The function's configuration, to go into the zip; without it the variables OLD_USER_POOL_ID, … count alone
    #[arg(long, env = "REHOME_CONFIG", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// The processor it is for
    #[arg(long, env = "REHOME_ARCHITECTURE", value_name = "ARCHITECTURE", value_enum, default_value_t = Architecture::X86_64)]
    pub architecture: Architecture,

    /// A bootstrap that is built already [default: it is built from the source tree]
    #[arg(long, env = "REHOME_BOOTSTRAP", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub bootstrap: Option<PathBuf>,

    /// rehome's source tree [default: this directory or one above it]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "bootstrap")]
    pub source: Option<PathBuf>,

    /// Where the zip goes [default: rehome-<architecture>.zip]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// The processors that Lambda has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// Intel and AMD; Lambda calls it x86_64
    #[value(name = "x86-64", alias = "x86_64")]
    X86_64,
    /// Graviton
    Arm64,
}

impl Architecture {
    /// As this program writes it.
    fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86-64",
            Self::Arm64 => "arm64",
        }
    }

    /// As Lambda's `Architectures` has it.
    fn at_lambda(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// Checks, builds, writes, tells.
///
/// # Errors
/// [`Problems`] with the configuration; what keeps the function from being built or the zip from being written.
pub fn run(arguments: PackageArguments) -> anyhow::Result<Exit> {
    let configuration = arguments.config.as_deref().map(Configuration::read).transpose()?;
    let architecture = arguments.architecture;
    let file = match &arguments.bootstrap {
        Some(file) => file.clone(),
        None => build::build(arguments.source.as_deref(), architecture)?,
    };
    let bootstrap = Bootstrap::read(&file, architecture).map_err(|problem| Problems(vec![problem]))?;
    let archive = Archive::of(&bootstrap, configuration.as_ref())?;
    let output = arguments
        .output
        .unwrap_or_else(|| PathBuf::from(format!("rehome-{}.zip", architecture.name())));
    write(&output, &archive.bytes)?;
    let told = Told {
        output: &output,
        architecture,
        archive: &archive,
        configuration: configuration.as_ref(),
        file: &file,
    };
    let mut terminal = Terminal::stdout();
    if arguments.json {
        terminal.line(&format!("{:#}", told.in_json()))?;
    } else {
        told.print(&mut terminal)?;
    }
    Ok(Exit::Done)
}

/// Whole or not at all: a half-written zip would be deployed some day.
fn write(output: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let written = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new()
            .permissions(permissions())
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.persist(output)?;
        Ok(())
    };
    written().with_context(|| format!("{} cannot be written", output.display()))
}

/// As any file: what is in it is meant for others. The process's mask still counts.
fn permissions() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}

/// What there is to tell.
struct Told<'a> {
    output: &'a Path,
    architecture: Architecture,
    archive: &'a Archive,
    configuration: Option<&'a Configuration>,
    file: &'a Path,
}

impl Told<'_> {
    fn print(&self, terminal: &mut Terminal) -> std::io::Result<()> {
        terminal.line(&terminal.styled(Style::Bold, &self.output.display().to_string()))?;
        for entry in &self.archive.entries {
            let from = if entry.name == archive::BOOTSTRAP {
                format!("  from {}", self.file.display())
            } else {
                String::new()
            };
            terminal.line(&format!(
                "  {:<12} {:>9}  mode {:o}{from}",
                entry.name,
                size(entry.size),
                entry.mode
            ))?;
        }
        terminal.line(&format!("  size         {:>9}", size(self.archive.bytes.len())))?;
        terminal.line(&format!("  CodeSha256   {}", self.archive.code_sha256))?;
        terminal.line(&format!(
            "  on Lambda    runtime provided.al2023, architecture {}",
            self.architecture.at_lambda()
        ))?;
        for note in self.notes() {
            terminal.line(&format!("{} {note}", terminal.styled(Style::Bad, "note:")))?;
        }
        Ok(())
    }

    fn in_json(&self) -> serde_json::Value {
        json!({
            "file": self.output.display().to_string(),
            "bytes": self.archive.bytes.len(),
            "codeSha256": self.archive.code_sha256,
            "architecture": self.architecture.at_lambda(),
            "runtime": "provided.al2023",
            "entries": self.archive.entries.iter().map(|entry| json!({
                "name": entry.name, "bytes": entry.size, "mode": format!("{:o}", entry.mode),
            })).collect::<Vec<_>>(),
            "notes": self.notes(),
        })
    }

    fn notes(&self) -> Vec<String> {
        match self.configuration {
            Some(configuration) => configuration.notes.clone(),
            None => vec![
                "no configuration inside: the function needs OLD_USER_POOL_ID and OLD_CLIENT_ID in its environment"
                    .to_owned(),
            ],
        }
    }
}

/// `2.8 MB`, `512 B`.
fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

/// The cargo that runs this, or the one in the path.
fn cargo() -> PathBuf {
    process_environment("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(
            [size(999), size(1_250), size(2_831_155)],
            ["999 B", "1.2 kB", "2.8 MB"]
        );
    }
}
