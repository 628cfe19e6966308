//! Whether a value fits its attribute.
//!
//! All values are text; the type says what the text must read as. The texts for too long a value and bad contacts are
//! observed, the others chosen after them.

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

use super::{AttributeType, SchemaAttribute, format};
use crate::error::{Error, text};

/// Why a value does not fit.
#[derive(Debug)]
pub(super) enum Misfit {
    /// What follows `user.<name>: ` in a list of such lines.
    Line(String),
    /// A text of its own.
    Whole(Error),
}

/// The value as it is kept: as given, but `true` and `false` in lower case. Python's `str(True)` is what many scripts
/// send.
pub(super) fn checked(attribute: &SchemaAttribute, value: &str) -> Result<String, Misfit> {
    match attribute.attribute_type {
        AttributeType::String => check_text(attribute, value)?,
        AttributeType::Number => check_number(attribute, value)?,
        AttributeType::Boolean => {
            let folded = value.to_ascii_lowercase();
            let sound = matches!(folded.as_str(), "true" | "false");
            return if sound {
                Ok(folded)
            } else {
                Err(line("Value must be true or false"))
            };
        }
        AttributeType::DateTime if is_date_time(value) => {}
        AttributeType::DateTime => return Err(line("Value must be a date and time")),
    }
    match attribute.name.as_str() {
        "email" if !format::is_email(value) => {
            Err(Misfit::Whole(Error::invalid_parameter(text::INVALID_EMAIL)))
        }
        "phone_number" if !format::is_phone_number(value) => {
            Err(Misfit::Whole(Error::invalid_parameter(text::INVALID_PHONE)))
        }
        _ => Ok(value.to_owned()),
    }
}

fn line(text: &str) -> Misfit {
    Misfit::Line(text.to_owned())
}

/// Lengths count characters. Without a limit of its own an attribute has the API's, 2048.
fn check_text(attribute: &SchemaAttribute, value: &str) -> Result<(), Misfit> {
    let length = value.chars().count();
    let limit = |limit: &Option<String>| limit.as_ref().and_then(|limit| limit.parse::<usize>().ok());
    let most = limit(&attribute.maximum).unwrap_or(2048);
    let least = limit(&attribute.minimum).unwrap_or(0);
    if length > most {
        return Err(Misfit::Line(format!(
            "String must be no longer than {most} characters"
        )));
    }
    if length < least {
        return Err(Misfit::Line(format!(
            "String must be no shorter than {least} characters"
        )));
    }
    Ok(())
}

fn check_number(attribute: &SchemaAttribute, value: &str) -> Result<(), Misfit> {
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    let number = value
        .parse::<f64>()
        .ok()
        .filter(|number| plain && number.is_finite());
    let Some(number) = number else {
        return Err(line("Value must be a number"));
    };
    let limit = |limit: &Option<String>| limit.as_ref().and_then(|limit| limit.parse::<f64>().ok());
    if let Some(most) = limit(&attribute.maximum).filter(|most| number > *most) {
        return Err(Misfit::Line(format!("Number must be no greater than {most}")));
    }
    if let Some(least) = limit(&attribute.minimum).filter(|least| number < *least) {
        return Err(Misfit::Line(format!("Number must be no less than {least}")));
    }
    Ok(())
}

/// ISO 8601 with or without a time, or seconds since 1970.
fn is_date_time(value: &str) -> bool {
    OffsetDateTime::parse(value, &Rfc3339).is_ok()
        || Date::parse(value, &Iso8601::DATE).is_ok()
        || (!value.is_empty() && value.len() <= 18 && value.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::{Schema, SchemaRequest};
    use super::*;

    fn check(name: &str, value: &str) -> Result<String, String> {
        let custom = |name: &str, attribute_type| SchemaRequest {
            attribute_type: Some(attribute_type),
            ..SchemaRequest::named(name)
        };
        let limited = SchemaRequest {
            minimum: Some("18".to_owned()),
            maximum: Some("99".to_owned()),
            ..custom("age", AttributeType::Number)
        };
        let schema = Schema::standard()
            .with(vec![
                custom("since", AttributeType::DateTime),
                custom("vip", AttributeType::Boolean),
                limited,
            ])
            .unwrap();
        checked(schema.get(name).unwrap(), value).map_err(|misfit| match misfit {
            Misfit::Line(line) => line,
            Misfit::Whole(error) => error.to_string(),
        })
    }

    #[test]
    fn length_counts_characters() {
        assert!(check("name", &"界".repeat(2048)).is_ok());
        assert_eq!(
            check("name", &"x".repeat(2049)).unwrap_err(),
            "String must be no longer than 2048 characters"
        );
        assert_eq!(check("birthdate", "not-a-date").unwrap(), "not-a-date");
        assert_eq!(
            check("birthdate", "2000").unwrap_err(),
            "String must be no shorter than 10 characters"
        );
        assert_eq!(
            check("birthdate", "2000-01-01Z").unwrap_err(),
            "String must be no longer than 10 characters"
        );
    }

    #[test]
    fn contacts_have_their_form() {
        assert_eq!(
            check("email", "nobody").unwrap_err(),
            "Invalid email address format."
        );
        assert_eq!(
            check("phone_number", "0901234567").unwrap_err(),
            "Invalid phone number format."
        );
    }

    #[test]
    fn a_flag_is_true_or_false_in_any_case() {
        assert_eq!(check("email_verified", "True").unwrap(), "true");
        assert_eq!(check("custom:vip", "false").unwrap(), "false");
        assert!(check("email_verified", "yes").is_err());
    }

    #[test]
    fn a_number_keeps_to_its_limits() {
        assert_eq!(check("custom:age", "42").unwrap(), "42");
        assert_eq!(
            check("custom:age", "17").unwrap_err(),
            "Number must be no less than 18"
        );
        assert_eq!(
            check("custom:age", "100").unwrap_err(),
            "Number must be no greater than 99"
        );
        for value in ["", "ten", "inf", "NaN", "1 2"] {
            assert_eq!(
                check("custom:age", value).unwrap_err(),
                "Value must be a number",
                "{value}"
            );
        }
        assert!(check("updated_at", "-1").is_err());
    }

    #[test]
    fn a_date_and_time_is_iso_8601_or_seconds() {
        for value in [
            "2026-11-21T03:23:05Z",
            "2026-11-21T03:23:05.123+09:00",
            "2026-11-21",
            "1763695385",
        ] {
            assert!(check("custom:since", value).is_ok(), "{value}");
        }
        for value in ["", "yesterday", "2026-13-01"] {
            assert!(check("custom:since", value).is_err(), "{value}");
        }
    }
}
