"""Builds the log that is measured: companies whose decisions are real rows, events and spans."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adr_app.domain.decisions import KINDS, Status
from adr_app.domain.revisions import DIGEST_VERSION, clean
from adr_app.models import search
from adr_app.models.base import (
    NO_DAY_FIRST,
    NO_DAY_LAST,
    database,
    insert_rows,
    is_sqlite,
    open_database,
    update,
)
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag, Revision
from adr_app.models.people import Company, Engagement, Installation, Person
from adr_app.models.reviews import Review, Verdict
from adr_app.models.schema import MIGRATIONS, upgrade
from adr_app.services import companies, engagements, people, systems
from adr_app.services.record import Ledger, acting
from adr_app.services.summaries import summary

BIG, SMALL = "big", "small"
WORD = "turquoise"
"""The word that every tenth text holds."""

YEARS = timedelta(days=5 * 365)
BATCH = 500
_KINDS = list(KINDS)
_HTML = {
    "context": "<p>Orders are lost when the queue is full.</p>",
    "decision": "<p>We add a second queue.</p>",
}


@dataclass(frozen=True)
class Size:
    """How many decisions the big company has, the one it is compared with, and each of the others."""

    big: int
    small: int = 1_000
    others: int = 100
    each: int = 10


def prepared(size: Size, folder: Path) -> str:
    """Return the URL of an SQLite log of this size; it is built once for each size and schema."""
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(repr(size).encode())
    for file in (*sorted(MIGRATIONS.glob("[0-9]*.*")), Path(__file__)):
        key.update(file.read_bytes())
    target = folder / f"{key.hexdigest()[:16]}.db"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=folder) as unfinished:
            made = Path(unfinished) / "log.db"
            build(f"sqlite:///{made}", size)
            shutil.move(made, target)
    return f"sqlite:///{target}"


def build(url: str, size: Size) -> None:
    """Fill the empty database at `url` with a log of this size that ends today."""
    database.initialize(open_database(url))
    database.connect()
    try:
        upgrade(database)
        now = datetime.now(UTC).replace(microsecond=0)
        Installation.create(id=1, created_at=now - YEARS)  # as whoever sets the product up leaves it
        _company(BIG, size.big, now)
        _company(SMALL, size.small, now)
        for number in range(size.others):
            _company(f"other-{number}", size.each, now)
        if not is_sqlite(database):
            for table in (Decision, Revision, Verdict, Review):
                name = table._meta.table_name
                database.execute_sql(f"SELECT setval('{name}_id_seq', (SELECT MAX(id) FROM \"{name}\"))")
        database.execute_sql("ANALYZE")
    finally:
        database.close()


def _company(name: str, count: int, now: datetime) -> None:
    began = now - YEARS
    leader = people.known(f"leader@{name}.example", "Lea Leader", at=began)
    founded = companies.found(name, at=began, first=leader, roles=["leader"], go_live_on=began.date())
    viewer = people.viewer(leader, founded.slug, began)
    for role in ("cto", "vciso"):
        engagements.appoint(
            viewer, role=role, email=f"{role}@{name}.example", name=f"{role} person", at=began
        )
    cast = {role: Person.get(Person.email == f"{role}@{name}.example") for role in ("leader", "cto", "vciso")}
    mandate = Engagement.get(Engagement.company == founded.id, Engagement.role == "vciso").id
    steps = max(1, -(-count // BATCH))
    first = (Decision.select().order_by(Decision.id.desc()).first() or Decision(id=0)).id + 1
    for place, numbers in enumerate(range(s, min(s + BATCH, count)) for s in range(0, count, BATCH)):
        at = began + timedelta(hours=1) + (YEARS - timedelta(hours=2)) * ((place + 1) / steps)
        with acting(founded.id, at=at, actor=cast["cto"].id, many=True) as ledger:
            _Batch(ledger, cast, mandate, first).write(list(numbers))


class _Batch:
    """Writes some hundred decisions of one moment: rows at once, events one by one as the product does."""

    def __init__(self, ledger: Ledger, cast: dict[str, Person], mandate: int, first: int) -> None:
        self.ledger, self.cast, self.mandate, self.first = ledger, cast, mandate, first
        self.company = ledger.company.id
        self.systems = [s.id for s in systems.named(self.company, ["Shop", "Billing", "Warehouse", "App"])]

    def write(self, numbers: list[int]) -> None:
        """Write the decisions with these numbers, counted from zero."""
        made = [self._decision(n) for n in numbers]
        texts = [self._revision(row) for row in made]
        ids = [row.id for row in made]
        insert_rows(Decision, [row.__data__ for row in made])
        insert_rows(Revision, [row.__data__ for row in texts])
        insert_rows(
            DecisionSystem,
            [
                {"company": self.company, "decision_id": d.id, "system_id": self.systems[d.id % 4]}
                for d in made
            ],
        )
        insert_rows(
            DecisionTag,
            [{"company": self.company, "decision_id": id, "tag": f"tag-{id % 50}"} for id in ids],
        )
        answered = [row for row in made if _fate(row.number)[1]]
        verdicts = {v.id: v for v in self._verdicts(answered, {row.id: row for row in texts})}
        insert_rows(Verdict, [verdict.__data__ for verdict in verdicts.values()])
        asked = [row for row in made if row.status == Status.PROPOSED and row.number % 100 == 95]
        insert_rows(Review, [self._review(row) for row in asked])
        waiting = {row.id for row in asked}
        for row, text in zip(made, texts, strict=True):
            self._events(row, text, verdicts.get(row.id), row.id in waiting)
            words = f"{text.fields['context']} {text.fields['decision']}"
            search.store(self.company, row.id, f"{row.ref} {row.title}", words, replace=False)
        self.ledger.company.next_decision = max(numbers) + 2
        update(self.ledger.company)

    def _decision(self, n: int) -> Decision:
        at = self.ledger.at
        status, _ = _fate(n + 1)
        held = status in (Status.ACCEPTED, Status.DEPRECATED)
        return Decision(
            id=self.first + n, company=self.company, number=n + 1, status=status,
            kind=_KINDS[n % len(_KINDS)],
            title=f"Use a second queue for orders of region {n}", author=self.cast["cto"].id, level=1,
            created_at=at, changed_at=at, proposed_at=at, accepted_at=at if held else None,
            accepted_by=self.cast["cto"].id if held else None, in_force=1 if held else None,
            decided_on=at.date() if held else None, decided_key=at.date() if held else NO_DAY_FIRST,
            decide_by_key=NO_DAY_LAST, plain_words="Orders no longer get lost.", decide_by=None,
            raised_level=None,
        )  # fmt: skip

    def _revision(self, row: Decision) -> Revision:
        word = f" The {WORD} queue." if row.number % 10 == 0 else ""
        text = clean(
            {"title": row.title, "context": "Orders are lost when the queue is full." + word,
             "decision": "We add a second queue.", "kind": row.kind}
        )  # fmt: skip
        return Revision(
            id=row.id, company=self.company, decision_id=row.id, number=1, form="fields", title=row.title,
            fields=text.stored(), answers={}, level=1, canonical=text.canonical, digest=text.digest,
            digest_version=DIGEST_VERSION, html=_HTML, words=14, created_at=self.ledger.at,
            created_by=self.cast["cto"].id,
        )  # fmt: skip

    def _verdicts(self, rows: list[Decision], texts: dict[int, Revision]) -> Iterator[Verdict]:
        for row in rows:
            text = texts[row.id]
            yield Verdict(
                id=row.id, company=self.company, decision_id=row.id, revision_id=text.id, number=1,
                code="approve",
                person=self.cast["vciso"].id, person_name=self.cast["vciso"].name, role_name="vCISO",
                engagement_id=self.mandate, text="", digest=text.digest, level=1, at=self.ledger.at,
                review_id=None, valid_until=None, confirmed_by="",
            )  # fmt: skip

    def _review(self, row: Decision) -> dict[str, Any]:
        return Review(
            id=row.id, company=self.company, decision_id=row.id, asked_by=self.cast["cto"].id,
            asked_of=self.cast["vciso"].id, asked_at=self.ledger.at,
            due_at=self.ledger.at + timedelta(days=7), state="waiting", look_on=None, closed_at=None,
        ).__data__  # fmt: skip

    def _events(self, row: Decision, text: Revision, verdict: Verdict | None, asked: bool) -> None:
        status, _ = _fate(row.number)
        subject, said = ("decision", row.id), summary(text)
        self.ledger.append("decision.drafted", subject, {**said, "kind": row.kind})
        named = {key: said[key] for key in ("revision", "number", "digest")}
        if status != Status.DRAFT:
            self.ledger.append("decision.proposed", subject, named)
        if asked:
            due = int((self.ledger.at + timedelta(days=7)).timestamp())
            data = {**named, "review": row.id, "of": self.cast["vciso"].id, "level": 1, "due_at": due}
            self.ledger.append("review.asked", subject, {**data, "emergency": False})
        if verdict is not None:
            data = {**named, "verdict": row.id, "code": "approve", "level": 1, "engagement": self.mandate}
            data |= {"valid_until": None, "conditions": [], "row": verdict.row_digest}
            actor, self.ledger.actor = self.ledger.actor, self.cast["vciso"].id
            self.ledger.append("review.verdict", subject, data)
            self.ledger.actor = actor
        if status in (Status.ACCEPTED, Status.DEPRECATED):
            day = self.ledger.at.date().isoformat()
            data = {**named, "level": 1, "required": False, "way": "plain", "decided_on": day, "sole": False}
            self.ledger.append("decision.accepted", subject, {**data, "supersedes": []})
        if status == Status.DEPRECATED:
            self.ledger.append("decision.deprecated", subject)
        if status == Status.REJECTED:
            self.ledger.append("decision.rejected", subject)


def _fate(number: int) -> tuple[Status, bool]:
    """Return where a decision ends, and whether the vCISO answered before: one in five has an open flag."""
    last = number % 20
    if last < 4:
        return Status.ACCEPTED, False
    if last < 14:
        return Status.ACCEPTED, True
    if last < 17:
        return (Status.PROPOSED if last < 16 else Status.DRAFT), False
    return (Status.DEPRECATED, True) if last == 17 else (Status.REJECTED, False)


def people_of(slug: str) -> dict[str, Person]:
    """Return who holds each role at a company that was built here."""
    company = Company.get(Company.slug == slug)
    rows = Engagement.select(Engagement, Person).join(Person, on=(Engagement.person == Person.id))
    return {row.role: row.person for row in rows.where(Engagement.company == company.id)}
