//! The bootstrap from the source tree, by cargo, whose progress goes to standard error as it comes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{Architecture, cargo};
use crate::problem::{Problem, Problems};
use crate::settings::process_environment;

/// Builds it; gives the file.
pub(super) fn build(source: Option<&Path>, architecture: Architecture) -> anyhow::Result<PathBuf> {
    let source = source_tree(source)?;
    let target = Target::of(architecture);
    target.is_installed(&source)?;
    let mut command = Command::new(cargo());
    command
        .current_dir(&source)
        .args([
            "build",
            "--profile",
            "function",
            "--package",
            "function",
            "--bin",
            "bootstrap",
        ])
        .args(["--locked", "--message-format", "json-render-diagnostics"])
        .env("CARGO_ENCODED_RUSTFLAGS", without_folders(&source))
        .stderr(Stdio::inherit());
    target.give(&mut command);
    let output = command.output().context("cargo cannot be started")?;
    if !output.status.success() {
        bail!(
            "cargo could not build the function ({}); what it said is above",
            output.status
        );
    }
    executable(&output.stdout).context("cargo has built no bootstrap")
}

/// The folder of the workspace that has the function.
fn source_tree(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let is_tree = |folder: &Path| folder.join("crates/function/src/bin/bootstrap.rs").is_file();
    let problem = |flag: &str, mend: String| Problems::one(flag, mend).into();
    if let Some(folder) = named {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        return if is_tree(&folder) {
            Ok(folder)
        } else {
            Err(problem(
                "--source",
                format!("{} is not rehome's source tree", folder.display()),
            ))
        };
    }
    let here = std::env::current_dir()?;
    match here.ancestors().find(|folder| is_tree(folder)) {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(problem(
            "--bootstrap",
            "is missing, and this is not rehome's source tree, from which it could be built; name a file, or the tree \
             with --source"
                .to_owned(),
        )),
    }
}

/// Paths of this machine would stand in the messages of panics, and make every machine's program another one.
fn without_folders(source: &Path) -> OsString {
    let mut flags = OsString::new();
    let mut remap = |from: &Path, to: &str| {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push(to);
    };
    let home = process_environment("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| process_environment("HOME").map(|home| Path::new(&home).join(".cargo")));
    if let Some(home) = home {
        remap(&home, "=/cargo");
    }
    remap(source, "=/rehome");
    flags
}

/// The file that cargo names in its messages.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    let lines = messages.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
        .filter(|message| {
            message["reason"] == "compiler-artifact" && message["target"]["name"] == "bootstrap"
        })
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
}

/// What rustc calls the processor, and the linker where it is another than this machine's.
struct Target {
    architecture: Architecture,
    triple: &'static str,
    linker: Option<&'static str>,
}

impl Target {
    fn of(architecture: Architecture) -> Self {
        let (triple, own, linker) = match architecture {
            Architecture::X86_64 => ("x86_64-unknown-linux-gnu", "x86_64", "x86_64-linux-gnu-gcc"),
            Architecture::Arm64 => ("aarch64-unknown-linux-gnu", "aarch64", "aarch64-linux-gnu-gcc"),
        };
        let is_own = std::env::consts::OS == "linux" && std::env::consts::ARCH == own;
        Self {
            architecture,
            triple,
            linker: (!is_own).then_some(linker),
        }
    }

    /// Tells what is missing for another processor than this machine's.
    fn is_installed(&self, source: &Path) -> anyhow::Result<()> {
        let Some(linker) = self.linker else {
            return Ok(());
        };
        // In the source tree, whose toolchain file rustup obeys.
        let sysroot = Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(source)
            .output()
            .context("rustc cannot be started")?;
        let sysroot = String::from_utf8_lossy(&sysroot.stdout).trim().to_owned();
        let mut missing = Vec::new();
        let library = Path::new(&sysroot)
            .join("lib/rustlib")
            .join(self.triple)
            .join("lib");
        if !library.is_dir() {
            missing.push(format!("rustup target add {}", self.triple));
        }
        if Command::new(linker).arg("--version").output().is_err() {
            missing.push(format!(
                "a linker, {linker} (Debian: apt-get install {})",
                package_of(linker)
            ));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let name = self.architecture.name();
        let mend = format!(
            "this machine cannot build for {name} yet; what is missing: {}. Or build it with `cargo lambda build \
             --profile function --package function{}` and name the file with --bootstrap",
            missing.join("; "),
            if self.architecture == Architecture::Arm64 {
                " --arm64"
            } else {
                ""
            }
        );
        Err(Problems(vec![Problem::new(format!("--architecture {name}"), mend)]).into())
    }

    /// Tells cargo, and whoever compiles C for it. What the environment says already goes before.
    fn give(&self, command: &mut Command) {
        command.args(["--target", self.triple]);
        let Some(linker) = self.linker else {
            return;
        };
        let snake = self.triple.replace('-', "_");
        for variable in [
            format!("CARGO_TARGET_{}_LINKER", snake.to_uppercase()),
            format!("CC_{snake}"),
        ] {
            if process_environment(&variable).is_none() {
                command.env(variable, linker);
            }
        }
    }
}

/// Debian's name of it.
fn package_of(linker: &str) -> String {
    let machine = linker.trim_end_matches("-linux-gnu-gcc").replace('_', "-");
    format!("gcc-{machine}-linux-gnu")
}
