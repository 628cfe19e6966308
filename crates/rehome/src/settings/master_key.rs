//! The master key's file: read, or made at the first start. It holds one key, and more, one a line, while one takes the
//! place of another.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pool::ports::Entropy;
use pool::seal::{MasterKey, MasterKeys};
use zeroize::Zeroizing;

use crate::problem::Problem;
use crate::wiring::DATABASE_FILE;

/// The usual file in the data directory.
const FILE: &str = "master.key";

/// Reads the master keys from the file that `given` names, or from the usual one in `data`, which is made when neither
/// it nor a database is there.
///
/// # Errors
/// When the file cannot be read or made, holds no key, or is missing while there is a database that needs it.
pub(super) fn load_or_create(
    data: &Path,
    given: Option<&Path>,
    entropy: &dyn Entropy,
) -> Result<MasterKeys, Problem> {
    let file = place(data, given);
    match read(&file) {
        Err(Unread::Missing) if given.is_none() => create(data, &file, entropy),
        read => read.map_err(|unread| unread.problem(&file)),
    }
}

/// Reads the master keys of a database that other servers may work with too.
///
/// # Errors
/// When the file cannot be read or holds no key.
pub(super) fn load(data: &Path, given: Option<&Path>) -> Result<MasterKeys, Problem> {
    let file = place(data, given);
    read(&file).map_err(|unread| match unread {
        Unread::Missing => wrong(
            &file,
            &format!(
                "is missing; all servers on one database share one key: {HOW_TO_MAKE}, and give it to each"
            ),
        ),
        other => other.problem(&file),
    })
}

fn place(data: &Path, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| data.join(FILE), Path::to_owned)
}

/// Why no key was read.
enum Unread {
    Missing,
    Failed(io::Error),
    NoKey(String),
}

impl Unread {
    fn problem(self, file: &Path) -> Problem {
        match self {
            Self::Missing => wrong(file, &format!("cannot be read: it is not there; {HOW_TO_MAKE}")),
            Self::Failed(error) => wrong(file, &format!("cannot be read: {error}; {HOW_TO_MAKE}")),
            Self::NoKey(error) => wrong(file, &error),
        }
    }
}

fn read(file: &Path) -> Result<MasterKeys, Unread> {
    match std::fs::read_to_string(file).map(Zeroizing::new) {
        Ok(text) => {
            warn_if_open(file, "the master key");
            MasterKeys::parse(&text).map_err(|error| Unread::NoKey(error.to_string()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Unread::Missing),
        Err(error) => Err(Unread::Failed(error)),
    }
}

const HOW_TO_MAKE: &str = "make one with: head -c 32 /dev/urandom | base64 > master.key";

fn create(data: &Path, file: &Path, entropy: &dyn Entropy) -> Result<MasterKeys, Problem> {
    if data.join(DATABASE_FILE).exists() {
        let mend = "is missing, and the database beside it is sealed with it; put it back, or name it with --master-key-file";
        return Err(wrong(file, mend));
    }
    let key = MasterKey::generate(entropy);
    match write(data, file, &key) {
        Ok(()) => {
            tracing::info!(file = %file.display(), "made a master key; without it nobody can open the data, so keep a copy");
            Ok(key.into())
        }
        Err(error) => Err(wrong(file, &format!("cannot be made: {error}"))),
    }
}

/// Writes the key whole or not at all, readable by its owner alone.
fn write(data: &Path, file: &Path, key: &MasterKey) -> io::Result<()> {
    store::sqlite::make_directory(data)?;
    let mut temporary = tempfile::NamedTempFile::new_in(data)?;
    writeln!(temporary, "{}", key.expose_base64().as_str())?;
    temporary.as_file().sync_all()?;
    temporary.persist_noclobber(file)?;
    std::fs::File::open(data)?.sync_all()
}

/// Warns of a key that is not its owner's alone.
#[cfg(unix)]
pub(super) fn warn_if_open(file: &Path, what: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let open = std::fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open {
        tracing::warn!(file = %file.display(), "others can read {what}; run chmod 600 on it");
    }
}

#[cfg(not(unix))]
pub(super) fn warn_if_open(_file: &Path, _what: &str) {}

fn wrong(file: &Path, mend: &str) -> Problem {
    Problem::new("--master-key-file", format!("{}: {mend}", file.display()))
}

#[cfg(test)]
mod tests {
    use pool::ports::SystemEntropy;
    use pool::seal::Sealer;

    use super::*;

    /// The ids of the keys.
    fn load(data: &Path, given: Option<&Path>) -> Result<Vec<String>, String> {
        let keys = load_or_create(data, given, &SystemEntropy).map_err(|problem| problem.to_string())?;
        let sealer = Sealer::of(&keys).unwrap();
        Ok(sealer.master_keys().map(|id| id.to_string()).collect())
    }

    #[test]
    fn the_first_start_makes_a_key_that_later_starts_find() {
        let scratch = tempfile::tempdir().unwrap();
        let data = scratch.path().join("data");
        let made = load(&data, None).unwrap();
        assert_eq!(load(&data, None).unwrap(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let rights = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((rights(&data), rights(&data.join(FILE))), (0o700, 0o600));
        }
    }

    #[test]
    fn a_database_without_its_key_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(DATABASE_FILE), "").unwrap();
        assert!(load(data.path(), None).unwrap_err().contains("put it back"));
        assert!(!data.path().join(FILE).exists());
    }

    #[test]
    fn a_key_that_is_named_has_to_be_there_and_to_be_one() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("k");
        assert!(load(data.path(), Some(&file)).unwrap_err().contains("head -c 32"));
        std::fs::write(&file, "canary").unwrap();
        let told = load(data.path(), Some(&file)).unwrap_err();
        assert!(!told.contains("canary"), "{told}");
        std::fs::write(&file, "00".repeat(32)).unwrap();
        assert_eq!(load(data.path(), Some(&file)).unwrap().len(), 1);
        std::fs::write(&file, format!("{}\n{}\n", "00".repeat(32), "11".repeat(32))).unwrap();
        assert_eq!(load(data.path(), Some(&file)).unwrap().len(), 2);
    }
}
