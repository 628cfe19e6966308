//! What a database must be, and the tables in it.

use std::time::Duration;

use tokio::time::timeout;

use super::connect_error::ConnectError;
use super::connection::Connection;
use super::dialect;
use super::url::DatabaseUrl;
use crate::migration::{self, Applied, MIGRATIONS};

/// The oldest release of PostgreSQL that will do.
pub(super) const OLDEST: i64 = 13;

/// Nodes that start at once take turns with the tables: "rehome" in ASCII is the lock's number. Nobody waits long, for a
/// step that would is made in parts.
const TAKE_TURNS: &str = "BEGIN; \
    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '120s'; \
    SET LOCAL idle_in_transaction_session_timeout = 0; \
    SELECT pg_advisory_xact_lock(125779887783781)";

/// How long all of it may take.
const LIMIT: Duration = Duration::from_hours(1);

/// What the tables are opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To serve; what lacks is made.
    Serve,
    /// To serve if nothing lacks.
    ServeAsTheyAre,
    /// To be filled by a move; what lacks is made.
    Fill,
}

/// Checks that the database can be worked with and brings it to the present tables.
pub(super) async fn prepare(
    connection: &Connection,
    url: &DatabaseUrl,
    purpose: Purpose,
) -> Result<(), ConnectError> {
    check_server(connection, url).await?;
    let applied = recorded(connection, url).await?;
    let missing = missing(&migration::unmarked(applied, purpose == Purpose::Fill), url)?;
    let Some(first) = missing.first() else {
        return Ok(());
    };
    if purpose == Purpose::ServeAsTheyAre {
        return Err(ConnectError::Behind {
            url: url.to_string(),
            migration: first.name.to_owned(),
        });
    }
    let changed = timeout(LIMIT, change_tables(connection, url, purpose)).await;
    changed.unwrap_or_else(|_| Err(ConnectError::Slow { url: url.to_string() }))
}

/// Release and encoding. A server that does not flush what it acknowledges is told of in the log, not refused: tests like
/// it so.
async fn check_server(connection: &Connection, url: &DatabaseUrl) -> Result<(), ConnectError> {
    const SQL: &str = "SELECT current_setting('server_version_num')::bigint / 10000, \
                       current_setting('server_encoding'), current_setting('fsync')";
    let row = connection
        .client()
        .query_one(SQL, &[])
        .await
        .map_err(|error| failed(&error, url))?;
    let get = |column| {
        row.try_get::<_, &str>(column)
            .map_err(|error| failed(&error, url))
    };
    let version: i64 = row.try_get(0).map_err(|error| failed(&error, url))?;
    let (encoding, fsync) = (get(1)?, get(2)?);
    if fsync != "on" {
        tracing::warn!("fsync is off in PostgreSQL: a power failure there may lose users");
    }
    judge(version, encoding, url)
}

fn judge(version: i64, encoding: &str, url: &DatabaseUrl) -> Result<(), ConnectError> {
    let url = url.to_string();
    if version < OLDEST {
        return Err(ConnectError::TooOld { url, version });
    }
    if encoding != "UTF8" {
        let encoding = encoding.to_owned();
        return Err(ConnectError::Encoding { url, encoding });
    }
    Ok(())
}

/// The migrations that the database records, with the mark of a move.
pub(super) async fn recorded(connection: &Connection, url: &DatabaseUrl) -> Result<Applied, ConnectError> {
    applied(connection).await.map_err(|error| failed(&error, url))
}

async fn applied(connection: &Connection) -> Result<Applied, tokio_postgres::Error> {
    // The table's row, not to_regclass: that answers from a cache, which has not heard of another node's tables.
    const THERE: &str = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class \
                         WHERE relname = 'schema_migration' AND pg_catalog.pg_table_is_visible(oid))";
    let client = connection.client();
    if !client.query_one(THERE, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(Applied::new());
    }
    let rows = client.query(migration::RECORDED, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

fn missing(applied: &Applied, url: &DatabaseUrl) -> Result<&'static [migration::Migration], ConnectError> {
    migration::missing(MIGRATIONS, applied).map_err(|refusal| ConnectError::refused(refusal, url))
}

/// Applies the missing migrations in one transaction.
async fn change_tables(
    connection: &Connection,
    url: &DatabaseUrl,
    purpose: Purpose,
) -> Result<(), ConnectError> {
    let client = connection.client();
    client
        .batch_execute(TAKE_TURNS)
        .await
        .map_err(|error| failed(&error, url))?;
    // Another node may have been faster.
    let applied = recorded(connection, url).await?;
    let applied = migration::unmarked(applied, purpose == Purpose::Fill);
    let missing = missing(&applied, url)?;
    apply(connection, &applied, missing)
        .await
        .map_err(|error| failed(&error, url))
}

async fn apply(
    connection: &Connection,
    applied: &Applied,
    missing: &'static [migration::Migration],
) -> Result<(), tokio_postgres::Error> {
    const RECORD: &str =
        "INSERT INTO schema_migration (schema_migration_id, name, checksum) VALUES ($1, $2, $3)";
    let client = connection.client();
    if applied.is_empty() {
        client.batch_execute(&dialect::tables(migration::TABLE)).await?;
    }
    for (number, migration) in (1_i64..).skip(applied.len()).zip(missing) {
        client.batch_execute(&dialect::tables(migration.sql)).await?;
        client
            .execute(RECORD, &[&number, &migration.name, &migration.checksum()])
            .await?;
    }
    client.batch_execute("COMMIT").await
}

fn failed(error: &tokio_postgres::Error, url: &DatabaseUrl) -> ConnectError {
    ConnectError::of(error, url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> DatabaseUrl {
        DatabaseUrl::parse("postgres://ann@localhost/pools").unwrap()
    }

    #[test]
    fn an_old_server_is_refused() {
        let error = judge(12, "UTF8", &url()).unwrap_err().to_string();
        assert!(error.contains("PostgreSQL 12") && error.contains("13"), "{error}");
        assert!(judge(13, "UTF8", &url()).is_ok());
    }

    #[test]
    fn another_encoding_is_refused() {
        let error = judge(15, "LATIN1", &url()).unwrap_err().to_string();
        assert!(
            error.contains("LATIN1") && error.contains("ENCODING 'UTF8'"),
            "{error}"
        );
    }
}
