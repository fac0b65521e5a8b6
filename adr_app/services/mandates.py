"""What depends on somebody's role before it ends, and what whoever holds it next finds: in so many queries.

The number of queries depends on the table of parts alone, never on how many people, decisions or reviews.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from adr_app.domain.permissions import Role
from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement
from adr_app.services import restricted
from adr_app.services.decision_rows import visible
from adr_app.services.mandate_parts import PARTS, Part
from adr_app.services.mandate_sources import Scope, Source
from adr_app.services.people import Viewer

SOON = timedelta(days=30)
SHOWN = 8
"""How many of a kind the page of a role shows; the count beside them is whole."""


@dataclass(frozen=True, slots=True)
class Depends:
    """So many of one kind depend on somebody's role."""

    part: Part
    count: int

    @property
    def words(self) -> str:
        """Return so many of them, in words."""
        return self.part.words(self.count)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that goes with a role: the decision it is about or its own title, and its date."""

    decision: Decision | None
    title: str
    when: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind of thing that goes with a role at the whole company: how many, and the first of them."""

    part: Part
    count: int
    rows: list[Row]

    @property
    def words(self) -> str:
        """Return so many of them, in words."""
        return self.part.words(self.count)


def ending_soon(rows: Iterable[Engagement], at: datetime) -> list[Engagement]:
    """Return the roles that end within thirty days and are not given to the same person again by then."""
    listed = list(rows)
    running = [row for row in listed if row.starts_at <= at and row.ends_at is not None and row.ends_at > at]
    return [
        row
        for row in sorted(running, key=lambda row: (row.ends_at, row.id))
        if row.ends_at - at <= SOON and not any(_renews(other, row) for other in listed)
    ]


def _renews(other: Engagement, ending: Engagement) -> bool:
    same = (other.person_id, other.role) == (ending.person_id, ending.role)
    begins = other.starts_at <= ending.ends_at
    return same and begins and (other.ends_at is None or other.ends_at > ending.ends_at)


def depending(viewer: Viewer, roles: Iterable[Engagement], at: datetime) -> dict[int, list[Depends]]:
    """Return what depends on some roles of the company, by the role's id: no kind of which there is none."""
    listed = list(roles)
    scope = _scope(viewer, at)
    found: dict[int, list[Depends]] = {role.id: [] for role in listed}
    for part in PARTS:
        whose = [role for role in listed if role.role in part.depends]
        if not whose:
            continue
        counts = _by_person(part.source(scope), {role.person_id for role in whose})
        for role in whose:
            if counts.get(role.person_id):
                found[role.id].append(Depends(part, counts[role.person_id]))
    return found


def _by_person(source: Source, persons: set[int]) -> dict[int, int]:
    counted = source.about if source.about is not None else source.query.model.id
    # One OK given twice on one version is one.
    many = fn.COUNT(fn.DISTINCT(counted) if source.query.model.__name__ == "Verdict" else counted)
    rows = source.query.select(source.whose, many).where(source.whose.in_(sorted(persons)))
    return dict(rows.group_by(source.whose).tuples())


def listed(viewer: Viewer, role: Role, at: datetime) -> list[Listed]:
    """Return what goes with a role at the whole company, the first due first, in the order of the table."""
    scope = _scope(viewer, at)
    found = []
    for part in PARTS:
        if role in part.shown:
            source = part.source(scope)
            rows = _first(source)
            if rows:
                found.append((part, rows))
    ids = {row[1] for part, rows in found for row in rows if row[1] is not None}
    decisions = {one.id: one for one in visible(viewer).where(Decision.id.in_(ids))} if ids else {}
    return [
        Listed(
            part,
            rows[0][0],
            [Row(decisions.get(about), title or "", when) for _, about, title, when in rows],
        )
        for part, rows in found
    ]


def _first(source: Source) -> list[tuple[int, int | None, str | None, Any]]:
    key = source.query.model.id
    columns = [fn.COUNT(key).over(), *(c for c in (source.about, source.title) if c is not None), source.when]
    rows = source.query.select(*columns).order_by(source.when.is_null(), source.when, key).limit(SHOWN)
    if source.about is not None:
        return [(many, about, None, when) for many, about, when in rows.tuples()]
    return [(many, None, title, when) for many, title, when in rows.tuples()]


def _scope(viewer: Viewer, at: datetime) -> Scope:
    return Scope(viewer.company.id, at, restricted.hidden_from(viewer))
