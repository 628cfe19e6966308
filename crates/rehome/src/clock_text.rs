//! Moments as AWS's protocols write them, and as people read them.

use pool::time::Time;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const AMZ_DATE: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
const SRP_TIMESTAMP: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
);

const UTC: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");

/// For people: `2026-11-21 03:00:00 UTC`.
pub(crate) fn utc(at: Time) -> String {
    written(at, UTC)
}

/// `X-Amz-Date`: `20261121T030000Z`.
pub(crate) fn amz_date(at: Time) -> String {
    written(at, AMZ_DATE)
}

/// `TIMESTAMP` of `PASSWORD_VERIFIER`: `Sat Nov 21 03:00:00 UTC 2026`.
pub(crate) fn srp_timestamp(at: Time) -> String {
    written(at, SRP_TIMESTAMP)
}

/// A moment beyond the calendar's years reads as 1970; no clock shows one.
fn written(at: Time, form: &[BorrowedFormatItem<'_>]) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_the_protocols_want_them() {
        let at = Time(1_795_230_000_123);
        assert_eq!(amz_date(at), "20261121T030000Z");
        assert_eq!(srp_timestamp(at), "Sat Nov 21 03:00:00 UTC 2026");
        assert_eq!(utc(at), "2026-11-21 03:00:00 UTC");
    }
}
