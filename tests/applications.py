"""Web applications for the tests: one for all tests of a process, set up anew for each of them.

Building one (a hundred addresses, sixty templates) takes longer than most tests that ask it something.
"""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from adr_app.app import Clock, create_app, flask_settings
from adr_app.config import Config


class Compiled(BytecodeCache):
    """Keeps what Jinja compiled, by template and by its text, so that a changed template is compiled anew."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give Jinja what was compiled of this very text before, if anything."""
        held = self._held.get((bucket.key, bucket.checksum))
        if held is not None:
            bucket.bytecode_from_string(held)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what Jinja compiled."""
        self._held[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = Compiled()


def own_application(config: Config, clock: Clock) -> Flask:
    """Return an application that nobody else is given: for a test that adds to it, or keeps it."""
    made = create_app(config, clock=clock)
    made.testing = True
    made.jinja_env.bytecode_cache = _COMPILED
    return made


class _Shared:
    """An application and what it was like before any test had it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._views, self._config = dict(app.view_functions), dict(app.config)

    def set_up(self, config: Config, clock: Clock) -> Flask:
        """Return it with this configuration, and nothing an earlier test changed."""
        self._app.view_functions.clear()
        self._app.view_functions.update(self._views)
        self._app.config.clear()
        self._app.config.update(self._config | flask_settings(config, clock))
        return self._app


_kept: list[_Shared] = []


def application(config: Config, clock: Clock) -> Flask:
    """Return this process's application, set up for one test; the database is for the caller to bind."""
    assert not config.proxies, "what stands before an application is not shared: ask for an own one"
    if not _kept:
        _kept.append(_Shared(own_application(config, clock)))
    return _kept[0].set_up(config, clock)
