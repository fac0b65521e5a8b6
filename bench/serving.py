"""The server that is measured: the product, two bench-only routes, and a bare Flask route, in one process."""

import logging
import sys
import tempfile
import time
from typing import Any

from flask import Flask, render_template
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from adr_app.app import create_app
from adr_app.config import load_config
from adr_app.domain.permissions import Public
from adr_app.models.base import database
from adr_app.server import serve
from adr_app.web.access import needs


class _Counted:
    """How many statements this process sent to the database so far."""

    def __init__(self) -> None:
        self.queries = 0
        database.obj.execute_sql = self

    def __call__(self, *given: Any, **more: Any) -> Any:
        self.queries += 1
        return type(database.obj).execute_sql(database.obj, *given, **more)


def application(url: str, folder: str) -> Flask:
    """Return the product on the log at `url`, with its bare layout, what it spent so far, and `/bare`."""
    settings = {
        "ADR_DATABASE_URL": url,
        "ADR_DATA_DIR": folder,
        "ADR_SECRET_KEY": "a key for the benchmark only, forty letters",
    }
    app = create_app(load_config(settings))
    counted = _Counted()

    @needs(Public.SIGNED_IN)
    def layout() -> str:
        return render_template("base.html")

    @needs(Public.ANYBODY)
    def spent() -> dict[str, float]:
        return {"processor": time.process_time(), "queries": counted.queries}

    app.add_url_rule("/bench/layout", view_func=layout)
    app.add_url_rule("/bench/spent", view_func=spent)
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "Hello")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/bare": bare})  # type: ignore[method-assign]
    return app


def main(url: str) -> None:
    """Serve the log at `url` on a free port of this machine; the address is the first line printed."""
    # One thread serves, as one person asks: a request that waits for it is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        app = application(url, folder)
        serve(app, "127.0.0.1", 0, threads=1, announce=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main(sys.argv[1])
