"""Asks for pages in turns and reckons what each costs: requests a second, processor time, statements."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from urllib.parse import quote, urlsplit

from adr_app.domain.decisions import KINDS
from adr_app.domain.permissions import Role
from adr_app.domain.standing_words import STANDINGS
from adr_app.models.base import database, open_database
from adr_app.models.decisions import Decision
from adr_app.models.people import Company, Person
from adr_app.services import lists, people, session
from bench.building import BIG, SMALL, WORD, people_of

ROUNDS, EACH = 5, 20


@dataclass(frozen=True)
class Page:
    """One page to ask for, as somebody, and the least share of the layout page's rate it must reach."""

    name: str
    path: str
    token: str
    share: float | None = None
    growth: float | None = None


@dataclass
class Cost:
    """What one request for a page took: seconds of processor and of the clock, and statements."""

    processor: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    queries: float = 0

    @property
    def seconds(self) -> float:
        """Return the processor time of one request: noise only adds to it, so the least is the truest."""
        return min(self.processor)

    @property
    def rate(self) -> float:
        """Return the requests answered in one second, one after another."""
        return 1 / median(self.clock)


def pages_of(url: str) -> dict[str, list[Page]]:
    """Return the pages to ask for at the big and at the small company, with sessions that may read them."""
    database.initialize(open_database(url))
    database.connect()
    try:
        return {slug: list(_pages(slug)) for slug in (BIG, SMALL)}
    finally:
        database.close()


def _pages(slug: str) -> Iterator[Page]:
    at = datetime.now(UTC).replace(microsecond=0)
    tokens = {role: session.start(person, at=at)[0] for role, person in people_of(slug).items()}
    cto = tokens["cto"]
    company = Company.get(Company.slug == slug)
    count = company.next_decision - 1
    yield Page("bare", "/bare/", "")
    yield Page("layout", "/bench/layout", cto)
    yield Page("list", f"/{slug}/decisions", cto, 0.35, 1.5)
    kind = list(KINDS)[1]
    yield Page("list, by mark", f"/{slug}/decisions?mark={quote(_mark())}", cto, 0.35, 1.5)
    yield Page("list, by kind", f"/{slug}/decisions?kind={kind}", cto, 0.35, 1.5)
    yield Page("list, deep", f"/{slug}/decisions?page={_deep(slug, at)}", cto, 0.35, 1.5)
    yield Page("search", f"/{slug}/decisions?q={WORD}", cto, 0.2, 2)
    decision = Decision.get(Decision.company == company.id, Decision.number == count // 2 + 1)
    yield Page("decision", f"/{slug}/decisions/{decision.ref}", cto, 0.35, 1.5)
    yield Page("dashboard", f"/{slug}/dashboard", cto, 0.2, 2)
    for role in ("cto", "vciso", "leader"):
        yield Page(f"first screen, {role}", "/", tokens[role], None, 2)


def _mark() -> str:
    """Return the mark of what was decided without the vCISO, as the list's filter names it."""
    return next(s.mark for s in STANDINGS.values() if s.mark.startswith("without"))


def _deep(slug: str, at: datetime) -> str:
    """Return the address of the page in the middle of the list."""
    viewer = people.viewer(_reader(slug), slug, at)
    middle = Decision.get(
        Decision.company == viewer.company.id, Decision.number == viewer.company.next_decision // 2
    )
    return lists._cursor(lists.ORDERS["reference"], middle, back=False)


def _reader(slug: str) -> Person:
    return people_of(slug)[Role.CTO]


@contextmanager
def served(url: str) -> Iterator[str]:
    """Serve the log at `url` in a process of its own while the body runs; give its address."""
    server = subprocess.Popen([sys.executable, "-m", "bench.serving", url], stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None or not (address := server.stdout.readline().strip()):
            raise RuntimeError("the server to measure did not start; the lines above say why")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def measured(address: str, pages: list[Page], rounds: int = ROUNDS, each: int = EACH) -> dict[str, Cost]:
    """Return what each page costs; the pages take turns, so that a busy moment hits all of them alike."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    costs = {page.name: Cost() for page in pages}
    for page in pages:
        _ask(connection, page)
        _ask(connection, page)
    for _ in range(rounds):
        for page in pages:
            before = _spent(connection)
            started = time.perf_counter()
            for _ in range(each):
                _ask(connection, page)
            clock = time.perf_counter() - started
            after = _spent(connection)
            cost = costs[page.name]
            cost.processor.append((after["processor"] - before["processor"]) / each)
            cost.clock.append(clock / each)
            cost.queries = (after["queries"] - before["queries"]) / each
    connection.close()
    return costs


def _ask(connection: http.client.HTTPConnection, page: Page) -> bytes:
    connection.request("GET", page.path, headers={"Cookie": f"adr_session={page.token}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{page.name} at {page.path} answered {answer.status}")
    return body


def _spent(connection: http.client.HTTPConnection) -> dict[str, float]:
    return dict(json.loads(_ask(connection, Page("spent", "/bench/spent", ""))))
