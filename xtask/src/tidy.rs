//! `cargo xtask tidy`: does the workspace still look as ARCHITECTURE.md says? Imports go one way, and what the
//! documents name exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Which crates of ours each crate may import. Binaries → adapters → rules → shapes; tests may import what they test.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("trigger", &[]),
    ("model", &[]),
    ("migration", &["trigger"]),
    ("directory", &["migration"]),
    ("pool", &["trigger"]),
    ("store", &["pool"]),
    ("server", &["pool", "model", "trigger"]),
    ("function", &["directory", "migration", "trigger"]),
    (
        "rehome",
        &[
            "server",
            "store",
            "pool",
            "model",
            "function",
            "directory",
            "migration",
            "trigger",
        ],
    ),
    (
        "testkit",
        &[
            "rehome",
            "server",
            "store",
            "pool",
            "model",
            "function",
            "directory",
            "migration",
            "trigger",
        ],
    ),
    ("bench", &["testkit", "rehome", "server", "store", "pool"]),
    ("xtask", &[]),
];

/// Crates that would let a rule do I/O; the rules' manifests may not name them.
const OUTWARD: &[&str] = &[
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "tokio-postgres",
    "aws-sigv4",
    "ldap3",
    "lettre",
];
const RULES: &[&str] = &["trigger", "model", "migration", "pool"];

/// Documents whose names of files and folders must be true.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "README.ja.md",
    "docs/guide.md",
    "docs/guide.ja.md",
];

pub(crate) fn run() -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let mut faults = import_faults(&workspace)?;
    for document in DOCUMENTS {
        faults.extend(name_faults(&workspace, document)?);
    }
    if faults.is_empty() {
        println!(
            "tidy: imports go one way, and {} name what exists",
            DOCUMENTS.join(", ")
        );
        return Ok(());
    }
    for fault in &faults {
        println!("tidy: {fault}");
    }
    bail!("{} faults", faults.len())
}

/// Imports against the one direction.
fn import_faults(workspace: &Path) -> anyhow::Result<Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(workspace)
        .output()
        .context("cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let allowed: BTreeMap<&str, BTreeSet<&str>> = MAY_IMPORT
        .iter()
        .map(|(name, imports)| (*name, imports.iter().copied().collect()))
        .collect();
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(may_import) = allowed.get(name) else {
            faults.push(format!(
                "crate {name} has no row in xtask/src/tidy.rs: say what it may import"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let import = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"].as_str() == Some("dev");
            if allowed.contains_key(import) && !may_import.contains(import) && !for_tests {
                faults.push(format!(
                    "crate {name} imports {import}: not in the direction of ARCHITECTURE.md"
                ));
            }
            if RULES.contains(&name) && OUTWARD.contains(&import) && !for_tests {
                faults.push(format!(
                    "crate {name} holds rules and imports {import}: rules do no I/O"
                ));
            }
        }
    }
    Ok(faults)
}

/// Names of files and folders in a document's back-ticks that are not there.
fn name_faults(workspace: &Path, document: &str) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(workspace.join(document)).with_context(|| document.to_owned())?;
    let quoted = text.split('`').skip(1).step_by(2);
    let names = quoted.filter(|name| {
        let first = name.split('/').next().unwrap_or_default();
        name.contains('/')
            && matches!(
                first,
                "crates" | "xtask" | "deploy" | "docs" | "examples" | "fuzz" | "tests" | ".ci"
            )
            && name.chars().all(|c| c.is_alphanumeric() || "/_.-".contains(c))
    });
    let missing = names.filter(|name| !workspace.join(name).exists());
    Ok(missing
        .map(|name| format!("{document} names {name}, which does not exist"))
        .collect())
}
