//! `docs/reference/metrics.md` and `/metrics` of servers at work: the same names, types and labels.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::Stdio;

use crate::scene::{Scene, metrics};
use crate::{file, process, program};

/// The type and the labels of a metric.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kind {
    of: String,
    labels: BTreeSet<String>,
}

/// The rows of the reference's tables.
pub(crate) fn documented() -> BTreeMap<String, Kind> {
    let text = file("docs/reference/metrics.md");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| `rehome_") || line.starts_with("| `process_"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let labels = cells[3].split(", ").filter(|label| *label != "–");
        let kind = Kind {
            of: cells[2].to_owned(),
            labels: labels.map(|label| label.trim_matches('`').to_owned()).collect(),
        };
        (cells[1].trim_matches('`').to_owned(), kind)
    })
    .collect()
}

/// What a server shows: the type of each metric, and the labels of all its samples.
fn shown(text: &str, into: &mut BTreeMap<String, Kind>) {
    let mut name = "";
    for line in text.lines() {
        if let Some(of) = line.strip_prefix("# TYPE ") {
            let (this, of) = of.split_once(' ').unwrap();
            name = this;
            of.clone_into(&mut into.entry(name.to_owned()).or_default().of);
        } else if let Some(sample) = line.strip_prefix(name).filter(|_| !line.starts_with('#')) {
            let labels = sample.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}'));
            let labels = labels.map_or("", |(labels, _)| labels).split("\",");
            let labels = labels
                .filter_map(|label| label.split_once('='))
                .map(|(label, _)| label);
            let kind = into.get_mut(name).unwrap();
            kind.labels
                .extend(labels.filter(|label| *label != "le").map(str::to_owned));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_lists_what_servers_show_and_nothing_else() {
    let scene = Scene::set().await;
    scene.play().await;
    let mut found = BTreeMap::new();
    for served in [&scene.old, &scene.new] {
        let text = metrics(served).await;
        shown(&text, &mut found);
        lint(&text);
    }
    let documented = documented();
    assert!(documented.len() > 30, "{documented:#?}");
    for (name, kind) in &documented {
        assert_eq!(
            found.get(name),
            Some(kind),
            "{name}: what servers show, and what the reference says"
        );
    }
    let unknown: Vec<_> = found
        .keys()
        .filter(|name| !documented.contains_key(*name))
        .collect();
    assert!(unknown.is_empty(), "not in the reference: {unknown:?}");
}

/// Prometheus's own check of names, units and help texts.
fn lint(text: &str) {
    let mut check = program("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr]
        .map(|bytes| process::text(&bytes))
        .concat();
    assert!(output.status.success() && said.is_empty(), "promtool: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_each_step_is_counted_under_its_name() {
    let scene = Scene::set().await;
    scene.play().await;
    let step = |step: &str, outcome: &str, pool: &str| {
        format!(
            "rehome_sign_in_steps_total{{step=\"{step}\",face=\"api\",outcome=\"{outcome}\",user_pool=\"{pool}\"}} "
        )
    };
    let migration = |outcome: &str| {
        format!(
            "rehome_migrations_total{{source=\"UserMigration_Authentication\",outcome=\"{outcome}\",user_pool=\"{}\"}} ",
            testkit::pair::NEW_POOL
        )
    };
    let pool = testkit::pair::NEW_POOL;
    for (line, count) in [
        (step("migration", "signed_in", pool), 1.0),
        (step("migration", "challenge", pool), 1.0),
        (step("migration", "refused", pool), 1.0),
        (step("USER_PASSWORD_AUTH", "refused", pool), 1.0),
        (step("REFRESH_TOKEN_AUTH", "signed_in", pool), 1.0),
        (migration("moved"), 2.0),
        (migration("refused"), 1.0),
    ] {
        let shown = scene.shows(&scene.new, &line).await;
        assert!((shown - count).abs() < 1e-9, "{line}{shown}, not {count}");
    }

    // With the old directory down nobody is told that the password is wrong.
    let Scene { old, new, .. } = &scene;
    assert!(!metrics(new).await.contains("could_not_ask"));
    let old = i32::try_from(old.child.id()).unwrap();
    let old = rustix::process::Pid::from_raw(old).unwrap();
    rustix::process::kill_process(old, rustix::process::Signal::KILL).unwrap();
    let body = serde_json::json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": testkit::pair::NEW_CLIENT,
        "AuthParameters": { "USERNAME": "ben@example.com", "PASSWORD": testkit::pair::PASSWORD },
    });
    new.api.call("InitiateAuth", &body).await.unwrap();
    let shown = scene.shows(new, &migration("could_not_ask")).await;
    assert!((shown - 1.0).abs() < 1e-9, "{shown}");
}
