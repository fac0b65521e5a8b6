"""The application: configuration, database, pages. Knows everything, contains no rule."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from adr_app import api, web
from adr_app.config import Config
from adr_app.models.base import database, open_database

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return now in UTC, in whole seconds: the only place that reads the machine's clock for pages."""
    return datetime.now(UTC).replace(microsecond=0)


def template_folder() -> Path:
    """Return where the templates are: inside the package once installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def create_app(config: Config, *, clock: Clock = system_clock, secret_key: str | None = None) -> Flask:
    """Return the web application on the database that `config` names.

    `clock` returns aware UTC and is injected by tests; `secret_key` overrides the configuration's. The
    database is bound to this process, connected per request, and never migrated here.
    """
    app = Flask("adr_app", template_folder=str(template_folder()))
    app.config.update(flask_settings(config, clock, secret_key))
    programs = api.create_api(app)
    app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
        app.wsgi_app, {api.PREFIX: programs.wsgi_app}
    )
    if config.proxies:
        behind = config.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind
        )
    database.initialize(open_database(config.database_url, pooled=True))
    for each in (app, programs):
        # Before what either checks: the check itself asks the database.
        each.before_request_funcs.setdefault(None, []).insert(0, _connect)
        each.teardown_appcontext(_disconnect)
    web.init_app(app)
    return app


def flask_settings(config: Config, clock: Clock, secret_key: str | None = None) -> dict[str, Any]:
    """Return what Flask is told for this configuration: all of an application that depends on it, but for
    the database and the proxies before it.
    """
    return {
        "ADR": config,
        "CLOCK": clock,
        "SECRET_KEY": secret_key or config.secret_key,
        "MAX_CONTENT_LENGTH": config.max_body,
        "MAX_FORM_MEMORY_SIZE": config.max_body,
        "SESSION_COOKIE_NAME": "adr_state",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.cookie_secure,
        "TRUSTED_HOSTS": list(config.trusted_hosts) or None,
    }


def _connect() -> None:
    database.connect(reuse_if_open=True)


def _disconnect(error: BaseException | None) -> None:
    if not database.is_closed():
        database.close()
