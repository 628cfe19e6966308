//! The keys of the functions file: each is read from its own file.

use pool::encryption_sdk::{WrappingKey, WrappingKeys};
use server::functions::settings::FunctionsFile;
use zeroize::Zeroizing;

use super::master_key::warn_if_open;
use crate::problem::Problem;

/// Reads every key that a functions file names.
///
/// # Errors
/// The files that cannot be read or hold no key. No problem quotes what is in one.
pub fn read(functions: &FunctionsFile) -> Result<WrappingKeys, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keys = Vec::new();
    for (arn, file) in &functions.keys {
        let key = match std::fs::read_to_string(file).map(Zeroizing::new) {
            Ok(text) => {
                warn_if_open(file, "a key for custom senders");
                WrappingKey::parse(arn.as_str(), &text).map_err(|error| error.to_string())
            }
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        match key {
            Ok(key) => keys.push(key),
            Err(wrong) => problems.push(Problem::new(
                format!("keys.\"{arn}\".file"),
                format!(
                    "{}: {wrong}; make one with: head -c 32 /dev/urandom | base64 > {}",
                    file.display(),
                    file.display()
                ),
            )),
        }
    }
    if problems.is_empty() {
        Ok(keys.into_iter().collect())
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/1";

    fn read_one(path: &std::path::Path) -> Result<WrappingKeys, Vec<Problem>> {
        let mut functions = FunctionsFile::default();
        functions.keys.insert(ARN.to_owned(), path.to_owned());
        read(&functions)
    }

    #[test]
    fn a_key_is_read_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sender.key");
        std::fs::write(&file, "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n").unwrap();
        assert!(read_one(&file).unwrap().find(ARN).is_some());
    }

    #[test]
    fn a_file_without_a_key_is_told_but_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sender.key");
        let absent = read_one(&file).unwrap_err();
        assert!(absent[0].mend.contains("cannot be read") && absent[0].key.contains(ARN));
        std::fs::write(&file, "canary").unwrap();
        let wrong = read_one(&file).unwrap_err();
        assert!(wrong[0].mend.contains("32 bytes as Base64") && !wrong[0].to_string().contains("canary"));
    }
}
