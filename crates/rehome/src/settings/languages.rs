//! The languages of the pages: those that are compiled in, and the files of a directory.

use std::path::{Path, PathBuf};

use server::Languages;

use super::read as read_file;
use crate::problem::Problem;

const FLAG: &str = "--page-texts";

/// Reads every `<tag>.toml` of the directory, if one is named.
pub(super) fn read(directory: Option<&Path>, problems: &mut Vec<Problem>) -> Option<Languages> {
    let mut languages = match Languages::compiled_in() {
        Ok(languages) => languages,
        Err(error) => {
            problems.push(Problem::new(FLAG, error.to_string()));
            return None;
        }
    };
    let before = problems.len();
    for file in directory.map_or_else(Vec::new, |directory| files(directory, problems)) {
        let tag = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let (Some(tag), Some(text)) = (tag, read_file(&file, FLAG, problems)) else {
            continue;
        };
        if let Err(error) = languages.add(&tag, &text) {
            problems.push(Problem::new(FLAG, format!("{}: {error}", file.display())));
        }
    }
    (problems.len() == before).then_some(languages)
}

/// The TOML files of a directory, in the order of their names: that of the languages on the pages.
fn files(directory: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => {
            let mend = format!("{} cannot be read: {error}", directory.display());
            problems.push(Problem::new(FLAG, mend));
            return Vec::new();
        }
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}
