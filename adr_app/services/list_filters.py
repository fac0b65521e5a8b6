"""What a list of decisions is asked for, and the conditions that show exactly that.

Numbers on other pages lead to these lists, so a filter reads the very spans that its number counts. What it
costs is bounded by choosing who leads: where a running total says that few decisions match, the matching rows
are looked up and sorted; where many do, the order's own index is read until a page is full.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from peewee import SQL, Expression, Field, NodeList, Query, fn

from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.flag_rules import RULES
from adr_app.domain.standing_words import STANDINGS
from adr_app.models import tallies
from adr_app.models.base import FOREVER, database, is_sqlite
from adr_app.models.decisions import Decision, DecisionSystem, DecisionTag
from adr_app.models.flags import SpanRow
from adr_app.models.people import System
from adr_app.services import systems
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer

FEW = 2000
"""Up to so many matches are looked up and sorted; beyond, the order's index leads."""

UNDECIDED_YET = "undecided"
"""The status that stands for both that are not decided."""

WAITING_FOR = {"waiting-vciso": ("asked", "review-waiting"), "waiting-author": ("question",)}
"""For whom it waits, where the mark *Waiting* is too coarse: the standings of each."""

HEARD = {
    "counted": ("before", "meeting", "after", "none", "none-engaged"),
    "in-time": ("before", "meeting"),
    "before": ("before",),
    "meeting": ("meeting",),
    "after": ("after",),
    "none": ("none", "none-engaged"),
    "not-needed": ("not-needed",),
}
"""When the vCISO was heard: the classes of input that each choice stands for."""

MADE_HERE = (*HEARD["counted"], *HEARD["not-needed"])
"""Classes of input of what was decided since the log went live; older decisions were only written into it."""

