//! The alerts under `deploy/prometheus`: each fires when it should and only then, about metrics that there are.

use std::collections::BTreeSet;

use crate::reference::documented;
use crate::{file, program, root, succeed};

const RULES: &str = "deploy/prometheus/rehome.rules.yaml";
const TESTS: &str = "deploy/prometheus/rehome.rules.test.yaml";

/// The metrics that a text names, without what Prometheus appends to those of histograms.
pub(crate) fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metrics = words.filter(|word| word.starts_with("rehome_") || word.starts_with("process_"));
    metrics
        .map(|word| {
            let histogram = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| word.strip_suffix(end));
            histogram.unwrap_or(word).to_owned()
        })
        .collect()
}

#[test]
fn every_alert_is_seen_to_call_and_to_be_silent() {
    let said = succeed(
        program("promtool")
            .arg("check")
            .arg("rules")
            .arg(root().join(RULES)),
    );
    assert!(said.contains("SUCCESS"), "{said}");
    succeed(
        program("promtool")
            .arg("test")
            .arg("rules")
            .arg(root().join(TESTS)),
    );
    let (rules, tests) = (file(RULES), file(TESTS));
    let alerts: Vec<&str> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        assert!(
            tests.contains(&format!("- name: {alert}\n")),
            "{alert} is not seen to call"
        );
        let silent = format!("{{ alertname: {alert}, eval_time: 1h, exp_alerts: [] }}");
        assert!(tests.contains(&silent), "{alert} is not seen to be silent");
    }
}

#[test]
fn alerts_are_about_metrics_that_there_are() {
    let documented = documented();
    for metric in named(&file(RULES)) {
        assert!(
            documented.contains_key(&metric),
            "{metric} is no metric of the reference"
        );
    }
}
