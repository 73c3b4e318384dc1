#!/usr/bin/env python3
"""Keeps sending orders over TLS until its standard input closes; no request is ever tried again.

Usage: load.py PORT CERTIFICATE CONNECTIONS ACKNOWLEDGED. Writes the id of every event that was answered 200 to
ACKNOWLEDGED, and prints `requests`, `failed` and the first failures at the end.
"""

import http.client
import json
import ssl
import sys
import threading
import time

port, certificate, connections, acknowledged = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
run = f"{int(time.time()):x}"
ended = threading.Event()


def body(message):
    return json.dumps({
        "writeKey": "drill", "type": "track", "event": "Order Completed", "messageId": message, "userId": message,
        "context": {"ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
                    "traits": {"email": f"{message}@shop.example"}},
        "properties": {"order_id": message, "currency": "EUR", "revenue": 90.5},
    })


def send(number, good, bad):
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
    count = 0
    while not ended.is_set():
        count += 1
        message = f"drill-{run}-{number}-{count}"
        try:
            line.request("POST", "/v1/track", body(message),
                         {"Content-Type": "application/json", "Host": "tags.shop.example"})
            answer = line.getresponse()
            text = answer.read()
            if answer.status == 200:
                good.append(message)
            else:
                bad.append(f"{time.strftime('%T')} {message}: {answer.status} {text[:80]!r}")
        except (OSError, http.client.HTTPException) as error:
            bad.append(f"{time.strftime('%T')} {message}: {error!r}")
            line.close()


good, bad = [[] for _ in range(connections)], [[] for _ in range(connections)]
threads = [threading.Thread(target=send, args=(i, good[i], bad[i])) for i in range(connections)]
for thread in threads:
    thread.start()
sys.stdin.read()
ended.set()
for thread in threads:
    thread.join()
with open(acknowledged, "w") as file:
    file.writelines(message + "\n" for messages in good for message in messages)
failures = sorted(line for lines in bad for line in lines)
print(f"requests {sum(map(len, good)) + len(failures)}")
print(f"failed {len(failures)}")
print("\n".join(failures[:10]))
