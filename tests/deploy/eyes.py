"""Dashboards and alarms name metrics that the function emits, and are the same in every template."""

import json
import os
import re
from pathlib import Path

from cloudformation import Template
from terraform import Module

scene = json.loads(os.environ["REHOME_SCENE"])
deploy = Path(scene["deploy"])
emitted = scene["emitted"]
OF_LAMBDA = {"Errors", "Invocations", "Throttles", "Duration", "ConcurrentExecutions"}
POOL, NAME = "eu-west-1_NewPool01", "CognitoUserMigration"


def known(namespace, metric, dimensions):
    """A metric that exists, under a set of dimensions that it has."""
    where = f"{namespace} {metric} {dimensions}"
    if namespace == "AWS/Lambda":
        assert metric in OF_LAMBDA and list(dimensions) == ["FunctionName"], where
        return
    assert namespace == emitted["namespace"], where
    assert metric in emitted["metrics"], where
    assert sorted(dimensions) in [sorted(names) for names in emitted["dimensions"]], where
    if "Outcome" in dimensions:
        assert dimensions["Outcome"] in emitted["outcomes"], where


def lines(widget):
    """The metrics of a CloudWatch widget (*Dashboard body structure and syntax*)."""
    for line in widget["properties"].get("metrics", []):
        if len(line) > 1:
            namespace, metric, *pairs = [part for part in line if isinstance(part, str)]
            yield namespace, metric, dict(zip(pairs[::2], pairs[1::2]))


body = json.loads((deploy / "dashboards/cloudwatch.json").read_text())
seen = set()
for widget in body["widgets"]:
    assert widget["x"] + widget["width"] <= 24, widget
    for namespace, metric, dimensions in lines(widget):
        known(namespace, metric, dimensions)
        seen.add(metric)
assert seen >= set(emitted["metrics"]), f"on no widget: {set(emitted['metrics']) - seen}"
(query,) = [widget["properties"]["query"] for widget in body["widgets"] if widget["type"] == "log"]
for field in re.findall(r"ispresent\((\w+)\)|by (\w+), (\w+)|max\((\w+)\)", query):
    for name in filter(None, field):
        assert name in emitted["fields"], name

grafana = json.loads((deploy / "dashboards/grafana-function.json").read_text())
seen = set()
ids = [panel["id"] for panel in grafana["panels"]]
assert len(ids) == len(set(ids))
variables = {one["name"] for one in grafana["templating"]["list"]}
for panel in grafana["panels"]:
    for target in panel["targets"]:
        assert set(re.findall(r"\$\{(\w+)\}", json.dumps(target))) <= variables
        if target["metricName"]:
            known(target["namespace"], target["metricName"], {k: v[0] for k, v in target["dimensions"].items()})
            seen.add(target["metricName"])
assert seen >= set(emitted["metrics"]), f"on no panel: {set(emitted['metrics']) - seen}"

# The template has the dashboard inside; it is the same one.
sam = Template.read(
    deploy / "sam/template.yaml", {"NewUserPoolId": POOL, "OldUserPoolId": "eu-west-1_OldPool01", "OldClientId": "1"})
values = {"FunctionName": NAME, "UserPoolId": POOL, "Region": "eu-west-1"}
filled = re.sub(r"\$\{(\w+)\}", lambda m: values[m[1]], json.dumps(body))
inside = sam.resource("AWS::CloudWatch::Dashboard")["DashboardBody"]
assert json.loads(inside) == json.loads(filled), "deploy/sam/template.yaml carries another dashboard"
cdk = Template.read(Path(scene["templates"]) / "usual.json", {})
assert json.loads(cdk.resource("AWS::CloudWatch::Dashboard")["DashboardBody"]) == json.loads(filled)


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def of_cloudformation(alarm):
    """An alarm in one form: what it watches, and when it goes off."""
    watched = []
    for query in alarm.get("Metrics", [{"MetricStat": {
        "Metric": {"Namespace": alarm.get("Namespace"), "MetricName": alarm.get("MetricName"),
                   "Dimensions": alarm.get("Dimensions", [])},
        "Stat": alarm.get("Statistic", alarm.get("ExtendedStatistic")), "Period": alarm.get("Period"),
    }}]):
        if stat := query.get("MetricStat"):
            metric = stat["Metric"]
            dimensions = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
            watched.append((metric["Namespace"], metric["MetricName"], tuple(dimensions.items()), stat["Stat"], stat["Period"]))
        else:
            watched.append(query["Expression"])
    return rule(alarm, watched, lambda name: alarm.get(name))


def of_terraform(alarm):
    watched = []
    for query in alarm.get("metric_query", [{"metric": [{
        "namespace": alarm.get("namespace"), "metric_name": alarm.get("metric_name"),
        "dimensions": alarm.get("dimensions"), "period": alarm.get("period"),
        "stat": alarm.get("statistic", alarm.get("extended_statistic")),
    }]}]):
        for metric in query.get("metric", []):
            watched.append((metric["namespace"], metric["metric_name"], tuple(metric["dimensions"].items()),
                            metric["stat"], metric["period"]))
        if "expression" in query:
            watched.append(query["expression"])
    return rule(alarm, watched, lambda name: alarm.get(snake(name)))


def rule(alarm, watched, get):
    for one in watched:
        if not isinstance(one, str):
            known(one[0], one[1], dict(one[2]))
    periods = get("EvaluationPeriods")
    return {
        "watched": sorted(((one[0], one[1], tuple(sorted(one[2])), *one[3:]) if not isinstance(one, str) else (one,)
                           for one in watched), key=str),
        "description": get("AlarmDescription"), "threshold": float(get("Threshold")), "periods": periods,
        "datapoints": get("DatapointsToAlarm") or periods, "comparison": get("ComparisonOperator"),
        "missing": get("TreatMissingData"),
    }


terraform = Module(deploy / "terraform", {
    "new_user_pool_id": POOL, "old_user_pool_id": "eu-west-1_OldPool01", "old_client_id": "1", "package": "f.zip"})
alarms = {
    "sam": [of_cloudformation(one) for one in sam.resources("AWS::CloudWatch::Alarm")],
    "cdk": [of_cloudformation(one) for one in cdk.resources("AWS::CloudWatch::Alarm")],
    "terraform": [of_terraform(terraform.value(one)) for one in terraform.all("resource", "aws_cloudwatch_metric_alarm")],
}
for tool, found in alarms.items():
    found.sort(key=lambda alarm: alarm["description"])
    assert found == alarms["sam"], f"{tool}\n{json.dumps(found, indent=1)}\nis not\n{json.dumps(alarms['sam'], indent=1)}"

# And so is the function itself.
sam_function = sam.resource("AWS::Serverless::Function")
terraform_function = terraform.value({
    name: value
    for name, value in terraform.one("resource", "aws_lambda_function", "function").items()
    if name in ("runtime", "handler", "architectures", "memory_size", "timeout", "description", "function_name")
})
for tool, function in (("cdk", cdk.resource("AWS::Lambda::Function")), ("terraform", terraform_function)):
    for name in ("Runtime", "Handler", "Architectures", "MemorySize", "Timeout", "Description", "FunctionName"):
        found = function.get(name, function.get(snake(name)))
        assert found == sam_function[name], f"{tool}: {name} is {found}"

print("dashboards and alarms agree")
