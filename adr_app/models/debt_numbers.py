"""What the numbers of a company's debt are reckoned from, read at once: estimates, limits, and acts."""

from typing import Any, NamedTuple

from peewee import JOIN, Query, fn

from adr_app.domain.debt import OPEN, State
from adr_app.models.base import database
from adr_app.models.debt import DebtItem
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import System

CLOSING_ACTS = ("debt.repaid", "debt.written-off", "debt.not-debt", "debt.reopened")
"""Acts besides estimates that change what is owed."""


class OwedRow(NamedTuple):
    """An open item with its newest estimate and the limits of its system, as the database holds them.

    Days are ISO texts, moments whole seconds; the columns of the estimate are None where there is none.
    """

    id: int
    number: int
    title: str
    state: str
    kind: str
    security: Any
    obligation_on: str | None
    starts_on: str | None
    monthly_work: int | None
    carried_until: str | None
    rebuild: int | None
    effort: int | None
    retires_on: str | None
    system: str | None
    estimated_at: int | None
    currency: str | None
    fix_low: int
    fix_likely: int
    fix_high: int
    loss_low: int
    loss_likely: int
    loss_high: int
    chance: int
    growth: int
    fix_growth: int
    months: int
    left_over: int
    avoided: int


_ITEM = ("id", "number", "title", "state", "kind", "security", "obligation_on", "starts_on", "monthly_work")
_NUMBERS = (
    *("fix_low", "fix_likely", "fix_high", "loss_low", "loss_likely", "loss_high", "chance", "growth"),
    *("fix_growth", "months", "left_over", "avoided"),
)


def owed_rows(company_id: int, number: int | None = None) -> list[OwedRow]:
    """Return a company's open items as the numbers need them, or the one item with a number, open or not."""
    query = _owed(company_id, number)
    # As they are: what peewee makes of thirty columns of five thousand rows costs more than the reckoning.
    return [OwedRow(*row) for row in database.execute(query).fetchall()]


def _owed(company_id: int, number: int | None) -> Query:
    later = DebtEstimate.alias()
    newest = later.select(later.debt_id, fn.MAX(later.seq).alias("seq")).where(later.company == company_id)
    wanted = DebtItem.state.in_(sorted(OPEN))
    if number is not None:
        # Told twice, or the estimates of all other items would be gone through for those of one.
        wanted, one = DebtItem.number == number, DebtItem.alias()
        item = one.select(one.id).where(one.company == company_id, one.number == number)
        newest = newest.where(later.debt_id.in_(item))
    newest = newest.group_by(later.debt_id).alias("newest")
    columns = [getattr(DebtItem, name) for name in _ITEM]
    return (
        DebtItem.select(
            *(*columns, DebtItem.carried_until, System.rebuild, System.effort, System.retires_on),
            *(System.name, DebtEstimate.at, DebtEstimate.currency),
            *(getattr(DebtEstimate, name) for name in _NUMBERS),
        )
        .join(
            System,
            JOIN.LEFT_OUTER,
            on=(System.company == DebtItem.company) & (System.id == DebtItem.system_id),
        )
        .join_from(DebtItem, newest, JOIN.LEFT_OUTER, on=(newest.c.debt_id == DebtItem.id))
        .join_from(
            DebtItem,
            DebtEstimate,
            JOIN.LEFT_OUTER,
            on=(
                (DebtEstimate.company == DebtItem.company)
                & (DebtEstimate.debt_id == DebtItem.id)
                & (DebtEstimate.seq == newest.c.seq)
            ),
        )
        .where(DebtItem.company == company_id, wanted)
        .order_by(DebtItem.number)
    )


def repaid_rows(company_id: int) -> list[tuple[int, int]]:
    """Return what fixes took and what they were last estimated to take, of items where both are known."""
    rows = DebtItem.select(DebtItem.actual_days, DebtItem.fix_days).where(
        DebtItem.company == company_id,
        DebtItem.state.in_((State.REPAID, State.VERIFIED)),
        DebtItem.actual_days.is_null(False),
        DebtItem.fix_days.is_null(False),
    )
    return list(rows.tuples())


class EstimateRow(NamedTuple):
    """An estimate as it was made: of which item, by which act, when (whole seconds), and its numbers."""

    debt_id: int
    seq: int
    at: int
    fix_low: int
    fix_likely: int
    fix_high: int
    loss_low: int
    loss_likely: int
    loss_high: int
    chance: int
    growth: int
    fix_growth: int
    months: int
    left_over: int
    avoided: int


def estimate_rows(company_id: int) -> list[EstimateRow]:
    """Return every estimate that was made at a company, in the order of the acts."""
    query = (
        DebtEstimate.select(
            DebtEstimate.debt_id,
            DebtEstimate.seq,
            DebtEstimate.at,
            *(getattr(DebtEstimate, name) for name in _NUMBERS),
        )
        .where(DebtEstimate.company == company_id)
        .order_by(DebtEstimate.seq)
    )
    return [EstimateRow(*row) for row in database.execute(query).fetchall()]


class ActRow(NamedTuple):
    """An act on an item: of which item, with which number, when (whole seconds), and its kind."""

    debt_id: int
    seq: int
    at: int
    kind: str


def closing_rows(company_id: int) -> list[ActRow]:
    """Return the acts by which items of a company were closed or opened again, in order."""
    query = (
        Event.select(EventSubject.subject_id, Event.seq, Event.at, Event.kind)
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company_id == company_id,
            EventSubject.subject_type == "debt",
            Event.kind.in_(CLOSING_ACTS),
        )
        .order_by(Event.seq)
    )
    return [ActRow(*row) for row in database.execute(query).fetchall()]


def limits_told(company_id: int) -> list[tuple[int, int, int, int | None, int | None]]:
    """Return what was said of the size of systems, in order: system, act, when, rebuild and effort."""
    query = (
        Event.select()
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company_id == company_id,
            EventSubject.subject_type == "system",
            Event.kind == "system.described",
        )
        .order_by(Event.seq)
    )
    return [
        (event.subject_id, event.seq, int(event.at.timestamp()), data["rebuild"], data["effort"])
        for event in query
        if (data := event.data)
    ]


def systems_of(company_id: int) -> dict[int, list[int]]:
    """Return the ids of the items of each system of a company, by the system's id."""
    found: dict[int, list[int]] = {}
    rows = DebtItem.select(DebtItem.system_id, DebtItem.id).where(
        DebtItem.company == company_id, DebtItem.system_id.is_null(False)
    )
    for system, item in rows.order_by(DebtItem.id).tuples():
        found.setdefault(system, []).append(item)
    return found


def names_of(company_id: int, ids: list[int]) -> dict[int, tuple[int, str]]:
    """Return the number and the title of some items, by id."""
    if not ids:
        return {}
    rows = (
        DebtItem.select(DebtItem.id, DebtItem.number, DebtItem.title)
        .where(DebtItem.company == company_id, DebtItem.id.in_(ids))
        .tuples()
    )
    return {key: (number, title) for key, number, title in rows}
