//! `[[user_pools.users]]`.

use pool::id::Sub;
use pool::user::{SeedUser, UserStatus};
use trigger::Password;

use super::text_or_file;
use crate::section::Section;

const SUB: &str = "is no sub; write 36 characters like 64684428-c021-7049-51b0-d218e66ffecd";

pub(super) fn user(mut section: Section<'_>, user_pool_id: &str) -> Option<SeedUser> {
    let username = section.required_text("username");
    let sub = section.parsed("sub", Sub::parse, SUB);
    let password = text_or_file(&mut section, "password", "password_file").map(Password::new);
    let status = section.word(
        "status",
        "CONFIRMED, UNCONFIRMED, FORCE_CHANGE_PASSWORD, RESET_REQUIRED",
    );
    let status = status.unwrap_or(UserStatus::Confirmed);
    let needs_one = matches!(status, UserStatus::Confirmed | UserStatus::ForceChangePassword);
    if password.is_none() && needs_one {
        section.wrong(
            "password",
            "is missing; only a user with status RESET_REQUIRED or UNCONFIRMED can be without",
        );
    }
    let attributes = attributes(&mut section);
    let enabled = section.switch("enabled").unwrap_or(true);
    let sms_mfa_enabled = section.switch("sms_mfa").unwrap_or(false);
    section.refuse_the_rest();
    Some(SeedUser {
        user_pool_id: user_pool_id.to_owned(),
        username: username?,
        sub,
        attributes,
        status,
        enabled,
        password,
        sms_mfa_enabled,
    })
}

/// All values are texts, as in the API; `true`, `false` and numbers may stand without quotes.
fn attributes(section: &mut Section<'_>) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    for (name, value) in section.table("attributes").unwrap_or_default() {
        match value {
            toml::Value::String(text) => attributes.push((name, text)),
            toml::Value::Boolean(_) | toml::Value::Integer(_) | toml::Value::Float(_) => {
                attributes.push((name, value.to_string()));
            }
            _ => section.wrong(
                &format!("attributes.{name}"),
                "is not a text; put quotes around it",
            ),
        }
    }
    attributes
}
