"""Sends events to a relay with ga4mp, the Measurement Protocol client on PyPI.

ga4mp knows neither another host nor repeats: its private base address is set, and a send that fails is repeated here
after a pause, with the same events, as a program that uses it would do. Prints `refused` for every error answer, and at
the end `report: {...}` in the words of segment_client.py.
"""

import argparse
import json
import logging
import time
from urllib.error import HTTPError, URLError

from ga4mp import FirebaseMP, GtagMP

# It says at length which optional parameters an event lacks.
logging.getLogger("ga4mp.ga4mp").setLevel(logging.ERROR)

PAUSE = 0.3
PATIENCE = 30


class Counts:
    attempts = 0
    uploads = 0
    errors = []


def attempt(call):
    """Makes a call that sends one request, and repeats it while the relay is away or refuses."""
    end = time.monotonic() + PATIENCE
    while True:
        Counts.attempts += 1
        try:
            call()
            Counts.uploads += 1
            return
        except HTTPError as error:
            print("refused", flush=True)
            failure = error
        except (URLError, ConnectionError) as error:
            failure = error
        if time.monotonic() > end:
            Counts.errors.append(str(failure))
            return
        time.sleep(PAUSE)


def purchase(tracker, run, number):
    event = tracker.create_new_event("purchase")
    event.set_event_param("transaction_id", f"{run}-{number}")
    event.set_event_param("currency", "EUR")
    event.set_event_param("value", 25 + number)
    event.set_event_param("page_location", f"https://shop.example/thanks?order={number}")
    event.set_event_param("ip_override", "203.0.113.9")
    event.set_event_param("user_agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36")
    item = event.create_new_item(item_id="SKU-1", item_name="Blue Mug")
    item.set_parameter("price", 12.5)
    item.set_parameter("quantity", 2)
    event.add_item_to_event(item)
    return event


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--interval", type=float, default=0, help="seconds between two requests of one event")
    options = parser.parse_args()

    run = f"ga4mp-{time.time_ns()}"
    web = GtagMP(api_secret="secret", measurement_id="G-ABC123", client_id="111.222")
    app = FirebaseMP(api_secret="secret", firebase_app_id="1:2:web:3", app_instance_id="0123456789abcdef" * 2)
    for tracker in (web, app):
        tracker._base_domain = options.url + "/mp/collect"

    numbers = list(range(options.events))
    if options.interval:
        for number in numbers:
            event = purchase(web, run, number)
            attempt(lambda: web.send([event]))
            time.sleep(options.interval)
    else:
        # All three ways to send: 25 events a request, one by an app, and those kept for later, one event a request.
        alone, later, rest = numbers[:1], numbers[1:4], numbers[4:]
        attempt(lambda: app.send([purchase(app, run, number) for number in alone]))
        for number in later:
            web.send([purchase(web, run, number)], postpone=True)
            attempt(web.postponed_send)
        for start in range(0, len(rest), 25):
            events = [purchase(web, run, number) for number in rest[start : start + 25]]
            attempt(lambda: web.send(events))
    report = {
        "arriving": [f"{run}-{number}" for number in numbers],
        "silent": [],
        "attempts": Counts.attempts,
        "uploads": Counts.uploads,
        "errors": Counts.errors,
    }
    print("report: " + json.dumps(report), flush=True)


main()
