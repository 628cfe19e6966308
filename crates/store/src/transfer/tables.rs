//! What is copied: every table, in an order in which nothing comes before what it belongs to.

/// A table and the statements that copy it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// How many of the first columns make the key.
    pub(super) key: usize,
    pub(super) count: &'static str,
    /// The first rows in the order of the key; binds the limit.
    pub(super) first: &'static str,
    /// The rows after a key; binds the key and the limit.
    pub(super) after: &'static str,
    pub(super) insert: &'static str,
    /// The same for many rows at once, as PostgreSQL has it.
    pub(super) copy: &'static str,
}

/// Writes the statements of a table. Its key columns come first among its columns.
macro_rules! table {
    ($name:literal, $count:literal key $key:literal = $values:literal limit $limit:literal, all $columns:literal = $binds:literal) => {
        Table {
            name: $name,
            key: $count,
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM ", $name),
            first: concat!(
                "SELECT ",
                $columns,
                " FROM ",
                $name,
                " ORDER BY ",
                $key,
                " LIMIT ?1"
            ),
            after: concat!(
                "SELECT ",
                $columns,
                " FROM ",
                $name,
                " WHERE (",
                $key,
                ") > (",
                $values,
                ") ORDER BY ",
                $key,
                " LIMIT ",
                $limit
            ),
            insert: concat!("INSERT INTO ", $name, " (", $columns, ") VALUES (", $binds, ")"),
            copy: concat!(
                "COPY ",
                $name,
                " (",
                $columns,
                ") FROM STDIN WITH (FORMAT binary)"
            ),
        }
    };
}

/// All tables but the record of migrations.
pub(super) const TABLES: &[Table] = &[
    table!("user_pool", 1 key "user_pool_id" = "?1" limit "?2",
        all "user_pool_id, name_case, version, document" = "?1, ?2, ?3, ?4"),
    table!("app_client", 1 key "app_client_id" = "?1" limit "?2",
        all "app_client_id, user_pool_id, version, document" = "?1, ?2, ?3, ?4"),
    table!("user_pool_domain", 1 key "domain" = "?1" limit "?2", all "domain, user_pool_id" = "?1, ?2"),
    table!("branding", 2 key "user_pool_id, app_client_id" = "?1, ?2" limit "?3",
        all "user_pool_id, app_client_id, managed_login_branding_id, version, document" = "?1, ?2, ?3, ?4, ?5"),
    table!("pool_user", 2 key "user_pool_id, sub" = "?1, ?2" limit "?3",
        all "user_pool_id, sub, version, user_name, email, phone_number, full_name, given_name, family_name, \
             preferred_username, user_status, enabled, document"
            = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13"),
    table!("login", 2 key "user_pool_id, login_key" = "?1, ?2" limit "?3",
        all "user_pool_id, login_key, sub" = "?1, ?2, ?3"),
    table!("user_count", 2 key "user_pool_id, shard" = "?1, ?2" limit "?3",
        all "user_pool_id, shard, users" = "?1, ?2, ?3"),
    table!("user_group", 2 key "user_pool_id, group_id" = "?1, ?2" limit "?3",
        all "user_pool_id, group_id, group_name, version, document" = "?1, ?2, ?3, ?4, ?5"),
    table!("group_member", 3 key "user_pool_id, group_id, sub" = "?1, ?2, ?3" limit "?4",
        all "user_pool_id, group_id, sub" = "?1, ?2, ?3"),
    table!("device", 3 key "user_pool_id, sub, device_key" = "?1, ?2, ?3" limit "?4",
        all "user_pool_id, sub, device_key, version, document" = "?1, ?2, ?3, ?4, ?5"),
    table!("token_family", 3 key "user_pool_id, sub, origin_jti" = "?1, ?2, ?3" limit "?4",
        all "user_pool_id, sub, origin_jti, expires_at, version, document" = "?1, ?2, ?3, ?4, ?5, ?6"),
    table!("unknown_name", 2 key "user_pool_id, sub" = "?1, ?2" limit "?3",
        all "user_pool_id, sub, version, expires_at, document" = "?1, ?2, ?3, ?4, ?5"),
    table!("delivery", 1 key "delivery_id" = "?1" limit "?2", all "delivery_id, due_at, document" = "?1, ?2, ?3"),
    table!("master_key_record", 1 key "master_key_record_id" = "?1" limit "?2",
        all "master_key_record_id, version, document" = "?1, ?2, ?3"),
];

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::migration::MIGRATIONS;

    /// The columns of each table as the migrations make them.
    fn columns(connection: &Connection, table: &str) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY name")
            .unwrap();
        let names = statement.query_map([table], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    #[test]
    fn every_table_is_copied_with_all_its_columns() {
        let connection = Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            connection.execute_batch(migration.sql).unwrap();
        }
        let mut statement = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap();
        let made: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut copied: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        copied.sort_unstable();
        assert_eq!(copied, made);
        for table in TABLES {
            let (_, rest) = table.insert.split_once('(').unwrap();
            let (named, binds) = rest.split_once(") VALUES (").unwrap();
            let mut named: Vec<&str> = named.split(',').map(str::trim).collect();
            assert_eq!(named.len(), binds.split(',').count(), "{}", table.name);
            named.sort_unstable();
            assert_eq!(named, columns(&connection, table.name), "{}", table.name);
            for sql in [table.count, table.first, table.after, table.insert] {
                connection.prepare(sql).unwrap();
            }
        }
    }
}
