//! Many rows at once, as a move brings them: by `COPY`, which answers once for all.

use std::pin::pin;
use std::time::Duration;

use tokio_postgres::binary_copy::BinaryCopyInWriter;

use super::connection::Connection;
use super::error::EngineError;
use crate::session::Row;

impl Connection {
    /// Puts rows into a table by `copy`. `insert`, which binds the same columns in the same order, tells their types.
    pub(crate) async fn copy(
        &self,
        copy: &'static str,
        insert: &'static str,
        rows: &[Row],
        limit: Duration,
    ) -> Result<(), EngineError> {
        let copied = async {
            let statement = self.statement(insert).await?;
            let sink = self.client().copy_in(copy).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, statement.params()));
            for row in rows {
                writer.as_mut().write_raw(row.arguments()).await?;
            }
            writer.finish().await
        };
        self.within(limit, copied).await.map(drop)
    }
}
