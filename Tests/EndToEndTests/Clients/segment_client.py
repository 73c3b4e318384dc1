"""Sends events to a relay with one of the Segment-style SDKs, used as its own documentation says.

The SDK is not changed: what it sent, what was taken and what was refused is read from its own debug log and from its
`on_error` hook. Prints `refused` for every answer that is an error, and at the end `report: {...}`:

    arriving    message ids of the track and page calls, as the SDK generated them
    silent      message ids of the calls that have no conversion (identify, group, alias, screen)
    attempts    requests that the SDK began, repeats included
    uploads     requests that were answered as a success
    errors      what the SDK gave up on
"""

import argparse
import importlib
import json
import logging
import time
from datetime import datetime, timezone

# SDK: its module, its logger, the setting that holds the relay's address.
SDKS = {
    "segment": ("segment.analytics", "segment", "host"),
    "rudder": ("rudderstack.analytics", "rudderstack", "dataPlaneUrl"),
    "analytics": ("analytics", "segment", "host"),
}


class SDKLog(logging.Handler):
    """Reads the debug log that all three SDKs write in the same words."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.kinds = {}
        self.attempts = 0
        self.uploads = 0

    def emit(self, record):
        text = record.getMessage()
        if text.startswith("making request: "):
            self.attempts += 1
            for item in json.loads(text.split(": ", 1)[1])["batch"]:
                self.kinds[item["messageId"]] = item["type"]
        elif text == "data uploaded successfully":
            self.uploads += 1
        elif text.startswith("received response: "):
            print("refused", flush=True)

    def ids(self, arriving):
        return [key for key, kind in self.kinds.items() if (kind in ("track", "page")) == arriving]


def context(number):
    return {
        "ip": "203.0.113.9",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
        "traits": {"email": f"Person{number}@Example.com", "lastName": "Müller"},
    }


def send(sdk, number):
    """Calls the SDK once: orders for the most part, every fifth a page, every tenth an add to cart."""
    user = f"user-{number}"
    if number % 10 == 9:
        product = {"product_id": "SKU-1", "name": "Tasse „blau“", "price": 12.5, "quantity": 2}
        sdk.track(user, "Product Added", product, context=context(number), timestamp=datetime.now(timezone.utc))
    elif number % 5 == 4:
        page = {"url": f"https://shop.example/p/{number}", "title": "Mugs & more"}
        sdk.page(user, "Shop", "Mugs", page, context=context(number))
    else:
        order = {
            "order_id": f"order-{number}",
            "currency": "EUR",
            "revenue": 25 + number,
            "products": [{"product_id": "SKU-1", "price": 12.5, "quantity": 2}, {"sku": "SKU-2", "price": number}],
        }
        sdk.track(user, "Order Completed", order, context=context(number))


def send_silent(sdk):
    """The calls that carry no conversion."""
    sdk.identify("user-1", {"email": "jane@example.com", "plan": "pro"})
    sdk.group("user-1", "group-1", {"name": "Shop"})
    sdk.alias("anonymous-1", "user-1")
    sdk.screen("user-1", "App", "Start", context=context(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sdk", choices=SDKS, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--events", type=int, required=True, help="track and page calls")
    parser.add_argument("--interval", type=float, default=0, help="seconds between two calls")
    parser.add_argument("--gzip", action="store_true")
    options = parser.parse_args()

    module, logger, address = SDKS[options.sdk]
    log = SDKLog()
    logging.getLogger(logger).setLevel(logging.DEBUG)
    logging.getLogger(logger).addHandler(log)
    errors = []

    sdk = importlib.import_module(module)
    sdk.write_key = "wk_" + options.sdk
    setattr(sdk, address, options.url)
    sdk.gzip = options.gzip
    sdk.on_error = lambda error, items: errors.append(f"{type(error).__name__}: {error} ({len(items)} events)")

    for number in range(options.events):
        send(sdk, number)
        time.sleep(options.interval)
    send_silent(sdk)
    sdk.shutdown()
    report = {
        "arriving": log.ids(True),
        "silent": log.ids(False),
        "attempts": log.attempts,
        "uploads": log.uploads,
        "errors": errors,
    }
    print("report: " + json.dumps(report), flush=True)


main()
