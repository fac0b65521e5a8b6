"""A real browser on a real server: fixtures for the stories the product is played in."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from adr_app.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Chromium refuses ports of other protocols (SIP, X11, IRC…); the last of them is this one.
LAST_UNSAFE_PORT = 10080
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}

PictureTaker = Callable[[Page, str], Path]


@cache
def chromium() -> str | None:
    """Return the path of a Chromium or Chrome: the one ADR_CHROMIUM names, or the system's."""
    return shutil.which(os.environ.get("ADR_CHROMIUM", "")) or next(
        filter(None, map(shutil.which, NAMES)), None
    )


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port while the body runs; yields its address."""
    server = Server(app, "127.0.0.1", 0, threads=4, grace=5)
    while server.port <= LAST_UNSAFE_PORT:
        server.close()
        server = Server(app, "127.0.0.1", 0, threads=4, grace=5)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()


class Visitor:
    """One person's browser window: her own cookies, and everything the pages complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        # A page that answers 4xx is also an error to the console; the story asserts those itself.
        if message.type in {"error", "warning"} and "the server responded with a status" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, started once."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of the application of this test, served as in production."""
    with serving(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Open a window of its own for each person of a story: `visit()`, `visit(viewport=PHONE)`.

    At the end no page may have written an error to the console: a script that failed, or something the
    content security policy refused.
    """
    visitors: list[Visitor] = []

    def opened(**options: Any) -> Page:
        settings = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB"} | options
        context = browser.new_context(base_url=live_server, **settings)
        context.set_default_timeout(10_000)
        visitors.append(Visitor(context))
        return visitors[-1].page

    yield opened
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert not complaints


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """One window at desktop size."""
    return visit()


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    """One window at the size of a small phone."""
    return visit(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> PictureTaker:
    """Take a screenshot of the whole page into `screenshots/`, named by the test and the moment."""
    folder = request.config.rootpath / "screenshots"
    test = "".join(sign if sign.isalnum() else "-" for sign in request.node.name).strip("-")

    def taken(page: Page, name: str) -> Path:
        path = folder / f"{test}-{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return taken


def assert_accessible(page: Page) -> None:
    """Check a page with axe in light and in dark: every finding fails, named by rule and element.

    Dark changes colours and nothing else, so in dark only they are looked at.
    """
    found: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        # What passed is neither looked up nor handed over: that takes longer than finding out.
        violations = page.evaluate(
            "options => axe.run(options).then(found => found.violations)",
            {"resultTypes": ["violations"], **rules},
        )
        found += [
            f"{scheme}: {violation['id']} at {node['target']}: {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    assert not found, f"{page.url}\n" + "\n".join(found)
