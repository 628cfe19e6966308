//! The last release's `rehome`, which tests start beside this one's: built from its commit once, and kept.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::tools;

/// What counts as the last release: its commit and its number. CONTRIBUTING.md says what changes with them.
const COMMIT: &str = "e0f1f01decb6fc1005c6d7a409245e96bb3463cf";
const VERSION: &str = "0.1.0";

const HOME: &str = ".tools/last-release";

/// The binary, or nothing where the history does not reach back to that release.
pub(crate) fn build(workspace: &Path) -> anyhow::Result<Option<PathBuf>> {
    let home = workspace.join(HOME);
    let (binary, stamp) = (home.join("rehome"), home.join("built"));
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == COMMIT) && binary.is_file() {
        return Ok(Some(binary));
    }
    if !is_in_history(workspace) {
        println!(
            "test: LEFT OUT are the tests of upgrades from the last release: {VERSION} (commit {COMMIT}) is not in the \
             history of this tree. A clone that is not shallow has it (git fetch --unshallow)"
        );
        return Ok(None);
    }
    println!("test: building the last release, {VERSION}, into {HOME}");
    let source = home.join("src");
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    std::fs::create_dir_all(&source)?;
    unpack(workspace, &source)?;
    let built = compile(&source)?;
    std::fs::copy(&built, &binary).with_context(|| built.display().to_string())?;
    ensure_version(&binary)?;
    std::fs::remove_dir_all(source)?;
    std::fs::write(stamp, COMMIT)?;
    Ok(Some(binary))
}

/// Whether git is there and knows the commit. A shallow clone does not, nor does a tree without `.git`.
fn is_in_history(workspace: &Path) -> bool {
    Command::new("git")
        .args(["cat-file", "-e", &format!("{COMMIT}^{{tree}}")])
        .current_dir(workspace)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn unpack(workspace: &Path, source: &Path) -> anyhow::Result<()> {
    let mut archive = Command::new("git")
        .args(["archive", COMMIT])
        .current_dir(workspace)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run git archive")?;
    let files = archive.stdout.take().context("git archive has no output")?;
    tools::run(
        Command::new("tar").arg("-x").current_dir(source).stdin(files),
        "tar",
    )?;
    ensure!(archive.wait()?.success(), "git archive failed");
    Ok(())
}

/// Builds into this workspace's own folder, where all that the two have in common is compiled once. For that the features
/// must be those of the tests, which a test beside the binary brings about. The packages of the two lie side by side there, since
/// their paths differ; only the last step, the name `debug/rehome`, is shared: every build of cargo's gives it to its own again.
fn compile(source: &Path) -> anyhow::Result<PathBuf> {
    let debug = std::env::current_exe()?;
    let debug = debug.parent().context("xtask lies nowhere")?;
    let target = debug.parent().context("xtask lies nowhere")?;
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--locked", "--workspace", "--bin", "rehome"])
        .args(["--test", "help", "--target-dir"])
        .arg(target);
    tools::run(build.current_dir(source), "cargo build of the last release")?;
    Ok(debug.join("rehome"))
}

/// The number and the commit belong together.
fn ensure_version(binary: &Path) -> anyhow::Result<()> {
    let output = Command::new(binary).arg("--version").output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        said.trim_end() == format!("rehome {VERSION}"),
        "commit {COMMIT} builds {said:?}, not {VERSION}"
    );
    Ok(())
}
