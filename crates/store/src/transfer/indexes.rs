//! The indexes of a database that is filled. They are taken away before the rows come and made when all are there: one that
//! grows row by row costs more than the rows do, and ends up half empty.

use pool::ports::StoreError;
use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::tables::TABLES;

/// An index that is yet to be made again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Index {
    /// Which of the tables it is of.
    pub(super) table: usize,
    /// The statement that makes it.
    pub(super) definition: String,
}

/// Takes the indexes away, within a transaction that notes what is told here. Those that keep keys unique stay.
pub(super) async fn take_away(engine: &mut Engine) -> Result<Vec<Index>, StoreError> {
    let mut taken = Vec::new();
    for (number, table) in TABLES.iter().enumerate() {
        for (name, definition) in engine.indexes(table.name).await? {
            let name = name.replace('"', "\"\"");
            engine.command(&format!("DROP INDEX \"{name}\"")).await?;
            taken.push(Index {
                table: number,
                definition,
            });
        }
    }
    // The last is made first.
    taken.reverse();
    Ok(taken)
}
