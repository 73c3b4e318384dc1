#!/usr/bin/env python3
"""Expands the Helm chart without Helm: chart.py [KEY=VALUE...] prints the manifests for the default values and those
named (`autoscaling.enabled=false`, YAML values).

The chart keeps to what is understood here: `if`/`else`/`end`, `.Values`, `.Release`, `.Chart`, and the functions below, with
Helm's own meaning. Anything else is an error, so that what is checked is what Helm would do.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

import yaml

CHART = Path(__file__).resolve().parents[1] / "helm/pinrelay"
ACTION = re.compile(r"(\s*\{\{- |\{\{-? ?)(.*?)( -\}\}\s*| ?\}\})", re.S)
ORDER = ["configmap", "networkpolicy", "poddisruptionbudget", "service", "statefulset", "horizontalpodautoscaler",
         "ingress", "servicemonitor"]


def indented(width, text):
    return "\n".join(" " * width + line for line in text.split("\n"))


FUNCTIONS = {
    "quote": lambda value: json.dumps(str(value), ensure_ascii=False),
    "trim": lambda text: text.strip(),
    "not": lambda value: not value,
    "add": lambda *numbers: sum(numbers),
    "sha256sum": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "nindent": lambda width, text: "\n" + indented(width, text),
    # Helm sorts the keys, as Go does.
    "toYaml": lambda value: yaml.safe_dump(value, sort_keys=True, default_flow_style=False).rstrip("\n"),
}


def operand(word, scope):
    if word.startswith("."):
        value = scope
        for key in word[1:].split("."):
            value = value[key]
        return value
    return yaml.safe_load(word)


def evaluate(text, scope):
    value, given = None, ()
    for stage in text.split(" | "):
        head, *rest = stage.split()
        operands = [operand(word, scope) for word in rest]
        value = FUNCTIONS[head](*operands, *given) if head in FUNCTIONS else operand(head, scope)
        given = (value,)
    return value


def shown(value):
    return {True: "true", False: "false", None: ""}.get(value, str(value)) if not isinstance(value, str) else value


def render(template, scope):
    """Splits the template at its actions; `{{-` takes the space before it away."""
    output, shows, position = [], [True], 0
    for action in ACTION.finditer(template):
        if all(shows):
            output.append(template[position:action.start()])
        position = action.end()
        word, _, rest = action.group(2).partition(" ")
        if word == "if":
            shows.append(bool(evaluate(rest, scope)) if all(shows) else False)
        elif word == "else":
            shows[-1] = not shows[-1]
        elif word == "end":
            shows.pop()
        elif all(shows):
            output.append(shown(evaluate(action.group(2), scope)))
    return "".join(output) + template[position:]


def manifests(changes=()):
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    for change in changes:
        path, _, text = change.partition("=")
        *parents, key = path.split(".")
        place = values
        for parent in parents:
            place = place[parent]
        place[key] = yaml.safe_load(text)
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    scope = {"Values": values, "Chart": {"AppVersion": chart["appVersion"]}, "Release": {"Name": "pinrelay"}}
    files = {path.stem: path for path in (CHART / "templates").glob("*.yaml")}
    assert set(files) == set(ORDER), "ORDER names every template"
    texts = (render(files[name].read_text(), scope).strip("\n") for name in ORDER)
    return "\n---\n".join(text for text in texts if text.strip()) + "\n"


if __name__ == "__main__":
    print("# The chart deploy/helm/pinrelay with its default values, for kubectl apply: change the ad account, the sources, the\n"
          "# image and the secret's name here. `deploy/ci/deploy.sh` compares it with the chart.\n"
          + manifests(sys.argv[1:]), end="")
