//! What is told of a decision: names, counts and times, and of a person a pseudonym at most.

use std::error::Error;
use std::time::Duration;

use migration::{CouldNotAsk, Decision, DigestKey, Login, Outcome};
use trigger::migrate_user::{FinalUserStatus, Response, Source};
use trigger::{Event, MigrateUser, NotAnEvent};

use crate::record::{Audit, Record};

/// The record of a decision.
pub(crate) fn record(event: &Event<MigrateUser>, outcome: &Outcome, key: Option<&DigestKey>) -> Record {
    let header = event.header();
    let (name, refusal) = match &outcome.decision {
        Decision::Refuse(refusal) => ("refused", Some(refusal.name())),
        decision => (name(decision), None),
    };
    let observed = outcome.observed.as_ref();
    let would_be = observed.and_then(response);
    Record {
        trigger_source: Some(match event.source() {
            Source::Authentication => "UserMigration_Authentication",
            Source::ForgotPassword => "UserMigration_ForgotPassword",
            Source::Other(_) => "other",
        }),
        user_pool_id: Some(header.user_pool_id.clone()),
        app_client_id: header.caller_context.client_id.clone(),
        user_pseudonym: key.map(|key| key.pseudonym(&Login::new(header.user_name.as_str()))),
        standing: outcome.standing,
        outcome: name,
        refusal,
        cause: outcome.could_not_ask.as_ref().map(|error| error.cause.name()),
        error: outcome.could_not_ask.as_ref().map(chain),
        lever: outcome.lever.map(migration::Lever::name),
        shield: outcome.shield.map(migration::ShieldChange::name),
        repeated: outcome.repeated,
        observed_outcome: observed.map(self::name),
        observed_status: would_be.and_then(status),
        observed_attributes: would_be.map(attributes),
        milliseconds_connect: outcome.took.connect.map(milliseconds),
        milliseconds_verify: outcome.took.verify.map(milliseconds),
        milliseconds_find: outcome.took.find.map(milliseconds),
        ..Record::default()
    }
}

/// The audit record of a move; `None` where nobody moved.
pub(crate) fn audit(record: &Record, outcome: &Outcome, from_user_pool_id: &str) -> Option<Audit> {
    let response = response(&outcome.decision)?;
    Some(Audit {
        trace_id: record.trace_id.clone(),
        trigger_source: record.trigger_source,
        user_pool_id: record.user_pool_id.clone(),
        from_user_pool_id: from_user_pool_id.to_owned(),
        app_client_id: record.app_client_id.clone(),
        user_pseudonym: record.user_pseudonym.clone(),
        standing: record.standing,
        status: status(response),
        attributes: attributes(response),
        rules: outcome.rules.clone(),
        configuration_version: record.configuration_version.clone(),
        levers_version: record.levers_version.clone(),
    })
}

pub(crate) fn not_an_event(error: NotAnEvent) -> Record {
    Record {
        outcome: "not_an_event",
        error: Some(error.to_string()),
        ..Record::default()
    }
}

pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// `Root` of `Root=1-…;Parent=…;Sampled=1`.
pub(crate) fn trace_id(header: &str) -> Option<String> {
    let root = header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("Root="))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (root.len() <= 64 && root.chars().all(plain)).then(|| root.to_owned())
}

fn name(decision: &Decision) -> &'static str {
    match decision {
        Decision::Respond(_) => "moved",
        Decision::Unchanged => "unchanged",
        Decision::Refuse(_) => "refused",
    }
}

fn response(decision: &Decision) -> Option<&Response> {
    match decision {
        Decision::Respond(response) => Some(response),
        Decision::Unchanged | Decision::Refuse(_) => None,
    }
}

fn status(response: &Response) -> Option<&'static str> {
    response.final_user_status.map(|status| match status {
        FinalUserStatus::Confirmed => "CONFIRMED",
        FinalUserStatus::ResetRequired => "RESET_REQUIRED",
    })
}

fn attributes(response: &Response) -> Vec<String> {
    let attributes = response.user_attributes.iter();
    attributes
        .flat_map(|attributes| attributes.iter().map(|(name, _)| name.to_owned()))
        .collect()
}

/// The error and its sources, each once.
pub(crate) fn chain(error: &CouldNotAsk) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_id_is_the_root_of_the_header() {
        let header = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0";
        assert_eq!(
            trace_id(header).as_deref(),
            Some("1-5bef4de7-ad49b0e87f6ef6c87fc2e700")
        );
        assert_eq!(trace_id("Root=\"}"), None);
        assert_eq!(trace_id("Sampled=1"), None);
    }
}
