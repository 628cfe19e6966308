//! The dashboard for Grafana under `deploy/grafana`: a real Prometheus that scrapes two servers at work has data for every
//! panel, and every metric is on one.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use rehome::api_client::ApiClient;
use reqwest::Url;
use serde_json::Value;
use tempfile::TempDir;

use crate::reference::documented;
use crate::rules::named;
use crate::scene::Scene;
use crate::{file, program, root};

/// What Grafana itself fills in.
const BUILT_IN: [&str; 2] = ["__rate_interval", "__range"];

fn dashboard() -> Value {
    serde_json::from_str(&file("deploy/grafana/rehome.json")).unwrap()
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {value}"))
}

/// Panels with queries.
fn panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    list(dashboard, "panels")
        .iter()
        .filter(|panel| panel["type"] != "row")
}

/// The queries of all panels.
fn queries(dashboard: &Value) -> impl Iterator<Item = &str> {
    panels(dashboard)
        .flat_map(|panel| list(panel, "targets"))
        .map(|target| text(target, "expr"))
}

/// `$name` and `${name}` in a text.
fn variables(text: &str) -> BTreeSet<&str> {
    let after_sign = text.split('$').skip(1).map(|rest| rest.trim_start_matches('{'));
    after_sign
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
                .unwrap()
        })
        .collect()
}

#[test]
fn it_can_be_imported_and_nothing_lies_on_anything_else() {
    let dashboard = dashboard();
    assert!(dashboard["id"].is_null() && text(&dashboard, "uid").len() <= 40);
    assert!(dashboard["schemaVersion"].as_u64().unwrap() >= 39);
    let own: BTreeSet<&str> = list(&dashboard["templating"], "list")
        .iter()
        .map(|one| text(one, "name"))
        .collect();
    assert!(
        ["datasource", "instance", "user_pool"]
            .iter()
            .all(|name| own.contains(name))
    );
    let (mut ids, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for panel in list(&dashboard, "panels") {
        let title = text(panel, "title");
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: an id twice");
        let at = |member: &str| panel["gridPos"][member].as_u64().unwrap();
        for x in at("x")..at("x") + at("w") {
            assert!(x < 24, "{title} is too wide");
            for y in at("y")..at("y") + at("h") {
                assert!(taken.insert((x, y)), "{title} lies on another panel");
            }
        }
        if panel["type"] != "row" {
            assert!(["timeseries", "stat"].contains(&text(panel, "type")), "{title}");
            assert_eq!(text(&panel["datasource"], "uid"), "${datasource}", "{title}");
            assert!(!list(panel, "targets").is_empty(), "{title} asks nothing");
        }
    }
    for query in queries(&dashboard) {
        for variable in variables(query) {
            assert!(
                own.contains(variable) || BUILT_IN.contains(&variable),
                "${variable} in {query}"
            );
        }
    }
}

#[test]
fn every_metric_of_the_reference_is_on_a_panel_and_no_other() {
    let documented = documented();
    let documented: BTreeSet<&String> = documented.keys().collect();
    let shown: BTreeSet<String> = queries(&dashboard()).flat_map(named).collect();
    assert_eq!(shown.iter().collect::<BTreeSet<_>>(), documented);
}

/// A Prometheus that scrapes two servers; killed when dropped.
struct Prometheus {
    child: Child,
    url: String,
    api: ApiClient,
    _folder: TempDir,
}

impl Prometheus {
    fn of(scene: &Scene) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let targets = [&scene.old.url, &scene.new.url].map(|url| format!("\"{}\"", &url["http://".len()..]));
        let configuration = format!(
            "global: {{ scrape_interval: 500ms, evaluation_interval: 500ms }}\n\
             rule_files: [\"{}\"]\n\
             scrape_configs: [{{ job_name: rehome, static_configs: [{{ targets: [{}] }}] }}]\n",
            root()
                .canonicalize()
                .unwrap()
                .join("deploy/prometheus/rehome.rules.yaml")
                .display(),
            targets.join(", ")
        );
        std::fs::write(folder.path().join("prometheus.yml"), configuration).unwrap();
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        };
        let child = program("prometheus")
            .current_dir(folder.path())
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        Self {
            child,
            api: ApiClient::new(&url).unwrap(),
            url,
            _folder: folder,
        }
    }

    /// What an address of its API has to say; nothing before it is up.
    async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let url = Url::parse_with_params(&format!("{}{path}", self.url), parameters).unwrap();
        let (status, body) = self.api.get(&url.as_str()[self.url.len()..]).await.ok()?;
        assert_ne!(status, 400, "{body}");
        (status == 200).then(|| serde_json::from_str::<Value>(&body).unwrap()["data"].clone())
    }

    async fn has_data_for(&self, query: &str) -> bool {
        let answer = self.get("/api/v1/query", &[("query", query)]).await;
        answer.is_some_and(|answer| !list(&answer, "result").is_empty())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _no_status = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_has_data_for_every_panel_and_can_evaluate_every_alert() {
    let scene = Scene::set().await;
    scene.play().await;
    let prometheus = Prometheus::of(&scene);
    let dashboard = dashboard();
    let filled = queries(&dashboard).map(|query| {
        query
            .replace("$__rate_interval", "1m")
            .replace("$__range", "5m")
            .replace("$instance", ".*")
            .replace("$user_pool", ".*")
    });
    let mut without: Vec<String> = filled.collect();
    assert!(without.len() > 40, "{without:#?}");
    let all = tokio::time::timeout(Duration::from_mins(1), async {
        while let Some(query) = without.last() {
            if prometheus.has_data_for(query).await {
                without.pop();
            } else {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let all = all.await;
    assert!(
        all.is_ok(),
        "no data for {:?}, of {} queries left",
        without.last(),
        without.len()
    );

    let rules = prometheus.get("/api/v1/rules", &[]).await.unwrap();
    let rules: Vec<&Value> = list(&rules, "groups")
        .iter()
        .flat_map(|group| list(group, "rules"))
        .collect();
    assert!(rules.len() > 15, "{rules:?}");
    for rule in rules {
        assert_ne!(rule["health"], "err", "{rule}");
    }
}
