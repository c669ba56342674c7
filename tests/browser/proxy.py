"""A proxy in front of the server under test, as docs/operations.md asks for one: it compresses what is text."""

import gzip
import http.client
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

TEXT = ("text/", "application/json", "image/svg+xml")
# What lies between two machines and goes no further.
BETWEEN_TWO = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Passed:
    """One answer that went through: the path asked for, the type of what came, and its bytes on the way."""

    path: str
    content_type: str
    size: int


@contextmanager
def compressing(origin):
    """Start the proxy. Gives its address, and the list to which it adds each answer that it passes on."""
    passed = []
    host = urlsplit(origin)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer leaves in one piece, without waiting for a word about the one before.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self):
            behind = http.client.HTTPConnection(host.hostname, host.port, timeout=60)
            behind.request("GET", self.path, headers=dict(self.headers))
            answer = behind.getresponse()
            body = answer.read()
            behind.close()
            content_type = answer.getheader("Content-Type", "")
            headers = [
                (name, value) for name, value in answer.getheaders() if name.lower() not in BETWEEN_TWO
            ]
            if content_type.startswith(TEXT) and not answer.getheader("Content-Encoding"):
                body = gzip.compress(body, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
            passed.append(Passed(self.path, content_type.partition(";")[0], len(body)))
            self.send_response(answer.status)
            for name, value in [*headers, ("Content-Length", str(len(body)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing: the tests tell what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host.hostname}:{server.server_port}", passed
    finally:
        server.shutdown()
        server.server_close()
