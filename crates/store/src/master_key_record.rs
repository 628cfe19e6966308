//! The statements on the one record of master keys.

use pool::master_key::MasterKeyRecord;
use pool::ports::{Conflict, StoreError};

use crate::document;
use crate::session::{Session, one_row};

const TABLE: &str = "master_key_record";

/// The record; `None` before a server was started on the database.
pub(crate) async fn find(session: &mut impl Session) -> Result<Option<MasterKeyRecord>, StoreError> {
    const SQL: &str = "SELECT document FROM master_key_record WHERE master_key_record_id = 1";
    let mut rows = session.rows(SQL, &[]).await?;
    rows.first_mut()
        .map(|row| document::read(&row.text(0)?, TABLE, "1"))
        .transpose()
}

/// Writes the record for the first time, or anew if its version is still the given one.
pub(crate) async fn put(session: &mut impl Session, mut record: MasterKeyRecord) -> Result<(), StoreError> {
    const FIRST: &str = "INSERT INTO master_key_record (master_key_record_id, version, document) \
                         VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING";
    const ANEW: &str = "UPDATE master_key_record SET version = ?1, document = ?2 \
                        WHERE master_key_record_id = 1 AND version = ?3";
    const STORED: &str =
        "SELECT document FROM master_key_record WHERE master_key_record_id = 1 AND version = ?1";
    let read = record.version;
    record.version = read + 1;
    let document = if read == 0 {
        document::write(&record, TABLE, "1")?
    } else {
        let stored = session.rows(STORED, &[read.into()]).await?;
        document::rewrite(&record, stored, TABLE, "1")?
    };
    let arguments = [record.version.into(), document.as_str().into(), read.into()];
    let touched = if read == 0 {
        session.execute(FIRST, &arguments[..2]).await?
    } else {
        session.execute(ANEW, &arguments).await?
    };
    one_row(touched, Conflict::Changed)
}
