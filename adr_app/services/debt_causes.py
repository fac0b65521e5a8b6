"""Which decisions caused debt, and whether those with the vCISO's input caused less of it than those without.

A debt that several decisions incurred counts for each of them, and items overlap: every sum here is an upper
figure. Decisions that somebody must not know of are in no count and no sum of theirs.
"""

from dataclasses import dataclass

from peewee import Query, fn

from adr_app.domain.debt import State
from adr_app.models.base import FOREVER
from adr_app.models.debt import DebtItem, DebtLink
from adr_app.models.decisions import Decision
from adr_app.models.flags import SpanRow, Tally
from adr_app.services import decision_rows, restricted
from adr_app.services.list_filters import HEARD
from adr_app.services.people import Viewer

GROUPS = ("in-time", "after", "none", "not-needed")
"""The groups that are compared, by codes of `HEARD`: what is older than the log had nobody to ask."""

FEWEST = 5
"""Fewer decisions than these in a group say nothing about the next one."""

SHOWN = 50
"""How many decisions the page shows, those that caused most first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Decisions whose input came alike: how many, how many caused debt, and what it comes to.

    `fix` and `loss` are hundredths of a working day, the second each month.
    """

    code: str
    decisions: int = 0
    caused: int = 0
    items: int = 0
    fix: int = 0
    loss: int = 0

    @property
    def is_few(self) -> bool:
        """Return whether there are too few decisions to compare them with others."""
        return self.decisions < FEWEST

    @property
    def average(self) -> int | None:
        """Return what debt a decision of the group caused on average, or None where there is none."""
        return (2 * self.fix + self.decisions) // (2 * self.decisions) if self.decisions else None


@dataclass(frozen=True, slots=True)
class Cause:
    """A decision with the debt it caused: how many items, and their sums in hundredths of a working day."""

    decision: Decision
    items: int
    fix: int
    loss: int
    heard: str


def compared(viewer: Viewer) -> list[Group]:
    """Return the groups of decisions with what debt each caused, in the order of `GROUPS`."""
    hidden = restricted.hidden_from(viewer)
    made = _made(viewer.company.id, hidden)
    sums = {
        code: numbers for code, *numbers in _sums(viewer.company.id, hidden).group_by(SpanRow.code).tuples()
    }
    found = []
    for group in GROUPS:
        codes = HEARD[group]
        rows = [sums[code] for code in codes if code in sums]
        caused, items, fix, loss = (sum(int(row[place] or 0) for row in rows) for place in range(4))
        found.append(Group(group, sum(made.get(code, 0) for code in codes), caused, items, fix, loss))
    return found


def causes(viewer: Viewer) -> list[Cause]:
    """Return the decisions that caused debt, those whose debt costs most to fix first."""
    rows = list(
        DebtLink.select(
            DebtLink.decision_id,
            fn.COUNT(DebtItem.id),
            fn.COALESCE(fn.SUM(DebtItem.fix_days), 0).alias("fix"),
            fn.COALESCE(fn.SUM(DebtItem.monthly_loss), 0).alias("loss"),
        )
        .join(DebtItem, on=_OF_ITEM)
        .where(
            DebtLink.company == viewer.company.id,
            *_that_count(),
            _but(DebtLink.decision_id, restricted.hidden_from(viewer)),
        )
        .group_by(DebtLink.decision_id)
        .order_by(fn.COALESCE(fn.SUM(DebtItem.fix_days), 0).desc(), DebtLink.decision_id)
        .limit(SHOWN)
        .tuples()
    )
    ids = [row[0] for row in rows]
    known = {one.id: one for one in decision_rows.visible(viewer).where(Decision.id.in_(ids))} if ids else {}
    heard = _heard(viewer.company.id, ids)
    return [
        Cause(known[key], items, int(fix), int(loss), heard.get(key, ""))
        for key, items, fix, loss in rows
        if key in known
    ]


_OF_ITEM = (DebtItem.company == DebtLink.company) & (DebtItem.id == DebtLink.debt_id)


def _that_count() -> tuple[object, ...]:
    """Return the conditions for a debt that a decision caused: it was one, whatever became of it."""
    return DebtLink.role == "incurred_by", DebtItem.state != State.NOT_DEBT


def _sums(company_id: int, hidden: list[int]) -> Query:
    """Return the query for what debts come to, by the class of input of the decisions that caused them."""
    return (
        SpanRow.select(
            SpanRow.code,
            fn.COUNT(DebtLink.decision_id.distinct()),
            fn.COUNT(DebtItem.id),
            fn.SUM(DebtItem.fix_days),
            fn.SUM(DebtItem.monthly_loss),
        )
        .join(
            DebtLink,
            on=(DebtLink.company == SpanRow.company) & (DebtLink.decision_id == SpanRow.subject_id),
        )
        .join_from(DebtLink, DebtItem, on=_OF_ITEM)
        .where(
            SpanRow.company == company_id,
            *_now(),
            *_that_count(),
            _but(SpanRow.subject_id, hidden),
        )
    )


def _now() -> tuple[object, ...]:
    return SpanRow.subject_type == "decision", SpanRow.kind == "input", SpanRow.ends == FOREVER


def _made(company_id: int, hidden: list[int]) -> dict[str, int]:
    """Return how many decisions were made with which class of input, less those that are hidden."""
    rows = (
        Tally.select(Tally.code, fn.SUM(Tally.n))
        .where(Tally.company == company_id, Tally.kind == "input")
        .group_by(Tally.code)
        .tuples()
    )
    found = {code: int(count) for code, count in rows}
    if hidden:
        taken = (
            SpanRow.select(SpanRow.code, fn.COUNT(SpanRow.id))
            .where(SpanRow.company == company_id, *_now(), SpanRow.subject_id.in_(hidden))
            .group_by(SpanRow.code)
            .tuples()
        )
        for code, count in taken:
            found[code] = found.get(code, 0) - count
    return found


def _heard(company_id: int, ids: list[int]) -> dict[int, str]:
    """Return the group of each of some decisions, by id; none for what is older than the log or undecided."""
    if not ids:
        return {}
    rows = SpanRow.select(SpanRow.subject_id, SpanRow.code).where(
        SpanRow.company == company_id, *_now(), SpanRow.subject_id.in_(ids)
    )
    return {key: group for key, code in rows.tuples() for group in GROUPS if code in HEARD[group]}


def _but(column: object, hidden: list[int]) -> object:
    return column.not_in(hidden) if hidden else True  # type: ignore[attr-defined]
