//! CloudWatch's embedded metric format: the line of a decision is its metrics too, and costs no call.
//!
//! Source: "Specification: Embedded metric format" in the CloudWatch user guide. Each metric is the member of the line of
//! that name; the dimensions are members too.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::record::Record;

/// Where the metrics are in CloudWatch.
pub const NAMESPACE: &str = "Rehome";

/// The dimension sets: of each metric there is one figure a pool, and one a pool and outcome.
pub const DIMENSIONS: [&[&str]; 2] = [&["UserPool"], &["UserPool", "Outcome"]];

/// The values of the dimension `Outcome`.
pub const OUTCOMES: [&str; 6] = [
    "moved",
    "unchanged",
    "refused",
    "could_not_ask",
    "observed",
    "not_an_event",
];

/// Every metric and its unit. The counts are 0 or 1 a line, so that their average is a rate; the times of steps are there
/// where the step happened.
pub const METRICS: [(&str, &str); 12] = [
    ("Decisions", "Count"),
    ("Moved", "Count"),
    ("CouldNotAsk", "Count"),
    ("Shielded", "Count"),
    ("Flood", "Count"),
    ("ColdStarts", "Count"),
    ("ConfigurationTrouble", "Count"),
    ("Latency", "Milliseconds"),
    ("ConnectLatency", "Milliseconds"),
    ("VerifyLatency", "Milliseconds"),
    ("FindLatency", "Milliseconds"),
    ("ConfigurationLatency", "Milliseconds"),
];

/// The metrics of a record, for a line of its own members.
pub struct Metrics<'a> {
    record: &'a Record,
    timestamp: u64,
}

impl<'a> Metrics<'a> {
    /// Of that record, now.
    #[must_use]
    pub fn of(record: &'a Record) -> Self {
        let since = crate::clock::wall_clock().duration_since(std::time::UNIX_EPOCH);
        let timestamp = since.unwrap_or_default().as_millis();
        Self {
            record,
            timestamp: u64::try_from(timestamp).unwrap_or(u64::MAX),
        }
    }

    fn value(&self, metric: &str) -> Option<u64> {
        let record = self.record;
        let shielded = matches!(
            record.cause,
            Some("busy" | "over_rate" | "circuit_open" | "flood")
        );
        Some(match metric {
            "Decisions" => 1,
            "Moved" => u64::from(record.outcome == "moved"),
            "CouldNotAsk" => u64::from(record.cause.is_some()),
            "Shielded" => u64::from(shielded),
            "Flood" => u64::from(record.cause == Some("flood")),
            "ColdStarts" => u64::from(record.cold),
            "ConfigurationTrouble" => u64::from(record.configuration_trouble.is_some()),
            "Latency" => record.milliseconds,
            "ConnectLatency" => record.milliseconds_connect?,
            "VerifyLatency" => record.milliseconds_verify?,
            "FindLatency" => record.milliseconds_find?,
            "ConfigurationLatency" => record.milliseconds_configuration?,
            _ => return None,
        })
    }

    fn outcome(&self) -> &'static str {
        if self.record.cause.is_some() {
            "could_not_ask"
        } else if self.record.observed_outcome.is_some() {
            "observed"
        } else {
            self.record.outcome
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aws<'a> {
    timestamp: u64,
    cloud_watch_metrics: [Directive<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 2],
    metrics: &'a [Definition],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let there: Vec<_> = METRICS
            .into_iter()
            .filter_map(|(name, unit)| Some((Definition { name, unit }, self.value(name)?)))
            .collect();
        let (metrics, values): (Vec<_>, Vec<_>) = there.into_iter().unzip();
        let directive = Directive {
            namespace: NAMESPACE,
            dimensions: DIMENSIONS,
            metrics: &metrics,
        };
        let aws = Aws {
            timestamp: self.timestamp,
            cloud_watch_metrics: [directive],
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("_aws", &aws)?;
        map.serialize_entry("UserPool", self.record.user_pool_id.as_deref().unwrap_or("none"))?;
        map.serialize_entry("Outcome", self.outcome())?;
        for (definition, value) in metrics.iter().zip(values) {
            map.serialize_entry(definition.name, &value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_metric_of_a_line_is_declared_and_there() {
        let record = Record {
            user_pool_id: Some("us-east-1_NEW000000".to_owned()),
            outcome: "refused",
            cause: Some("flood"),
            milliseconds: 7,
            milliseconds_connect: Some(3),
            ..Record::default()
        };
        let line = serde_json::to_value(Metrics::of(&record)).unwrap();
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], NAMESPACE);
        let names: Vec<_> = directive["Metrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|metric| &metric["Name"])
            .collect();
        assert!(
            names.iter().all(|name| line[name.as_str().unwrap()].is_u64()),
            "{line}"
        );
        assert!(
            names.contains(&&Value::from("ConnectLatency")) && !names.contains(&&Value::from("FindLatency"))
        );
        assert_eq!(
            (&line["Flood"], &line["Shielded"], &line["Moved"]),
            (&1.into(), &1.into(), &0.into())
        );
        assert_eq!(
            (&line["UserPool"], &line["Outcome"]),
            (&"us-east-1_NEW000000".into(), &"could_not_ask".into())
        );
    }
}
