"""Holds recorded upstream requests against the upstream's OpenAPI schema; run by validate-upstream.sh.

Arguments: the OpenAPI file, a folder of .jsonl files (one request body a line). Before it judges anything the validator
has to refuse a list of wrong requests, each wrong in one way: an OpenAPI reader that ignores what stands beside a `$ref`
would let some of them pass, and all that is checked then would mean nothing.
"""

import copy
import json
import pathlib
import sys

from openapi_schema_validator import OAS30Validator, oas30_format_checker

BODY = "#/components/schemas/ConversionEvents"
SHOWN = 20

RIGHT = {
    "event_name": "checkout", "action_source": "web", "event_time": 1763719200, "event_id": "e-1",
    "event_source_url": "https://shop.example/", "opt_out": True, "language": "en",
    "user_data": {"em": ["8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d"], "click_id": "dj0yJnU9"},
    "custom_data": {
        "currency": "EUR", "value": "12.5", "num_items": 2, "content_ids": ["A"], "order_id": "1",
        "contents": [{"id": "A", "item_price": "6.25", "quantity": 2}]},
}


def changed(path, value):
    """The right event with another value at a path; without it where the value is None."""
    event = copy.deepcopy(RIGHT)
    *parents, last = path.split(".")
    place = event
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return {"data": [event]}


WRONG = {
    "no events": {"data": []},
    "1001 events": {"data": [RIGHT] * 1001},
    "another member beside data": {"data": [RIGHT], "more": 1},
    "an unknown key of an event": changed("category_name", "x"),
    "an unknown key of custom_data": changed("custom_data.category_name", "x"),
    "an unknown key of an item": changed("custom_data.contents", [{"id": "A", "sku": "A"}]),
    "an e-mail that is no list": changed("user_data.em", "8c87"),
    "a numeric value": changed("custom_data.value", 12.5),
    "a numeric price": changed("custom_data.contents", [{"id": "A", "item_price": 6.25}]),
    "a numeric predicted_ltv": changed("custom_data.predicted_ltv", 6.25),
    "a count as text": changed("custom_data.num_items", "2"),
    "a count with a fraction": changed("custom_data.num_items", 2.5),
    "a null list": changed("custom_data.content_ids", [None]),
    "a time as text": changed("event_time", "1763719200"),
    "no event id": changed("event_id", None),
    "no event name": changed("event_name", None),
    "no source of the action": changed("action_source", None),
    "no time": changed("event_time", None),
    "no user data": changed("user_data", None),
    "a flag as text": changed("opt_out", "true"),
    "nobody": changed("user_data", {}),
    "an address alone": changed("user_data", {"client_ip_address": "203.0.113.9"}),
    "a user agent alone": changed("user_data", {"client_user_agent": "Mozilla/5.0"}),
    "an external id alone": changed("user_data", {"external_id": RIGHT["user_data"]["em"]}),
}


def validator(schema_path):
    document = json.loads(pathlib.Path(schema_path).read_text())
    # The components stand beside the reference, so that every reference is resolved within this one document.
    schema = {"$ref": BODY, "components": document["components"]}
    return OAS30Validator(schema, format_checker=oas30_format_checker)


def fault(judge, request):
    """Where and why a request does not fit; None when it does."""
    for error in judge.iter_errors(request):
        # A branch of anyOf says more than that none fits.
        cause = min(error.context, key=lambda inner: -len(inner.absolute_path)) if error.context else error
        path = ".".join(str(part) for part in cause.absolute_path)
        return f"{path or 'body'}: {cause.message[:300]}"
    return None


def self_test(judge):
    refusal = fault(judge, {"data": [RIGHT]})
    faults = [f"the right request is refused: {refusal}"] if refusal else []
    return faults + [f"a request with {name} passes" for name, request in WRONG.items() if fault(judge, request) is None]


def check_line(judge, path, number, line):
    """The number of events of a recorded request, and what is wrong with it, if anything is."""
    try:
        request = json.loads(line)
    except ValueError as error:
        return 0, f"{path.name}:{number}: not JSON: {error}"
    data = request.get("data") if isinstance(request, dict) else None
    found = fault(judge, request)
    return len(data) if isinstance(data, list) else 0, found and f"{path.name}:{number}: {found}"


def main(schema_path, folder):
    judge = validator(schema_path)
    broken = self_test(judge)
    if broken:
        print("validate-upstream: the validator does not do its work:", *broken, sep="\n  ")
        return 1
    files = sorted(pathlib.Path(folder).glob("*.jsonl"))
    tasks = [(path, number, line) for path in files for number, line in enumerate(path.read_bytes().splitlines(), 1)]
    if not tasks:
        print(f"validate-upstream: nothing was recorded in {folder}")
        return 1
    results = [check_line(judge, *task) for task in tasks]
    faults = [found for _, found in results if found]
    for found in faults[:SHOWN]:
        print(f"validate-upstream: {found}")
    events = sum(count for count, _ in results)
    told = f"the validator refused all {len(WRONG)} wrong requests of its self-test"
    verdict = f"{len(faults)} do not fit the upstream's schema" if faults else "all fit the upstream's schema"
    print(f"validate-upstream: {len(tasks)} requests with {events} events checked: {verdict}; {told}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
