//! `cargo xtask generate`: the typed shapes, the constraint tables and the lists of operations and errors of
//! `crates/model`, from the API model that the botocore package carries as data.
//!
//! Only facts go over (names, types, required members, lengths, ranges, patterns, enums); no documentation text.

mod api;
mod catalogue;
mod families;
mod names;
mod source;
mod tables;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use api::Api;

/// Where the generated files go, below the workspace.
const FOLDER: &str = "crates/model/src/generated";

/// What the command line says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when generating would change a file
    #[arg(long)]
    check: bool,
}

/// Generates, then writes the files or holds them against those checked in.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let api = Api::parse(&source::api_model(&workspace)?)?;
    let files = render(&api, &workspace)?;
    let folder = workspace.join(FOLDER);
    if arguments.check {
        return check(&folder, &files);
    }
    fs::create_dir_all(&folder)?;
    for name in stale(&folder, &files)? {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in &files {
        fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    println!(
        "{} files in {FOLDER}: {} operations",
        files.len(),
        api.operations.len()
    );
    Ok(())
}

/// Every generated file: name and formatted text.
fn render(api: &Api, workspace: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let homes = families::homes(api);
    let mut families: BTreeMap<&str, String> = BTreeMap::new();
    for (shape, family) in &homes {
        let text = families.entry(family).or_default();
        types::render(api, shape, text)?;
        tables::render(api, shape, text)?;
    }

    let mut root = String::from("//! The generated shapes, one file a family of operations.\n\n");
    let mut exports = String::new();
    let mut files = BTreeMap::new();
    let modules: BTreeSet<&str> = families.keys().copied().chain(["error", "operation"]).collect();
    for module in &modules {
        writeln!(root, "mod {module};")?;
        writeln!(exports, "pub use {module}::*;")?;
    }
    root.push_str("#[cfg(test)]\npub(crate) mod typed;\n\n");
    root.push_str(&exports);
    files.insert("mod.rs".to_owned(), root);
    files.insert("operation.rs".to_owned(), catalogue::operations(api)?);
    files.insert("error.rs".to_owned(), catalogue::errors(api)?);
    files.insert("typed.rs".to_owned(), catalogue::typed(api)?);
    for (family, body) in families {
        let subject = family.replace('_', " ");
        let what = if family == "common" {
            "several families"
        } else {
            &subject
        };
        let uses = imports(&body);
        files.insert(
            format!("{family}.rs"),
            format!("//! Shapes of {what}.\n\n{uses}\n{body}"),
        );
    }
    files
        .into_iter()
        .map(|(name, text)| Ok((name, format(&format!("{}{text}", source::HEADER), workspace)?)))
        .collect()
}

/// The `use` lines that a family's file needs.
fn imports(body: &str) -> String {
    let uses = [
        ("std::collections", &["BTreeMap"][..]),
        ("serde", &["Deserialize", "Serialize"]),
        ("serde_json", &["Value"]),
        ("crate", &["Blob", "Sensitive", "Timestamp"]),
        ("crate::pattern", &["Pattern"]),
        ("crate::shape", &["Bounds", "Kind", "Member", "Shape"]),
        ("crate::wire_enum", &["wire_enum"]),
    ];
    let mut text = String::new();
    for (module, names) in uses {
        let named: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| mentions(body, name))
            .collect();
        if !named.is_empty() {
            text.extend(["use ", module, "::{", &named.join(", "), "};\n"]);
        }
    }
    // The families name each other's shapes; which ones is the generator's business, so one glob serves.
    text + "#[allow(unused_imports, reason = \"not every family uses another's shapes\")]\nuse super::*;\n"
}

/// Whether `name` stands in `body` by itself: not inside a longer name, a path, quotes or back-ticks.
fn mentions(body: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || "_`\"".contains(letter);
    body.match_indices(name).any(|(at, _)| {
        let before = body[..at].chars().next_back();
        let after = body[at + name.len()..].chars().next();
        !before.is_some_and(|letter| part(letter) || letter == ':') && !after.is_some_and(part)
    })
}

/// `text` as rustfmt writes it, with the workspace's settings.
fn format(text: &str, workspace: &Path) -> anyhow::Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(workspace)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt does not start")?;
    let mut stdin = child.stdin.take().context("rustfmt has no input")?;
    let input = text.to_owned();
    // Beside the reader, so that neither side waits for the other on a full pipe.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    if let Ok(written) = writer.join() {
        written?;
    }
    if !output.status.success() {
        bail!("rustfmt refuses a generated file");
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Fails when a file checked in differs from what was generated.
fn check(folder: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let mut different: Vec<String> = stale(folder, files)?;
    for (name, text) in files {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            different.push(name.clone());
        }
    }
    if different.is_empty() {
        return Ok(());
    }
    bail!(
        "{FOLDER} is stale: {}; run `cargo xtask generate`",
        different.join(", ")
    );
}

/// Files that are there though nothing generates them any more.
fn stale(folder: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) {
            names.push(name);
        }
    }
    Ok(names)
}
