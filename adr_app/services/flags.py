"""Flags kept true: spans rewritten by the act that changes them, checked against the record, rebuilt."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import SQL, Query, fn

from adr_app.domain.debt_flags import UNPLANNED, debt_spans
from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.events import Happening
from adr_app.domain.flags import Span, company_spans, decision_spans
from adr_app.domain.flags_of_imports import spans_of_some
from adr_app.models import tallies
from adr_app.models.base import writing
from adr_app.models.debt import DebtItem
from adr_app.models.decisions import Decision
from adr_app.models.events import CompanyActs, Event, EventSubject, company_happenings
from adr_app.models.flags import SpanRow
from adr_app.models.people import Company
from adr_app.models.spelled import Spelled
from adr_app.models.waiting import keep_levels
from adr_app.services.span_rows import plain, rewrite, rows_of

AT_ONCE = 200
"""How many decisions a company-wide act re-evaluates itself; more wait for `refresh`."""

BATCH = 200

DEPENDED_ON = frozenset(
    {
        *("company.founded", "company.go-live-set", "company.policy-set", "company.severity-set"),
        *("company.framework-followed", "company.framework-left"),
        "company.calendar-set",
        *("engagement.started", "engagement.ended", "person.invited", "person.joined"),
    }
)
"""Company-wide acts that the flags of decisions depend on."""


OF_RULES = frozenset({"rule.signed", "rule.ended"})
"""Company-wide acts that the flags of what is not decided yet depend on."""


@dataclass
class Difference:
    """What a check found: spans or totals that the acts do not give, and rows known to be behind."""

    company: str
    checked: int = 0
    different: list[dict[str, Any]] = field(default_factory=list)
    stale: int = 0


def renew(company: Company, touched: Iterable[tuple[str, int]], at: datetime) -> None:
    """Rewrite the spans of everything an act touched, within its transaction."""
    subjects = list(dict.fromkeys(touched))
    decisions = [key for name, key in subjects if name == "decision"]
    acts = company_happenings(company.id)
    if ("company", company.id) in subjects:
        rewrite(company.id, "company", {company.id: company_spans(acts)})
        if acts and acts[-1].kind in DEPENDED_ON:
            decisions = _make_stale(company, decisions, at)
        elif acts and acts[-1].kind in OF_RULES:
            decisions = _make_stale(company, decisions, at, Decision.status.in_(sorted(UNDECIDED)))
        if acts and acts[-1].data.get("code") == UNPLANNED.code:
            subjects += [("debt", key) for key in _debts(company.id)]
    _renew_decisions(company, decisions, acts)
    _renew_debts(company.id, [key for name, key in subjects if name == "debt"], acts)


def _renew_debts(company_id: int, ids: list[int], acts: list[Happening]) -> None:
    companys = CompanyActs(acts)
    for some in _batches(ids):
        own = events_about(company_id, some, "debt")
        spans = {key: debt_spans(key, *companys.around(own.get(key, ()))) for key in some}
        rewrite(company_id, "debt", spans)


def _debts(company_id: int) -> list[int]:
    rows = DebtItem.select(DebtItem.id).where(DebtItem.company == company_id).order_by(DebtItem.id)
    return [row[0] for row in rows.tuples()]


def _batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def _make_stale(company: Company, decisions: list[int], at: datetime, *which: Any) -> list[int]:
    """Mark every decision (or only those `which`) as behind; return those to renew at once."""
    everything = [
        row[0]
        for row in Decision.select(Decision.id)
        .where(Decision.company == company.id, *which)
        .limit(AT_ONCE + 1)
        .tuples()
    ]
    if len(everything) <= AT_ONCE:
        return everything
    Decision.update(stale_since=at).where(Decision.company == company.id, *which).execute()
    company.stale_since = at
    company.save(only=[Company.stale_since])
    return decisions


def _renew_decisions(company: Company, ids: list[int], acts: list[Happening]) -> None:
    companys = CompanyActs(acts)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        own = events_about(company.id, some)
        spans = {key: _SPANS(key, *companys.around(own.get(key, ()))) for key in some}
        rewrite(company.id, "decision", spans)
        keep_levels(company.id, some)
        if company.stale_since is not None:
            Decision.update(stale_since=None).where(
                Decision.company == company.id, Decision.id.in_(some)
            ).execute()


_SPANS = spans_of_some()


def events_about(company_id: int, ids: list[int], subject_type: str = "decision") -> dict[int, list[Event]]:
    """Return the events that touch each of some things, in order, in one query."""
    found: dict[int, list[Event]] = {}
    for event in _EVENTS_ABOUT.rows(company=company_id, type=subject_type, ids=ids) if ids else ():
        found.setdefault(event.about, []).append(event)
    return found


_EVENTS_ABOUT = Spelled(
    lambda company, type, ids: (
        Event.select(Event, EventSubject.subject_id.alias("about"))
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company_id == company,
            EventSubject.subject_type == type,
            EventSubject.subject_id.in_(ids),
        )
        .order_by(Event.seq)
        .objects()
    )
)


def refresh(company_id: int, *, limit: int = 1000) -> int:
    """Re-evaluate decisions that a company-wide act left behind; return how many are still behind."""
    with writing():
        _work_in(company_id, limit)
        left: int = _behind(company_id).count()
        if not left:
            rewrite(company_id, "company", {company_id: company_spans(company_happenings(company_id))})
            Company.update(stale_since=None).where(Company.id == company_id).execute()
    return left


def _work_in(company_id: int, limit: int, after: int = 0) -> list[int]:
    """Re-evaluate the first decisions behind, of those with ids above `after`; return which they were."""
    company = Company.get_by_id(company_id)
    if company.stale_since is None:
        return []
    first = _behind(company_id).where(Decision.id > after).order_by(Decision.id).limit(limit)
    ids = [row[0] for row in first.tuples()]
    _renew_decisions(company, ids, company_happenings(company_id))
    return ids


def _behind(company_id: int) -> Query:
    return Decision.select(Decision.id).where(
        Decision.company == company_id, Decision.stale_since.is_null(False)
    )


def rebuild(company_id: int, *, go_on: bool = False, told: Callable[[int, int], None] | None = None) -> int:
    """Recompute every span and total of a company from its acts; return how many decisions were worked in.

    It works in batches, each a transaction of its own, so others can act meanwhile and it may be stopped
    between any two: what is not worked in yet stays marked as behind, and `go_on` takes up only that.
    `told` hears after each batch how many are done, and of how many.
    """
    if not go_on:
        _begin_anew(company_id)
    whole, done, last = _behind(company_id).count(), 0, 0
    while True:
        with writing():
            ids = _work_in(company_id, BATCH, last)
        if not ids:
            break
        done, last = done + len(ids), ids[-1]
        if told is not None:
            told(done, max(whole, done))
    while refresh(company_id):  # what an act left behind meanwhile
        pass
    return done


def _begin_anew(company_id: int) -> None:
    """Mark everything as behind, drop spans of nothing there is, and count the totals from what is stored."""
    with writing():
        company = Company.get_by_id(company_id)
        Decision.update(stale_since=company.last_event_at).where(Decision.company == company_id).execute()
        Company.update(stale_since=company.last_event_at).where(Company.id == company_id).execute()
        there = Decision.select(SQL("1")).where(
            Decision.company == company_id, Decision.id == SpanRow.subject_id
        )
        SpanRow.delete().where(
            SpanRow.company == company_id, SpanRow.subject_type == "decision", ~fn.EXISTS(there)
        ).execute()
        _renew_debts(company_id, _debts(company_id), company_happenings(company_id))
        tallies.recount(company_id)


SPANS_OF: dict[str, Callable[..., list[Span]]] = {"decision": decision_spans, "debt": debt_spans}
"""How the spans of one subject are worked out from its acts and its company's."""


