//! Whether both sides are equal.

use futures_util::future::try_join;
use pool::ports::StoreError;
use ring::digest::{Context, SHA256};

use super::engine::Engine;
use super::tables::{TABLES, Table};
use super::{KeyValue, Progress, Step, TransferError, TransferredTable, key, page};
use crate::session::Value;

/// Reads both sides from end to end.
pub(super) async fn compare(
    from: &mut Engine,
    to: &mut Engine,
    of: u64,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<TransferredTable>, TransferError> {
    let (mut compared, mut done) = (Vec::with_capacity(TABLES.len()), 0);
    for table in TABLES {
        let (mut left, mut right) = (Digest::new(), Digest::new());
        loop {
            // A server that is asked first works while a file is read.
            let (more_there, more) = try_join(right.read_on(to, table), left.read_on(from, table)).await?;
            if more_there != more || left.rows != right.rows {
                return Err(TransferError::Differs { table: table.name });
            }
            let step = Step::Compare;
            told(Progress {
                step,
                table: table.name,
                done: done + left.rows,
                of,
            });
            if !more {
                break;
            }
        }
        done += left.rows;
        let (rows, digest) = (left.rows, left.finish());
        if digest != right.finish() {
            return Err(TransferError::Differs { table: table.name });
        }
        compared.push(TransferredTable {
            name: table.name,
            rows,
            digest,
        });
    }
    Ok(compared)
}

/// What has been read of a table on one side.
struct Digest {
    context: Context,
    after: Vec<KeyValue>,
    rows: u64,
}

impl Digest {
    fn new() -> Self {
        Self {
            context: Context::new(&SHA256),
            after: Vec::new(),
            rows: 0,
        }
    }

    /// Takes the next rows in; gives whether there were any.
    async fn read_on(&mut self, engine: &mut Engine, table: &Table) -> Result<bool, StoreError> {
        let rows = page(engine, table, &self.after).await?;
        for row in &rows {
            for value in &row.0 {
                self.take(value);
            }
        }
        self.rows += rows.len() as u64;
        let Some(last) = rows.last() else {
            return Ok(false);
        };
        self.after = key(table, last);
        Ok(true)
    }

    /// A value, so that no two rows read alike.
    fn take(&mut self, value: &Value) {
        match value {
            Value::Null => self.context.update(b"n"),
            Value::Integer(number) => {
                self.context.update(b"i");
                self.context.update(&number.to_be_bytes());
            }
            Value::Text(text) => {
                self.context.update(b"t");
                self.context.update(&(text.len() as u64).to_be_bytes());
                self.context.update(text.as_bytes());
            }
        }
    }

    fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.context.finish().as_ref() {
            for half in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(half), 16));
            }
        }
        text
    }
}
