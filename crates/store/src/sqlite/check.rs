//! Whether a file is whole: SQLite reads it from end to end.

use rusqlite::{Connection, ErrorCode};

/// So many faults are told; nobody reads more before restoring.
const TOLD: u8 = 5;

/// What is broken in the file of a connection, in SQLite's words; nothing when it is whole. Every page is read, every row
/// looked up in every index.
pub(super) fn damage(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    faults(connection, &format!("PRAGMA integrity_check({TOLD})"))
}

fn faults(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let told = connection.prepare(sql).and_then(|mut statement| {
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    match told {
        Ok(told) => Ok(told.into_iter().filter(|fault| fault != "ok").collect()),
        // So broken that it cannot even be looked for.
        Err(error) if is_damage(&error) => Ok(vec![error.to_string()]),
        Err(error) => Err(error),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}
