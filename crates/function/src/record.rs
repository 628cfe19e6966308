//! The log line of a decision, and that of a move. Neither has a place for a login, a password or an attribute value.

use serde::Serialize;

/// What became of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The trace that the invocation belongs to: `Root` of `X-Amzn-Trace-Id`.
    #[serde(rename = "trace.id", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// `UserMigration_Authentication` or `UserMigration_ForgotPassword`; another source reads `other`.
    #[serde(rename = "trigger.source", skip_serializing_if = "Option::is_none")]
    pub trigger_source: Option<&'static str>,
    /// The pool that invoked.
    #[serde(rename = "user_pool.id", skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<String>,
    /// The app client that the person came by.
    #[serde(rename = "app_client.id", skip_serializing_if = "Option::is_none")]
    pub app_client_id: Option<String>,
    /// Who, for those who have the digest key; absent without one.
    #[serde(rename = "user.pseudonym", skip_serializing_if = "Option::is_none")]
    pub user_pseudonym: Option<String>,
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
    /// The lever that made the decision another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lever: Option<&'static str>,
    /// What has changed about the shield.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shield: Option<&'static str>,
    /// The same attempt again: the first verdict was given, and the old directory not asked.
    #[serde(skip_serializing_if = "is_false")]
    pub repeated: bool,
    /// What would have been, had the function not only looked on.
    #[serde(rename = "observed.outcome", skip_serializing_if = "Option::is_none")]
    pub observed_outcome: Option<&'static str>,
    /// The status that the user would have had.
    #[serde(rename = "observed.status", skip_serializing_if = "Option::is_none")]
    pub observed_status: Option<&'static str>,
    /// The names of the attributes that would have been written.
    #[serde(rename = "observed.attributes", skip_serializing_if = "Option::is_none")]
    pub observed_attributes: Option<Vec<String>>,
    /// The first event of a process.
    pub cold: bool,
    /// From event to answer.
    pub milliseconds: u64,
    /// Of them for connecting, where that was needed.
    #[serde(rename = "milliseconds.connect", skip_serializing_if = "Option::is_none")]
    pub milliseconds_connect: Option<u64>,
    /// For the check of the password, connecting included.
    #[serde(rename = "milliseconds.verify", skip_serializing_if = "Option::is_none")]
    pub milliseconds_verify: Option<u64>,
    /// For the profile, connecting included.
    #[serde(rename = "milliseconds.find", skip_serializing_if = "Option::is_none")]
    pub milliseconds_find: Option<u64>,
    /// For settings and levers, where they were read.
    #[serde(
        rename = "milliseconds.configuration",
        skip_serializing_if = "Option::is_none"
    )]
    pub milliseconds_configuration: Option<u64>,
    /// Which configuration; absent where there is no file.
    #[serde(rename = "configuration.version", skip_serializing_if = "Option::is_none")]
    pub configuration_version: Option<String>,
    /// Which levers, where they have a text of their own.
    #[serde(rename = "levers.version", skip_serializing_if = "Option::is_none")]
    pub levers_version: Option<String>,
    /// What could not be read or understood, so that what was there before is still in force.
    #[serde(rename = "configuration.trouble", skip_serializing_if = "Option::is_none")]
    pub configuration_trouble: Option<String>,
    /// The move, where there was one: a line of its own.
    #[serde(skip)]
    pub audit: Option<Audit>,
    /// Whether it is of another trigger than *migrate user*: such a line has no metrics, and another message.
    #[serde(skip)]
    pub of: Trigger,
    /// Whether the line holds metrics.
    #[serde(skip)]
    pub with_metrics: bool,
}

/// Which trigger a line is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// *Migrate user*.
    #[default]
    MigrateUser,
    /// Another one, behind which the function stands too.
    Other,
}

impl Record {
    /// The `message` of the line.
    #[must_use]
    pub fn message(&self) -> &'static str {
        if self.of == Trigger::Other {
            "companion"
        } else {
            "migration"
        }
    }

    /// Writes it for a server that runs the function in process: the same fields, as those of its own log.
    pub(crate) fn trace(&self) {
        let observed = self.observed_attributes.as_ref().map(|names| names.join(","));
        tracing::info!(
            trigger.source = self.trigger_source,
            user_pool.id = self.user_pool_id.as_deref(),
            app_client.id = self.app_client_id.as_deref(),
            user.pseudonym = self.user_pseudonym.as_deref(),
            standing = self.standing,
            outcome = self.outcome,
            refusal = self.refusal,
            cause = self.cause,
            error = self.error.as_deref(),
            lever = self.lever,
            shield = self.shield,
            repeated = self.repeated.then_some(true),
            observed.outcome = self.observed_outcome,
            observed.status = self.observed_status,
            observed.attributes = observed.as_deref(),
            milliseconds = self.milliseconds,
            milliseconds.connect = self.milliseconds_connect,
            milliseconds.verify = self.milliseconds_verify,
            milliseconds.find = self.milliseconds_find,
            milliseconds.configuration = self.milliseconds_configuration,
            configuration.version = self.configuration_version.as_deref(),
            configuration.trouble = self.configuration_trouble.as_deref(),
            levers.version = self.levers_version.as_deref(),
            "{}",
            self.message()
        );
        if let Some(audit) = &self.audit {
            tracing::info!(
                trigger.source = audit.trigger_source,
                user_pool.id = audit.user_pool_id.as_deref(),
                from.user_pool_id = audit.from_user_pool_id.as_str(),
                app_client.id = audit.app_client_id.as_deref(),
                user.pseudonym = audit.user_pseudonym.as_deref(),
                standing = audit.standing,
                status = audit.status,
                attributes = audit.attributes.join(","),
                rules = audit.rules.join(","),
                configuration.version = audit.configuration_version.as_deref(),
                levers.version = audit.levers_version.as_deref(),
                "audit"
            );
        }
    }
}

/// A move, for whoever has to account for it later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// As in the record.
    #[serde(rename = "trace.id", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// As in the record.
    #[serde(rename = "trigger.source", skip_serializing_if = "Option::is_none")]
    pub trigger_source: Option<&'static str>,
    /// Into which pool.
    #[serde(rename = "user_pool.id", skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<String>,
    /// From which.
    #[serde(rename = "from.user_pool_id")]
    pub from_user_pool_id: String,
    /// By which app client.
    #[serde(rename = "app_client.id", skip_serializing_if = "Option::is_none")]
    pub app_client_id: Option<String>,
    /// Who.
    #[serde(rename = "user.pseudonym", skip_serializing_if = "Option::is_none")]
    pub user_pseudonym: Option<String>,
    /// How the person stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<&'static str>,
    /// The status that was answered; absent at a forgotten password, where Cognito's default is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The names of the attributes that went over.
    pub attributes: Vec<String>,
    /// The rules that had a say, as the configuration writes them.
    pub rules: Vec<&'static str>,
    /// As in the record.
    #[serde(rename = "configuration.version", skip_serializing_if = "Option::is_none")]
    pub configuration_version: Option<String>,
    /// As in the record.
    #[serde(rename = "levers.version", skip_serializing_if = "Option::is_none")]
    pub levers_version: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives references")]
fn is_false(value: &bool) -> bool {
    !value
}
