//! `20260131T235959Z`: the one form of time in signatures.

use time::format_description::FormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const FORM: &[FormatItem<'static>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// Reads a moment.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, FORM)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

/// Writes a moment, in UTC.
pub(super) fn print(moment: OffsetDateTime) -> String {
    moment
        .to_offset(time::UtcOffset::UTC)
        .format(FORM)
        .unwrap_or_default()
}