def check(company: Company) -> Difference:
    """Compare every stored span with what the acts give, and the totals with the spans; change nothing.

    Decisions known to be behind are counted and not compared.
    """
    result = Difference(company.slug)
    acts = company_happenings(company.id)
    companys = CompanyActs(acts)
    totals: Counter[tallies.Key] = Counter()
    behind = {row[0] for row in _ids(company.id).where(Decision.stale_since.is_null(False))}
    groups = [("company", [company.id])]
    ids = [row[0] for row in _ids(company.id)]
    groups += [("decision", some) for some in _batches(ids)]
    groups += [("debt", some) for some in _batches(_debts(company.id))]
    for subject_type, keys in groups:
        own = {} if subject_type == "company" else events_about(company.id, keys, subject_type)
        rows = SpanRow.select().where(
            SpanRow.company == company.id, SpanRow.subject_type == subject_type, SpanRow.subject_id.in_(keys)
        )
        stored: dict[int, list[dict[str, Any]]] = {key: [] for key in keys}
        for row in rows:
            stored[row.subject_id].append(vars(row)["__data__"])
        for key in keys:
            totals.update(tallies.of(stored[key]))
            if subject_type == "decision" and key in behind:
                continue
            spans = (
                company_spans(acts)
                if subject_type == "company"
                else SPANS_OF[subject_type](key, *companys.around(own.get(key, ())))
            )
            wanted = rows_of(company.id, subject_type, key, spans)
            result.checked += 1
            if _sorted(stored[key]) != _sorted(wanted):
                result.different.append({"subject": subject_type, "id": key, "what": "spans"})
    if tallies.stored(company.id) != Counter({key: n for key, n in totals.items() if n}):
        result.different.append({"subject": "company", "id": company.id, "what": "totals"})
    result.stale = len(behind)
    return result


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(plain(row)) for row in rows)


def _ids(company_id: int) -> Any:
    return Decision.select(Decision.id).where(Decision.company == company_id).order_by(Decision.id).tuples()
