//! The migrations: what brings a database of any earlier release to this release's tables.
//!
//! To change the tables add a file `migrations/NNNN_<what>.sql`, a row to [`MIGRATIONS`] and its checksum to the test
//! below. A released file is never edited: databases remember its checksum and are refused when it differs.
//!
//! While nodes are replaced one by one, those of the last release work beside those of this one. A step that they can live
//! with is called `NNNN_expand_<what>`: it adds tables, indexes and columns, the columns with a default or null, the tables
//! without a reference to others or with `ON DELETE CASCADE`. What takes something away, or makes more than one release
//! ago's statements fail, waits for the release after the one that no longer needs it, and is not called so.

use pool::ports::{StoreError, Unready};

use crate::session::Session;

/// One step. Its number is its place in [`MIGRATIONS`], from 1.
#[derive(Debug)]
pub(crate) struct Migration {
    /// What it does, as its file is named.
    pub(crate) name: &'static str,
    /// Its statements.
    pub(crate) sql: &'static str,
}

/// All of them, in their order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_pools_app_clients_and_users",
        sql: include_str!("../migrations/0001_pools_app_clients_and_users.sql"),
    },
    Migration {
        name: "0002_groups_devices_and_token_families",
        sql: include_str!("../migrations/0002_groups_devices_and_token_families.sql"),
    },
    Migration {
        name: "0003_deliveries",
        sql: include_str!("../migrations/0003_deliveries.sql"),
    },
    Migration {
        name: "0004_unknown_names",
        sql: include_str!("../migrations/0004_unknown_names.sql"),
    },
    Migration {
        name: "0005_user_pool_domains",
        sql: include_str!("../migrations/0005_user_pool_domains.sql"),
    },
    Migration {
        name: "0006_branding",
        sql: include_str!("../migrations/0006_branding.sql"),
    },
    Migration {
        name: "0007_expand_master_key_record",
        sql: include_str!("../migrations/0007_expand_master_key_record.sql"),
    },
];

/// What a database records while another is copied into it: no migration, and never beside a server.
pub(crate) const MOVING: &str = "moving";

/// Name and checksum of the applied ones, in order.
pub(crate) const RECORDED: &str = "SELECT name, checksum FROM schema_migration ORDER BY schema_migration_id";

/// Where the applied ones are recorded.
pub(crate) const TABLE: &str = "CREATE TABLE schema_migration (
    schema_migration_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    CONSTRAINT schema_migration_pk PRIMARY KEY (schema_migration_id)
)";

impl Migration {
    /// Tells an edited file: 64-bit FNV-1a in hexadecimal. It guards against mistakes, not against malice.
    pub(crate) fn checksum(&self) -> String {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let hash = self
            .sql
            .bytes()
            .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        format!("{hash:016x}")
    }
}

/// What a database says of itself: name and checksum of each applied migration, in order.
pub(crate) type Applied = Vec<(String, String)>;

/// Why a database cannot be brought to this release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It has migrations that this release does not know, and may not be able to work with.
    Newer {
        /// The first of them.
        migration: String,
    },
    /// Another database is being copied into it.
    Moving,
    /// A migration was another when it was applied.
    Altered {
        /// Which.
        migration: String,
    },
}

/// The migrations that `applied` lacks.
pub(crate) fn missing(
    migrations: &'static [Migration],
    applied: &Applied,
) -> Result<&'static [Migration], Refusal> {
    if applied.iter().any(|(name, _)| name == MOVING) {
        return Err(Refusal::Moving);
    }
    for (place, (name, checksum)) in applied.iter().enumerate() {
        let Some(known) = migrations.get(place) else {
            if only_expands(name) {
                continue;
            }
            return Err(Refusal::Newer {
                migration: name.clone(),
            });
        };
        if known.name != name || known.checksum() != *checksum {
            return Err(Refusal::Altered {
                migration: name.clone(),
            });
        }
    }
    Ok(migrations.get(applied.len()..).unwrap_or_default())
}

