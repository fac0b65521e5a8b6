"""What is flagged now at a company: how often each flag is on, and for which decisions most lately."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from peewee import SQL, fn

from adr_app.domain.flag_rules import UNREAD
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision, ImportedFile
from adr_app.models.flags import SpanRow, newest_running
from adr_app.services import restricted
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer

SHOWN = 5

BY_IMPORT = {"accepted-no-input": "without_input", "inherited-not-assessed": "older_than_log"}
"""The flags an import may bring many of, and what its report calls them."""


@dataclass
class Flagged:
    """One flag that is on: how often, and the newest decisions or debts with the moment each began."""

    count: int
    newest: list[tuple[Decision, SpanRow]] = field(default_factory=list)
    debts: list[tuple[DebtItem, SpanRow]] = field(default_factory=list)


def flagged(viewer: Viewer, *, at: datetime) -> dict[str, Flagged]:
    """Return every flag that is on at `at`, by its code, as far as this person may know."""
    company = viewer.company.id
    hidden = restricted.hidden_from(viewer)
    found: dict[str, Flagged] = {}
    for (code, _), count in restricted.running(viewer, hidden, "flag", at).items():
        found.setdefault(code, Flagged(0)).count += count
    secret: Counter[str] = Counter()
    for (code, _), count in (restricted.running_on(company, hidden, "flag", at) if hidden else {}).items():
        secret[code] += count
    rows: list[SpanRow] = [
        span
        for code in found
        for span in newest_running(
            [company], "flag", [code], at,
            # as many more as could be hidden among the newest
            limit=SHOWN + secret[code], many=found[code].count > 2000,
        )
    ]  # fmt: skip
    _add_debts(company, found, [span for span in rows if span.subject_type == "debt"])
    rows = [span for span in rows if span.subject_type == "decision"]
    ids = {span.subject_id for span in rows}
    seen = {row.id: row for row in visible(viewer).where(Decision.id.in_(ids))} if ids else {}
    for span in rows:
        if span.subject_id in seen and len(found[span.code].newest) < SHOWN:
            found[span.code].newest.append((seen[span.subject_id], span))
    return found


def _add_debts(company_id: int, found: dict[str, Flagged], rows: list[SpanRow]) -> None:
    ids = {span.subject_id for span in rows}
    items = DebtItem.select().where(DebtItem.company == company_id, DebtItem.id.in_(ids)) if ids else ()
    by_id = {row.id: row for row in items}
    for span in rows:
        if span.subject_id in by_id and len(found[span.code].debts) < SHOWN:
            found[span.code].debts.append((by_id[span.subject_id], span))


def unread(viewer: Viewer, *, at: datetime) -> int:
    """Return how many decisions, of those this person may see, cannot be checked."""
    on = restricted.running(viewer, restricted.hidden_from(viewer), "flag", at)
    return sum(n for (code, _), n in on.items() if code == UNREAD.code)


def of_source(company_id: int, source: str, at: datetime) -> dict[str, int]:
    """Return how many decisions from a source stand flagged: made without input, and older than the log."""
    brought = ImportedFile.select(SQL("1")).where(
        ImportedFile.company == SpanRow.company,
        ImportedFile.decision_id == SpanRow.subject_id,
        ImportedFile.source == source,
    )
    rows = (
        SpanRow.running(company_id, "flag", at)
        .select(SpanRow.code, fn.COUNT(SpanRow.id))
        .where(SpanRow.subject_type == "decision", SpanRow.code.in_(list(BY_IMPORT)), fn.EXISTS(brought))
        .group_by(SpanRow.code)
    )
    found = dict(rows.tuples())
    return {words: found.get(code, 0) for code, words in BY_IMPORT.items()}
