"""Holds configurations against config/pinrelay.schema.json with a validator from PyPI: the samples of config/ and those
inside deploy/'s manifests, or the files that are named. Prints every fault with its path; ends with 1 when there is one.

    .build/clients/schema/bin/python deploy/ci/validate_config.py [FILE...]      (make clients installs it)
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Loader(yaml.SafeLoader):
    """YAML 1.2's scalars, as the relay and editors read them: `NO` is Norway, `1:30` is text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?[0-9]+\.[0-9]+", list("-+0123456789")),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def load(text):
    return yaml.load(text, Loader)


def samples():
    """The configurations of the repository: name and document."""
    for path in sorted((ROOT / "config").glob("*.yaml")):
        yield path.name, load(path.read_text())
    yield "values.yaml", load(load((ROOT / "deploy/helm/pinrelay/values.yaml").read_text())["config"])
    for manifest in yaml.load_all((ROOT / "deploy/kubernetes/pinrelay.yaml").read_text(), Loader):
        for name, text in (manifest or {}).get("data", {}).items() if (manifest or {}).get("kind") == "ConfigMap" else []:
            yield f"kubernetes {name}", load(text)


def main(names):
    schema = json.loads((ROOT / "config/pinrelay.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    documents = [(name, load(pathlib.Path(name).read_text())) for name in names] or list(samples())
    faults = 0
    for name, document in documents:
        for error in validator.iter_errors(document):
            faults += 1
            print(f"{name}: {'.'.join(str(part) for part in error.absolute_path)}: {error.message}")
    print(f"validate-config: {len(documents)} configurations, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
