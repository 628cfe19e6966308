//! The log line of a decision. It has no place for a login, a password or an attribute value.

use serde::Serialize;

/// What became of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// `UserMigration_Authentication` or `UserMigration_ForgotPassword`; another source reads `other`.
    #[serde(rename = "trigger.source", skip_serializing_if = "Option::is_none")]
    pub trigger_source: Option<&'static str>,
    /// The pool that invoked.
    #[serde(rename = "user_pool.id", skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<String>,
    /// How the old directory answered; absent when it was not asked, or could not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<&'static str>,
    /// `moved`, `unchanged`, `refused` or `not_an_event`.
    pub outcome: &'static str,
    /// The refusal's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<&'static str>,
    /// Why the old directory could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// The error and what lies below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// From event to answer.
    pub milliseconds: u64,
}
