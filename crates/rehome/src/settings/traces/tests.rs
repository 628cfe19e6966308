use super::*;

const COLLECTOR: (&str, &str) = (ENDPOINT, "http://127.0.0.1:4318");

fn judge(variables: &[(&str, &str)]) -> (Option<TracesSettings>, Vec<Problem>) {
    let environment = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let mut problems = Vec::new();
    let settings = read(&environment, &mut problems);
    (settings, problems)
}

fn sound(variables: &[(&str, &str)]) -> TracesSettings {
    let (settings, problems) = judge(variables);
    assert_eq!(problems, []);
    settings.unwrap()
}

#[test]
fn without_an_endpoint_nothing_is_traced_and_nothing_is_wrong() {
    for variables in [
        &[][..],
        &[("OTEL_SERVICE_NAME", "pools"), (SAMPLER, "loud")],
        &[COLLECTOR, ("OTEL_SDK_DISABLED", "TRUE"), (SAMPLER, "loud")],
        &[COLLECTOR, ("OTEL_TRACES_EXPORTER", "none")],
    ] {
        let (settings, problems) = judge(variables);
        assert!(
            settings.is_none() && problems.is_empty(),
            "{variables:?}: {problems:?}"
        );
    }
}

#[test]
fn an_endpoint_alone_has_every_trace_sent_there() {
    let settings = sound(&[COLLECTOR]);
    assert_eq!(settings.endpoint.as_str(), "http://127.0.0.1:4318/v1/traces");
    assert!(matches!(settings.sampler, Sampler::ParentBased(_)));
    assert_eq!((settings.queue, settings.batch), (2_048, 512));
    assert_eq!(settings.timeout, Duration::from_secs(10));
    assert_eq!(settings.resource[0].1, "rehome");
}

#[test]
fn the_path_of_traces_follows_the_endpoint_of_all_signals_and_not_that_of_traces() {
    let prefixed = sound(&[(ENDPOINT, "https://collector.example/otlp/")]);
    assert_eq!(
        prefixed.endpoint.as_str(),
        "https://collector.example/otlp/v1/traces"
    );
    let own = sound(&[
        COLLECTOR,
        (TRACES_ENDPOINT, "https://collector.example/in?tenant=1"),
    ]);
    assert_eq!(own.endpoint.as_str(), "https://collector.example/in?tenant=1");
}

#[test]
fn headers_and_attributes_are_lists_of_percent_encoded_values() {
    let settings = sound(&[
        COLLECTOR,
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b, x-tenant=2,"),
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "deployment.environment.name=one%2Ctwo,service.name=lost",
        ),
        ("OTEL_SERVICE_NAME", "pools"),
    ]);
    let headers: Vec<_> = settings
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    assert_eq!(headers, [("x-key", &b"a b"[..]), ("x-tenant", b"2")]);
    assert!(settings.headers.iter().all(|(_, value)| value.is_sensitive()));
    let last = |name: &str| {
        settings
            .resource
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        (last("service.name"), last("deployment.environment.name")),
        ("pools".into(), "one,two".into())
    );
}

#[test]
fn a_sampler_takes_its_share() {
    let share = |name| sound(&[COLLECTOR, (SAMPLER, name), (SHARE, "0.25")]).sampler;
    assert!(
        matches!(share("traceidratio"), Sampler::TraceIdRatioBased(share) if share.to_bits() == 0.25f64.to_bits())
    );
    assert!(matches!(
        share("parentbased_traceidratio"),
        Sampler::ParentBased(_)
    ));
    assert!(matches!(share("always_off"), Sampler::AlwaysOff));
}

#[test]
fn what_is_wrong_names_its_variable_and_never_its_value() {
    for (variable, value) in [
        (TRACES_ENDPOINT, "canary"),
        (TRACES_ENDPOINT, "ftp://canary"),
        (TRACES_ENDPOINT, "http://canary:canary@127.0.0.1/"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "canary"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "canary"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "canary"),
        ("OTEL_TRACES_EXPORTER", "canary"),
        (PROPAGATORS, "canary,baggage"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "canary"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "can ary=canary"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "canary"),
        ("OTEL_RESOURCE_ATTRIBUTES", "canary"),
        ("OTEL_BSP_SCHEDULE_DELAY", "-1canary"),
        (QUEUE, "99999999"),
        (BATCH, "4096"),
        (SAMPLER, "canary"),
    ] {
        let (settings, problems) = judge(&[(variable, value), COLLECTOR]);
        assert!(
            settings.is_none() && problems.len() == 1,
            "{variable}: {problems:?}"
        );
        let told = problems[0].to_string();
        assert!(told.starts_with(variable) && !told.contains("canary"), "{told}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let (_, problems) = judge(&[
        (ENDPOINT, "collector"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "0"),
        (SAMPLER, "traceidratio"),
        (SHARE, "12"),
    ]);
    let names: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(names, [ENDPOINT, "OTEL_EXPORTER_OTLP_TIMEOUT", SHARE]);
}
