//! Where the pools are kept: in a file of the data directory, or in a database of PostgreSQL.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use pool::ports::Entropy;
use pool::seal::MasterKeys;
use secrecy::{ExposeSecret as _, SecretString};
use store::{DatabaseUrl, PostgresSettings};

use super::master_key;
use crate::problem::Problem;

/// What a command was told of the database, unchecked.
#[derive(Args, Clone, Debug)]
pub struct DatabaseArguments {
    /// Directory for the pools and their master key; made when absent
    #[arg(long, env = "REHOME_DATA", value_name = "DIR", default_value = "rehome-data", value_hint = ValueHint::DirPath)]
    pub data: PathBuf,

    /// PostgreSQL for the pools: postgres://user@host/database
    ///
    /// Instead of a file in the data directory. Any number of servers may work on one database, with one master key. `file:PATH` names a file that holds the URL;
    /// there, or in the variable, a password shows in no list of processes. Another machine is reached by TLS, its
    /// certificate verified (sslmode=verify-full, sslrootcert=FILE) unless the URL says otherwise.
    #[arg(long, env = "REHOME_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<SecretString>,

    /// Most connections to PostgreSQL that this process holds
    #[arg(long, env = "REHOME_DATABASE_CONNECTIONS", hide_short_help = true, value_name = "NUMBER", default_value_t = PostgresSettings::USUAL_CONNECTIONS as u32,
        value_parser = clap::value_parser!(u32).range(4..=1000))]
    pub database_connections: u32,
}

/// Where the pools are kept.
#[derive(Clone, Debug)]
pub enum Database {
    /// In a file of this directory.
    Directory(PathBuf),
    /// In PostgreSQL.
    Postgres(Box<PostgresSettings>),
}

impl DatabaseArguments {
    /// Reads the file of the URL, if one is named, and the URL.
    pub fn check(&self, problems: &mut Vec<Problem>) -> Option<Database> {
        let Some(told) = &self.database_url else {
            return Some(Database::Directory(self.data.clone()));
        };
        let mut settings = PostgresSettings::new(read_url(told, "--database-url", problems)?);
        settings.connections = self.database_connections as usize;
        Some(Database::Postgres(Box::new(settings)))
    }
}

/// A URL, or the one in the file that is named instead.
pub(crate) fn read_url(told: &SecretString, flag: &str, problems: &mut Vec<Problem>) -> Option<DatabaseUrl> {
    let from_file;
    let url = match told.expose_secret().strip_prefix("file:") {
        None => told,
        Some(file) => {
            master_key::warn_if_open(Path::new(file), "the URL of the database");
            from_file = SecretString::from(super::read(Path::new(file), flag, problems)?);
            &from_file
        }
    };
    match DatabaseUrl::parse(url.expose_secret().trim()) {
        Ok(url) => Some(url),
        Err(error) => {
            problems.push(Problem::new(flag, error.to_string()));
            None
        }
    }
}

impl Database {
    /// The master keys of what is kept there: one, or more while one takes the place of another. One for a file in the data directory is made at the first start; one that other
    /// servers work with too is never made, since each would make another.
    ///
    /// # Errors
    /// When the key's file cannot be read or made, holds no key, or is missing.
    pub fn master_keys(
        &self,
        data: &Path,
        given: Option<&Path>,
        entropy: &dyn Entropy,
    ) -> Result<MasterKeys, Problem> {
        match self {
            Self::Directory(_) => master_key::load_or_create(data, given, entropy),
            Self::Postgres(_) => master_key::load(data, given),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(data) => write!(f, "{}", data.display()),
            Self::Postgres(settings) => write!(f, "{}", settings.url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<Database, Vec<Problem>> {
        let mut problems = Vec::new();
        let arguments = DatabaseArguments {
            data: "data".into(),
            database_url: Some(url.into()),
            database_connections: 8,
        };
        arguments.check(&mut problems).ok_or(problems)
    }

    #[test]
    fn a_url_may_stand_in_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "postgres://ann:s3cret@localhost/pools\n").unwrap();
        let database = check(&format!("file:{}", file.path().display())).unwrap();
        assert_eq!(database.to_string(), "postgres://ann@localhost:5432/pools");
        assert!(!format!("{database:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_wrong_with_a_url_is_told_without_it() {
        for wrong in [
            "file:/nowhere/url",
            "mysql://ann:s3cret@db/pools",
            "postgres://ann:s3cret@db/pools?sslmode=prefer",
        ] {
            let problems = check(wrong).unwrap_err();
            assert_eq!(problems.len(), 1);
            assert_eq!(problems[0].key, "--database-url");
            assert!(!problems[0].mend.contains("s3cret"), "{problems:?}");
        }
    }
}
