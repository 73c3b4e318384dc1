#!/usr/bin/env python3
"""Holds the deployment set together, beyond what each file's own tool sees. Prints every fault; 1 when there is one.

It asks that: all YAML and JSON can be read; the manifests are the chart's; every alert rule has a case in which it fires
and one in which it is silent; what ends a relay (systemd, compose, Kubernetes) waits longer than the relay takes; the
readiness probe notices a drain within pre_stop; proxies close idle connections before the relay does. With --queries it
prints the dashboard's queries as recording rules, for promtool.
"""

import json
import re
import sys
from pathlib import Path

import yaml

import chart

DEPLOY = Path(__file__).resolve().parents[1]
MONITORING = DEPLOY / "monitoring"
faults = []


def expect(condition, text):
    if not condition:
        faults.append(text)


def read(path):
    return (DEPLOY / path).read_text()


def queries():
    """The dashboard's expressions, with Grafana's variables filled in."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            found.extend([node["expr"]] if "expr" in node else [])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads((MONITORING / "grafana/dashboard.json").read_text()))
    return [text.replace("$__rate_interval", "5m").replace("$instance", ".*") for text in found]


def check_files():
    for path in DEPLOY.rglob("*"):
        try:
            if path.suffix == ".json":
                json.loads(path.read_text())
            elif path.suffix == ".yaml" and "templates" not in path.parts:
                list(yaml.safe_load_all(path.read_text()))
        except (ValueError, yaml.YAMLError) as error:
            faults.append(f"{path.relative_to(DEPLOY)}: {error}")


def check_manifests():
    committed = read("kubernetes/pinrelay.yaml")
    made = chart.manifests()
    expect(committed.partition("apiVersion:")[2] == made.partition("apiVersion:")[2],
           "kubernetes/pinrelay.yaml is not the chart's: deploy/ci/chart.py > deploy/kubernetes/pinrelay.yaml")
    for change in ["autoscaling.enabled=false", "ingress.enabled=true", "serviceMonitor.enabled=true",
                   "networkPolicy.enabled=false", "journal.storageClass=fast"]:
        expect(chart.manifests([change]) != made, f"the chart's value {change} changes nothing")
        list(yaml.safe_load_all(chart.manifests([change])))
    pod = next(item for item in yaml.safe_load_all(made) if item["kind"] == "StatefulSet")["spec"]["template"]["spec"]
    container = pod["containers"][0]
    variables = {item["name"]: item["value"] for item in container["env"]}
    pre_stop, deadline = (int(variables[f"PINRELAY_DRAIN_{name}"]) for name in ("PRE_STOP", "DEADLINE"))
    expect(pod["terminationGracePeriodSeconds"] > pre_stop + deadline, "Kubernetes ends a pod before it has drained")
    probe = container["readinessProbe"]
    expect(probe["periodSeconds"] * probe["failureThreshold"] < pre_stop, "readiness notices a drain too late")


def check_alerts():
    rules = [rule for group in yaml.safe_load(read("monitoring/alerts.yaml"))["groups"] for rule in group["rules"]]
    cases = [case for test in yaml.safe_load(read("monitoring/alerts.test.yaml"))["tests"]
             for case in test["alert_rule_test"]]
    for rule in rules:
        own = [case for case in cases if case["alertname"] == rule["alert"]]
        expect(any(case["exp_alerts"] for case in own), f"{rule['alert']}: no case in which it fires")
        expect(any(not case["exp_alerts"] for case in own), f"{rule['alert']}: no case in which it is silent")
    names = {rule["alert"] for rule in rules}
    expect({case["alertname"] for case in cases} <= names, "alerts.test.yaml tests an alert that does not exist")


def check_ends():
    # The defaults of drain.pre_stop and drain.deadline, and listen.limits.idle_timeout.
    full = yaml.safe_load((DEPLOY.parent / "config/pinrelay.full.yaml").read_text())
    seconds = {key: int(value.rstrip("s")) for key, value in full["drain"].items()}
    drain = seconds["pre_stop"] + seconds["deadline"]
    idle = int(full["listen"]["limits"]["idle_timeout"].rstrip("s"))
    unit = int(re.search(r"^TimeoutStopSec=(\d+)s$", read("systemd/pinrelay.service"), re.M)[1])
    grace = yaml.safe_load(read("compose/compose.yaml"))["services"]["relay"]["stop_grace_period"]
    expect(unit > drain, "systemd ends the service before it has drained")
    expect(int(grace.rstrip("s")) > drain, "compose ends the container before it has drained")
    nginx = re.search(r"upstream pinrelay \{.*?keepalive_timeout (\d+)s;", read("proxy/nginx.conf"), re.S)
    expect(int(nginx[1]) < idle, "nginx keeps idle connections longer than the relay")
    haproxy = re.search(r"pool-purge-delay (\d+)s", read("proxy/haproxy.cfg"))
    expect(int(haproxy[1]) < idle, "HAProxy keeps idle connections longer than the relay")


if __name__ == "__main__":
    if sys.argv[1:] == ["--queries"]:
        rules = [{"record": f"dashboard:query:{number}", "expr": text} for number, text in enumerate(queries())]
        print(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
        sys.exit()
    for check in (check_files, check_manifests, check_alerts, check_ends):
        check()
    for text in faults:
        print(f"deploy: {text}")
    sys.exit(1 if faults else 0)
