"""A server of this machine that answers as SonarQube does, unless a test says otherwise."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MEASURES = {"component": {"key": "billing", "measures": [{"metric": "ncloc", "value": "1200"}]}}
PROFILES = {
    "profiles": [
        {
            "name": "Sonar way",
            "languageName": "Java",
            "activeRuleCount": 510,
            "rulesUpdatedAt": "2026-03-01T10:00",
        },
        {"name": "Own", "language": "py"},
    ]
}
Answer = tuple[int, bytes, dict[str, str]]


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status, content, {name.replace("_", "-"): value for name, value in headers.items()}


class Sonar:
    """A server that answers as SonarQube does, unless a test says otherwise for a path."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = {
            "/api/measures/component": answer(MEASURES),
            "/api/server/version": answer(b"10.4.1.88267\n"),
            "/api/qualityprofiles/search": answer(PROFILES),
        }
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.knows: Callable[[str], bool] = lambda authorization: True
        sonar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts, who = urlsplit(self.path), self.headers.get("Authorization", "")
                sonar.asked.append((parts.path, parse_qs(parts.query), who))
                found = sonar.answers.get(parts.path, answer({"errors": [{"msg": "Unknown url"}]}, 404))
                if not sonar.knows(who):
                    found = answer(b"", 401)
                if callable(found):
                    found(self)
                    return
                status, body, headers = found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