LONGEST_PERIOD = 36
_PERIOD = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])(?:\.\.(2[0-9]{3})-(0[1-9]|1[0-2]))?", re.ASCII)
_FLAG = re.compile(r"([a-z-]+)(?::([a-z-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; an empty text filters nothing, and `cursor` is a page's address.

    `made` is a month `YYYY-MM` or two with `..` between, `heard` a key of `HEARD`, `flag` the code of a rule,
    with `:` and a reason behind it or without.
    """

    q: str = ""
    status: str = ""
    mark: str = ""
    kind: str = ""
    system: str = ""
    tag: str = ""
    made: str = ""
    heard: str = ""
    flag: str = ""
    mine: bool = False
    order: str = "reference"
    cursor: str = ""

    @property
    def filters(self) -> int:
        """Return how many filters are in use, the search apart."""
        named = (self.status, self.mark, self.kind, self.system, self.tag, self.made, self.heard, self.flag)
        return sum(map(bool, (*named, self.mine)))


def codes_of(mark: str) -> list[str]:
    """Return the standings that a mark of the list stands for."""
    finer = WAITING_FOR.get(mark)
    return list(finer) if finer else [s.code for s in STANDINGS.values() if s.mark == mark]


def flag_of(text: str) -> tuple[str, str] | None:
    """Return the rule's code and the reason (or an empty one) that a flag filter names, or None."""
    found = _FLAG.fullmatch(text)
    if found is None or found[1] not in RULES or RULES[found[1]].subject != "decision":
        return None
    return found[1], found[2] or ""


def months_of(period: str) -> list[str]:
    """Return the months `YYYY-MM` of a period, both ends included; none where it is no period."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return []
    year, month, last_year, last_month = (int(part or 0) for part in found.groups())
    first, last = year * 12 + month - 1, (last_year * 12 + last_month - 1) if last_year else None
    numbers = range(first, (first if last is None else last) + 1)
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in numbers] if 0 < len(numbers) <= LONGEST_PERIOD else []


def period(months: Iterable[date]) -> str:
    """Return the period from the first to the last of some months, as an address spells it."""
    listed = [f"{month:%Y-%m}" for month in months]
    return listed[0] if len(listed) == 1 else f"{listed[0]}..{listed[-1]}"


def filtered(viewer: Viewer, wanted: Wanted, at: datetime, leads: Field) -> Query:
    """Return the decisions that this person may see and wants to, in no order yet.

    `leads` is the column that the list will be ordered by.
    """
    company = viewer.company.id
    query = visible(viewer)
    if wanted.status:
        query = query.where(_with_status(company, wanted.status, at, leads))
    if wanted.kind:
        led = leads is Decision.changed_at
        query = query.where((Decision.kind if led else not_leading(Decision.kind)) == wanted.kind)
    if wanted.mark:
        query = query.where(_with_span(company, "standing", codes_of(wanted.mark), at))
    if flag := flag_of(wanted.flag):
        query = query.where(_with_span(company, "flag", [flag[0]], at, why=flag[1]))
    if wanted.made or wanted.heard:
        query = query.where(_made(company, wanted))
    if wanted.system:
        named = (System.company == company) & (System.folded == systems.folded(wanted.system))
        concerned = (
            DecisionSystem.select(DecisionSystem.decision_id)
            .join(System, on=(System.id == DecisionSystem.system_id))
            .where(DecisionSystem.company == company, named)
        )
        query = query.where(Decision.id.in_(concerned))
    if wanted.tag:
        tagged = DecisionTag.select(DecisionTag.decision_id).where(
            DecisionTag.company == company, DecisionTag.tag == wanted.tag.casefold()
        )
        query = query.where(Decision.id.in_(tagged))
    if wanted.mine:
        query = query.where(Decision.author == viewer.person.id)
    return query


def not_leading(column: Field) -> Any:
    """Return a column that SQLite will not choose an index by; PostgreSQL knows how common a value is."""
    return NodeList((SQL("+"), column), glue="") if is_sqlite(database) else column


def _with_status(company: int, status: str, at: datetime, leads: Field) -> Expression:
    """Return the status filter; its index leads where the order is in it too, or where few have it."""
    wanted = sorted(UNDECIDED) if status == UNDECIDED_YET else [status]
    if len(wanted) == 1 and leads in (Decision.changed_at, Decision.decide_by_key):
        return Decision.status == status
    having = sum(n for (code, _), n in tallies.running(company, "status", at).items() if code in wanted)
    column = Decision.status if having <= FEW else not_leading(Decision.status)
    return Expression(column, "=", wanted[0]) if len(wanted) == 1 else Expression(column, "IN", wanted)


def _with_span(company: int, kind: str, codes: list[str], at: datetime, *, why: str = "") -> Expression:
    """Return the condition that a span with one of `codes` (and, where given, a reason) holds at a moment."""
    spans = SpanRow.running(company, kind, at).where(
        SpanRow.subject_type == "decision", SpanRow.code.in_(codes)
    )
    if why:
        spans = spans.where(SpanRow.why == why)
    having = sum(n for (code, _), n in tallies.running(company, kind, at).items() if code in codes)
    return _by(spans, having)


def _made(company: int, wanted: Wanted) -> Expression:
    """Return the condition that a decision was made in a period and its input came as wanted."""
    codes = HEARD.get(wanted.heard, MADE_HERE)
    months = months_of(wanted.made)
    spans = SpanRow.select().where(
        SpanRow.company == company,
        SpanRow.kind == "input",
        SpanRow.subject_type == "decision",
        # Nearly every span of input is the last of its decision: the index of ends would not narrow them.
        (SpanRow.ends + 0) == int(FOREVER.timestamp()),
        SpanRow.code.in_(codes),
    )
    if not months:
        return _by(spans, FEW + 1)
    # A span of a month's decision begins no earlier than that month, wherever the company is.
    begins = datetime.fromisoformat(f"{months[0]}-01").replace(tzinfo=UTC) - timedelta(days=1)
    spans = spans.where(SpanRow.starts >= begins, SpanRow.detail.in_([{"month": m} for m in months]))
    counted = tallies.inputs_by_month(company, months)
    return _by(spans, sum(by_why[code] for by_why in counted.values() for code in codes))


def _by(spans: Query, having: int) -> Expression:
    """Return the condition that one of `spans` is the decision's; `having` says about how many there are."""
    if having <= FEW:
        return Decision.id.in_(spans.select(SpanRow.subject_id))
    return fn.EXISTS(spans.select(SQL("1")).where(SpanRow.subject_id == Decision.id))
