//! How PostgreSQL spells what the statements and migrations say.

/// A statement: binds are `$1`, and what holds a row until the end of the transaction is no comment here.
pub(super) fn statement(sql: &str) -> String {
    let mut spelled = String::with_capacity(sql.len());
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        let binds = character == '?' && characters.peek().is_some_and(char::is_ascii_digit);
        spelled.push(if binds { '$' } else { character });
    }
    spelled.replace("/* FOR UPDATE */", "FOR UPDATE")
}

/// The statements of a migration. Text is compared byte by byte, as the migrations have it, whatever the database's own
/// collation is; SQLite does so by itself.
pub(super) fn tables(sql: &str) -> String {
    let lines = sql.lines().map(|line| {
        if line.trim_start().starts_with("--") {
            return line.to_owned();
        }
        let words = line.split(' ').map(|word| match word.strip_prefix("TEXT") {
            Some(rest) if rest.chars().all(|c| matches!(c, ',' | ')' | ';')) => {
                format!("TEXT COLLATE \"C\"{rest}")
            }
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binds_are_spelled_with_a_dollar() {
        assert_eq!(
            statement("SELECT '?' FROM t WHERE a = ?1 AND b = ?12"),
            "SELECT '?' FROM t WHERE a = $1 AND b = $12"
        );
    }

    #[test]
    fn a_row_is_held_where_the_statement_says_so() {
        assert_eq!(
            statement("SELECT a FROM t WHERE a = ?1 /* FOR UPDATE */"),
            "SELECT a FROM t WHERE a = $1 FOR UPDATE"
        );
    }

    #[test]
    fn text_columns_are_compared_byte_by_byte() {
        let sql =
            "-- All TEXT here\nCREATE TABLE t (\n    a TEXT NOT NULL,\n    b TEXT,\n    c BIGINT\n, d TEXT);";
        let expected = "-- All TEXT here\nCREATE TABLE t (\n    a TEXT COLLATE \"C\" NOT NULL,\n    b TEXT COLLATE \"C\",\n    \
                        c BIGINT\n, d TEXT COLLATE \"C\");";
        assert_eq!(tables(sql), expected);
    }
}
