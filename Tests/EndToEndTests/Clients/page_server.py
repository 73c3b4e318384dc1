"""Serves the shop's page on a port of its own, so that the relay is another origin. Prints the port when it listens.

`/hold` is answered only after `/done` has been asked for: the page is not loaded, and the browser does not end, before
the page has sent everything. One page at a time does so. The server ends by itself, should nobody end it.
"""

import os
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Beacons give no sign of their end: the browser is kept for this long after the page's last word.
SETTLE_SECONDS = 0.5
HOLD_SECONDS = 50
LIFETIME_SECONDS = 300
done = threading.Semaphore(0)


class PageHandler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=str(Path(__file__).parent))

    def do_GET(self):
        if self.path not in ("/hold", "/done"):
            return super().do_GET()
        if self.path == "/hold":
            done.acquire(timeout=HOLD_SECONDS)
            time.sleep(SETTLE_SECONDS)
        else:
            done.release()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), PageHandler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
ending = threading.Timer(LIFETIME_SECONDS, os._exit, [1])
ending.daemon = True
ending.start()
server.serve_forever()
