"""Running totals of spans, so that a number on a page costs months and days, never decisions.

Each span counts one up on the UTC day it begins and one down on the day it ends, once under the day and once
under its month. How many hold at a moment is the sum of the earlier months, of the earlier days of this
month, and of what began or ended today up to that second.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from peewee import Query, fn

from adr_app.models.base import FOREVER, database, execute_many
from adr_app.models.flags import SpanRow, Tally
from adr_app.models.spelled import Spelled

Key = tuple[str, str, str, str]
_PAGE = 5000


def of(rows: Iterable[dict[str, Any]]) -> Counter[Key]:
    """Return the totals that some spans make, by `(kind, code, why, day or month)`, without zeros."""
    totals: Counter[Key] = Counter()
    for row in rows:
        head = (row["kind"], row["code"], row["why"])
        if row["kind"] == "input":
            if row["ends"] == FOREVER:
                totals[(*head, row["detail"].get("month", ""))] += 1
            continue
        for moment, step in ((row["starts"], 1), (row["ends"], -1)):
            if moment != FOREVER:
                day = moment.date().isoformat()
                totals[(*head, day)] += step
                totals[(*head, day[:7])] += step
    return Counter({key: n for key, n in totals.items() if n})


def stored(company_id: int) -> Counter[Key]:
    """Return the totals as they are stored, without zeros."""
    rows = Tally.select().where(Tally.company == company_id, Tally.n != 0)
    return Counter({(row.kind, row.code, row.why, row.day): row.n for row in rows})


def move(company_id: int, *, removed: list[dict[str, Any]], added: list[dict[str, Any]]) -> None:
    """Move the stored totals by what some rewritten spans change."""
    change = of(added)
    change.subtract(of(removed))
    _add(company_id, change)


def _add(company_id: int, change: Counter[Key]) -> None:
    mark = database.param
    execute_many(
        f"INSERT INTO tally (company_id, kind, code, why, day, n) VALUES ({', '.join([mark] * 6)}) "  # noqa: S608
        "ON CONFLICT (company_id, kind, code, why, day) DO UPDATE SET n = tally.n + EXCLUDED.n",
        [(company_id, *key, n) for key, n in sorted(change.items()) if n],
    )


def recount(company_id: int) -> None:
    """Count the totals of a company anew from its stored spans, a page of them at a time."""
    totals: Counter[Key] = Counter()
    last = 0
    while rows := list(
        SpanRow.select()
        .where(SpanRow.company == company_id, SpanRow.id > last)
        .order_by(SpanRow.id)
        .limit(_PAGE)
    ):
        totals.update(of(vars(row)["__data__"] for row in rows))
        last = rows[-1].id
    Tally.delete().where(Tally.company == company_id).execute()
    _add(company_id, totals)


def running(company_id: int, kind: str, at: datetime) -> Counter[tuple[str, str]]:
    """Return how many spans of a kind hold at `at`, by `(code, why)`, without zeros."""
    totals = running_in([company_id], kind, at)[company_id]
    return Counter({key: n for key, n in totals.items() if n})


def inputs_by_month(company_id: int, months: list[str]) -> dict[str, Counter[str]]:
    """Return, for each month `YYYY-MM`, how many decisions were made with which security input."""
    found: dict[str, Counter[str]] = {month: Counter() for month in months}
    for month, why, n in _BY_MONTH.rows(company=company_id, months=months) if months else ():
        found[month][why] += n
    return found


def running_in(
    company_ids: list[int], kind: str, at: datetime, codes: list[str] | None = None
) -> dict[int, Counter[tuple[str, str]]]:
    """Return, for each company, how many spans hold at `at` by `(code, why)`, in three queries for all.

    `codes` narrows that to some; a count may be zero.
    """
    return running_of(company_ids, {kind: codes}, at)[kind]


def running_of(
    company_ids: list[int], kinds: Mapping[str, list[str] | None], at: datetime
) -> dict[str, dict[int, Counter[tuple[str, str]]]]:
    """Return what `running_in` does for several kinds, each narrowed to its codes, in as many queries."""
    found: dict[str, dict[int, Counter[tuple[str, str]]]] = {
        kind: {company_id: Counter() for company_id in company_ids} for kind in kinds
    }
    today = at.date().isoformat()
    narrowed = all(codes is not None for codes in kinds.values())
    codes = sorted({code for some in kinds.values() for code in some or ()}) if narrowed else []
    what: dict[str, Any] = {"companies": list(company_ids), "kinds": sorted(kinds), "codes": codes}
    midnight = int(at.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
    told = [(1, _BEFORE_TODAY.rows(**what, month=today[:7], today=today))]
    for edge, step in (("starts", 1), ("ends", -1)):
        told.append((step, _TODAY[edge].rows(**what, midnight=midnight, at=int(at.timestamp()))))
    for step, rows in told:
        for company_id, kind, code, why, n in rows:
            found[kind][company_id][(code, why)] += step * n
    return found


_BY_MONTH = Spelled(
    lambda company, months: (
        Tally.select(Tally.day, Tally.why, Tally.n)
        .where(Tally.company == company, Tally.kind == "input", Tally.day.in_(months), Tally.n != 0)
        .tuples()
    )
)


def _one_of(column: Any, values: Any) -> Any:
    return column == values[0] if len(values) == 1 else column.in_(values)


def _before_today(companies: Any, kinds: Any, codes: Any, month: Any, today: Any) -> Query:
    before = (fn.LENGTH(Tally.day) == 7) & (Tally.day < month)
    this_month = (fn.LENGTH(Tally.day) == 10) & (Tally.day >= month) & (Tally.day < today)
    return (
        Tally.select(Tally.company, Tally.kind, Tally.code, Tally.why, fn.SUM(Tally.n))
        .where(Tally.company.in_(companies), _one_of(Tally.kind, kinds), before | this_month)
        .where(Tally.code.in_(codes) if codes else True)
        .group_by(Tally.company, Tally.kind, Tally.code, Tally.why)
        .tuples()
    )


def _of_today(edge: Any, companies: Any, kinds: Any, codes: Any, midnight: Any, at: Any) -> Query:
    return (
        SpanRow.select(SpanRow.company, SpanRow.kind, SpanRow.code, SpanRow.why, fn.COUNT(SpanRow.id))
        .where(SpanRow.company.in_(companies), _one_of(SpanRow.kind, kinds), edge >= midnight, edge <= at)
        .where(SpanRow.code.in_(codes) if codes else True)
        .group_by(SpanRow.company, SpanRow.kind, SpanRow.code, SpanRow.why)
        .tuples()
    )


_BEFORE_TODAY = Spelled(_before_today)
_TODAY = {
    "starts": Spelled(partial(_of_today, SpanRow.starts)),
    "ends": Spelled(partial(_of_today, SpanRow.ends)),
}