/// What a database records of itself.
pub(crate) async fn recorded(session: &mut impl Session) -> Result<Applied, StoreError> {
    let rows = session.rows(RECORDED, &[]).await?;
    rows.into_iter()
        .map(|mut row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
}

/// Whether a server of this release can work with the tables of a database while it runs.
pub(crate) fn check(applied: &Applied) -> Result<(), Unready> {
    let amiss = match missing(MIGRATIONS, applied) {
        Ok([]) => return Ok(()),
        Ok([first, ..]) => format!("{} lacks", first.name),
        Err(Refusal::Newer { migration }) => format!("{migration} is a newer one's"),
        Err(Refusal::Altered { migration }) => format!("{migration} is another build's"),
        Err(Refusal::Moving) => "rehome db move has not come to its end".to_owned(),
    };
    Err(Unready::Tables(amiss))
}

/// What is recorded, without the mark of a move where the move itself asks.
pub(crate) fn unmarked(mut applied: Applied, moving: bool) -> Applied {
    if moving {
        applied.retain(|(name, _)| name != MOVING);
    }
    applied
}

/// Whether a release that does not know a migration can work with what it has made.
fn only_expands(name: &str) -> bool {
    let what = name.trim_start_matches(|character: char| character.is_ascii_digit());
    what.starts_with("_expand_")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checksums of the released migrations. Add a line for a new one; never change one.
    const RELEASED: &[&str] = &[
        "c8ef469e5bb37210",
        "cde2648143589b10",
        "0d76b25874eb04ab",
        "6ccd654a5cc31b39",
        "8b4b07969a6135bb",
        "9377e60cf33d4ac2",
        "e95ad5f0b1dd9ec9",
    ];

    fn applied(rows: &[(&str, &str)]) -> Applied {
        rows.iter()
            .map(|(name, checksum)| ((*name).to_owned(), (*checksum).to_owned()))
            .collect()
    }

    #[test]
    fn no_released_migration_is_edited() {
        let checksums: Vec<String> = MIGRATIONS.iter().map(Migration::checksum).collect();
        assert_eq!(checksums, RELEASED);
    }

    #[test]
    fn a_fresh_database_lacks_all_migrations_and_a_current_one_none() {
        assert_eq!(
            missing(MIGRATIONS, &Applied::new()).unwrap().len(),
            MIGRATIONS.len()
        );
        let current = MIGRATIONS
            .iter()
            .map(|m| (m.name.to_owned(), m.checksum()))
            .collect();
        assert!(missing(MIGRATIONS, &current).unwrap().is_empty());
    }

    #[test]
    fn a_database_of_a_newer_release_is_refused() {
        let mut newer: Applied = MIGRATIONS
            .iter()
            .map(|m| (m.name.to_owned(), m.checksum()))
            .collect();
        newer.extend(applied(&[("9999_what_is_to_come", "0")]));
        let refusal = missing(MIGRATIONS, &newer).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Newer {
                migration: "9999_what_is_to_come".to_owned()
            }
        );
    }

    #[test]
    fn a_database_that_a_newer_release_has_only_expanded_is_used() {
        let mut newer: Applied = MIGRATIONS
            .iter()
            .map(|m| (m.name.to_owned(), m.checksum()))
            .collect();
        newer.extend(applied(&[("9998_expand_what_is_to_come", "0")]));
        assert!(missing(MIGRATIONS, &newer).unwrap().is_empty());
        newer.extend(applied(&[("9999_contract_it", "0")]));
        let refusal = missing(MIGRATIONS, &newer).unwrap_err();
        assert!(matches!(refusal, Refusal::Newer { migration } if migration == "9999_contract_it"));
    }

    #[test]
    fn a_database_that_is_being_filled_is_refused_to_all_but_the_move() {
        let mut filled = applied(&[(MOVING, "{}")]);
        filled.push((MIGRATIONS[0].name.to_owned(), MIGRATIONS[0].checksum()));
        assert_eq!(missing(MIGRATIONS, &filled).unwrap_err(), Refusal::Moving);
        assert_eq!(
            missing(MIGRATIONS, &unmarked(filled, true)).unwrap().len(),
            MIGRATIONS.len() - 1
        );
    }

    #[test]
    fn a_database_with_an_altered_migration_is_refused() {
        let altered = applied(&[(MIGRATIONS[0].name, "another checksum")]);
        let refusal = missing(MIGRATIONS, &altered).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Altered {
                migration: MIGRATIONS[0].name.to_owned()
            }
        );
    }
}
