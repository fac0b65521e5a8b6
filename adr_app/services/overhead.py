"""What security's to-dos ask of a company: days to do, days a month to keep, and where the two disagree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import JOIN, SQL, EnclosedNodeList, Expression, Query, Value, fn

from adr_app.domain.conditions import GONE, State, binds
from adr_app.domain.reviews import VERDICTS
from adr_app.models.decisions import Decision
from adr_app.models.people import Person
from adr_app.models.reviews import Condition, ConditionWord, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services.dashboard_queries import STANDING
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer

PAGE = 50
"""To-dos on one page behind the numbers."""

_PLACE = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})", re.ASCII)

CLEARING = sorted(code for code, verdict in VERDICTS.items() if verdict.clears)


@dataclass(frozen=True, slots=True)
class Overhead:
    """What to-dos that bind ask for, in hundredths of a working day; `unknown` name no cost at all.

    What is done costs nothing to do any more, and goes on costing what it takes to keep.
    """

    todos: int = 0
    build: int = 0
    run: int = 0
    unknown: int = 0
    settling: int = 0


@dataclass(frozen=True, slots=True)
class Contested:
    """A to-do on which the two advisers disagree, with the sentence of each."""

    todo: Condition
    security: str
    objection: ConditionWord


def overhead(viewer: Viewer, at: datetime) -> Overhead:
    """Return what the to-dos of decisions that stand ask of a company at a moment, in one query."""
    rows = standing(viewer).select(
        Condition.state,
        Condition.binds_at,
        Condition.done_at,
        Condition.build_days,
        Condition.run_days,
    )
    todos = build = run = unknown = settling = 0
    for state, binds_at, done_at, to_build, to_run in rows.tuples():
        if not binds(state, binds_at, at):
            settling += 1
            continue
        todos += 1
        build += 0 if done_at else to_build or 0
        run += to_run or 0
        unknown += to_build is None and to_run is None
    return Overhead(todos, build, run, unknown, settling)


@dataclass(slots=True)
class Page:
    """Some of the to-dos behind the numbers, each with its decision, and where the next ones begin."""

    rows: list[tuple[Condition, Decision]] = field(default_factory=list)
    after: str = ""


def page(viewer: Viewer, place: str = "") -> Page:
    """Return a page of the to-dos that the numbers are made of: those of the newest decision stand first."""
    rows = list(wanted(viewer, place))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    ids = {row.decision_id for row in rows}
    decisions = {d.id: d for d in visible(viewer).where(Decision.id.in_(ids))} if ids else {}
    listed = [(row, decisions[row.decision_id]) for row in rows if row.decision_id in decisions]
    return Page(listed, f"{rows[-1].decision_id}.{rows[-1].id}" if more else "")


def wanted(viewer: Viewer, place: str = "") -> Query:
    """Return the query for a page, and one more row, which tells of another page."""
    keys = (Condition.decision_id, Condition.id)
    query = standing(viewer)
    found = _PLACE.fullmatch(place)
    if found is not None:
        beyond = [Value(int(value), converter=False) for value in found.groups()]
        query = query.where(Expression(EnclosedNodeList(list(keys)), "<", EnclosedNodeList(beyond)))
    return query.order_by(*(key.desc() for key in keys)).limit(PAGE + 1)


def standing(viewer: Viewer) -> Query:
    """Return the to-dos of the newest security OK on each decision that stands and this person may see."""
    later = Verdict.alias()
    back = VerdictTakenBack.alias()
    newer = (
        later.select(SQL("1"))
        .join(back, JOIN.LEFT_OUTER, on=(back.company == later.company) & (back.verdict_id == later.id))
        .where(
            later.company == Condition.company,
            later.decision_id == Condition.decision_id,
            later.id > Condition.verdict_id,
            later.code.in_(CLEARING),
            back.id.is_null(),
        )
    )
    taken_back = (VerdictTakenBack.company == Condition.company) & (
        VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    seen = (
        visible(viewer)
        .select(SQL("1"))
        .where(Decision.id == Condition.decision_id, Decision.status.in_(STANDING))
    )
    return (
        Condition.select()
        .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=taken_back)
        .where(
            Condition.company == viewer.company.id,
            Condition.state.not_in(sorted(GONE)),
            VerdictTakenBack.id.is_null(),
            fn.EXISTS(seen),
            ~fn.EXISTS(newer),
        )
    )


def contested(company_ids: Iterable[int]) -> list[Contested]:
    """Return the to-dos that the CTO contests at some companies, oldest first; there are never many.

    The caller leaves out the decisions that its viewer may not know of.
    """
    ids = list(company_ids)
    rows = _CONTESTED.rows(companies=ids) if ids else []
    said: dict[int, Any] = {}
    if rows:
        query = ConditionWord.select(ConditionWord, Person).join(
            Person, on=(ConditionWord.person == Person.id)
        )
        mine = query.where(
            ConditionWord.company.in_(ids),
            ConditionWord.condition_id.in_([row.id for row in rows]),
            ConditionWord.kind == State.CONTESTED,
        )
        said = {word.condition_id: word for word in mine.order_by(ConditionWord.id)}
    return [Contested(row, row.signed, said[row.id]) for row in rows if row.id in said]


def awaited(company_ids: Iterable[int], at: datetime) -> list[Any]:
    """Return the to-dos that wait for the CTO's word at some companies, the soonest to bind first.

    Each comes with `signed`, the name of who asked for it, `asked_by`, their id, and `decided`, the status
    of its decision.
    """
    ids = list(company_ids)
    return _AWAITED.rows(companies=ids, at=int(at.timestamp())) if ids else []


def _on_standing(companies: Any, where: Any) -> Query:
    taken_back = (VerdictTakenBack.company == Condition.company) & (
        VerdictTakenBack.verdict_id == Condition.verdict_id
    )
    query = (
        Condition.select(
            Condition,
            Verdict.person_name.alias("signed"),
            Verdict.person.alias("asked_by"),
            Decision.status.alias("decided"),
        )
        .join(Decision, on=(Decision.id == Condition.decision_id))
        .switch(Condition)
        .join(Verdict, on=(Verdict.company == Condition.company) & (Verdict.id == Condition.verdict_id))
        .switch(Condition)
        .join(VerdictTakenBack, JOIN.LEFT_OUTER, on=taken_back)
        .where(
            Condition.company.in_(companies),
            where,
            Decision.status.in_(STANDING),
            VerdictTakenBack.id.is_null(),
        )
    )
    return query.order_by(Condition.binds_at, Condition.id).objects()


# Spelled as the indexes of the few that are contested or wait for a word are, or they would not be read.
_CONTESTED = Spelled(lambda companies: _on_standing(companies, SQL(f'"t1"."state" = \'{State.CONTESTED}\'')))
_AWAITED = Spelled(
    lambda companies, at: _on_standing(
        companies,
        SQL(f'"t1"."state" = \'{State.PROPOSED}\'') & (Condition.binds_at > at) & Condition.done_at.is_null(),
    )
)
