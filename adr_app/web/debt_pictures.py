"""Pages behind the numbers of debt: one item's verdict, the map, what changed, and what decisions caused."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from adr_app.domain.debt import State
from adr_app.domain.debt_flow import Flow, Term
from adr_app.domain.debt_ratios import months_to_clear
from adr_app.domain.debt_verdicts import WORDS
from adr_app.domain.permissions import Act
from adr_app.services import debt_causes, debt_numbers, debt_periods, debt_systems
from adr_app.services.debt_causes import Group
from adr_app.services.debt_numbers import Judged, settings_of
from adr_app.services.debt_rows import today_of
from adr_app.web import debt_bridge, debt_curves, debt_map, debt_shares
from adr_app.web.access import needs, now
from adr_app.web.debt_addresses import address_of
from adr_app.web.debt_figures import curves_of, figures, waiting_rows
from adr_app.web.debt_map import Dot
from adr_app.web.debt_numbers import days, months, share, working_days
from adr_app.web.debt_verdicts import said, worth
from adr_app.web.filters import plural

pages = Blueprint("debt_pictures", __name__, url_prefix="/<slug>/debt")

PERIODS = (("Last 30 days", 30), ("Last quarter", 90), ("Last year", 365))
QUARTER = 90

TERMS = {
    Term.INCURRED: "New",
    Term.GROWN: "Grown",
    Term.RE_ESTIMATED: "Estimated anew",
    Term.REPAID: "Repaid",
    Term.WRITTEN_OFF: "Not worth fixing",
}
"""What the columns of the bridge are called."""

HEARD = {
    "in-time": "With vCISO input before we decided",
    "after": "Only checked afterwards",
    "none": "Without vCISO input",
    "not-needed": "Declared harmless",
}
"""What the groups of decisions are called."""


@pages.get("/<debt:number>/numbers")
@needs(Act.READ)
def numbers(slug: str, number: int) -> str:
    """Show the verdict on one item with its picture, its numbers, and what went into each."""
    found = debt_numbers.judged_one(g.viewer, number, now())
    settings = settings_of(g.viewer)
    drawn = curves_of(found.owed, settings)
    return render_template(
        "debt/numbers.html",
        nav="debt",
        found=found,
        word=WORDS[found.verdict.code],
        said=said(found),
        figures=figures(found.verdict, found.owed, settings, money_of),
        waiting=waiting_rows(found.verdict.case, money_of) if found.verdict.case else [],
        chart=_curves(drawn) if drawn else None,
    )


@pages.get("/map")
@needs(Act.READ)
def items_map(slug: str) -> str:
    """Show every estimated item by what a fix costs and what is lost without it."""
    items = debt_numbers.judged(g.viewer, now())
    dots = [_dot(one) for one in items if one.verdict.case is not None]
    limit = settings_of(g.viewer).payback_limit
    return render_template(
        "debt/map.html",
        nav="debt",
        any=bool(items),
        chart=(
            debt_map.TITLE,
            debt_map.map_sentence(dots, limit),
            debt_map.map_of(dots, limit),
            debt_map.map_head(),
            debt_map.map_rows(dots),
            debt_map.map_legend(),
        ),
        unestimated=len(items) - len(dots),
    )


@pages.get("/changes")
@needs(Act.READ)
def changes(slug: str) -> str:
    """Show the bridge of a period with the acts behind it, and the working time lost by month."""
    viewer, at = g.viewer, now()
    today = today_of(viewer, at)
    first, last = _period(today)
    known = debt_periods.histories(viewer)
    flow = debt_periods.bridge(viewer, first, last, known)
    rows, count = debt_periods.behind(viewer, first, last, known)
    lost = debt_periods.shares(viewer, at, known)
    return render_template(
        "debt/changes.html",
        nav="debt",
        tabs=[
            (words, url_for("debt_pictures.changes", slug=slug, days=length), _is_chosen(length))
            for words, length in PERIODS
        ],
        first=first,
        last=last,
        flow=flow,
        is_empty=flow == Flow(),
        chart=(
            debt_bridge.TITLE,
            debt_bridge.bridge_sentence(flow, first, last),
            debt_bridge.bridge(flow, first, last),
            debt_bridge.bridge_head(),
            debt_bridge.bridge_rows(flow, first, last),
            debt_bridge.bridge_legend(),
        ),
        rows=[(row, TERMS[row.posting.term], _signed(row.posting.amount)) for row in rows],
        more=count - len(rows),
        shares=_shares(*lost) if lost else None,
        accuracy=_accuracy(),
    )


@pages.get("/causes")
@needs(Act.READ)
def causes(slug: str) -> str:
    """Show which decisions caused debt, and whether those with the vCISO's input caused less."""
    groups = debt_causes.compared(g.viewer)
    return render_template(
        "debt/causes.html",
        nav="debt",
        groups=[(group, HEARD[group.code]) for group in groups],
        compared=_compared(groups),
        causes=debt_causes.causes(g.viewer),
        heard=HEARD,
        days=days,
        worth=money_of if settings_of(g.viewer).day_rate else None,
    )


@pages.get("/systems")
@needs(Act.READ)
def systems(slug: str) -> str:
    """Show what is owed in each system, beside what building it anew would cost."""
    rows = debt_systems.by_system(g.viewer, now())
    capacity = settings_of(g.viewer).capacity
    clear = months_to_clear([row.cost for row in rows], capacity)
    return render_template(
        "debt/systems.html",
        nav="debt",
        rows=rows,
        days=days,
        share=share,
        total=working_days(sum(row.cost for row in rows)),
        clear=months(clear) if clear else "",
    )


def money_of(effort: float) -> str:
    """Return an effort in the company's money, in working days where it has no day rate."""
    return worth(effort, settings_of(g.viewer), g.viewer.company.currency)


def _curves(drawn: debt_curves.Curves) -> tuple[Any, ...]:
    return (
        debt_curves.TITLE,
        debt_curves.curves_sentence(drawn),
        debt_curves.curves(drawn),
        debt_curves.curves_head(drawn),
        debt_curves.curves_rows(drawn),
        debt_curves.curves_legend(drawn),
    )


def _shares(ends: list[date], shares: list[int]) -> tuple[Any, ...]:
    limit = settings_of(g.viewer).interest_limit
    return (
        debt_shares.TITLE,
        debt_shares.shares_sentence(ends, shares, limit),
        debt_shares.shares_by_month(ends, shares, limit),
        debt_shares.shares_head(),
        debt_shares.shares_rows(ends, shares, limit),
    )


def _accuracy() -> str:
    """Return in a sentence how far estimates were off."""
    found = debt_systems.how_well_estimated(g.viewer)
    if found is None:
        return ""
    if found.items == 1:
        return f"The one repaid item whose work was counted took {share(found.ratio)} of its estimate."
    return f"Repaid items took {share(found.ratio)} of their estimates: the middle one of {found.items}."


def _dot(one: Judged) -> Dot:
    case = one.verdict.case
    return Dot(
        one.number_ref,
        one.title,
        case.cost if case else 0.0,
        case.loss.month(1) if case else 0.0,
        one.state is State.CARRIED,
        one.is_security,
        address_of(one.number),
    )


def _period(today: date) -> tuple[date, date]:
    """Return the days of the period that the address asks for; what cannot be meant is the last quarter."""
    asked = request.args
    try:
        first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    except (KeyError, ValueError):
        length = next((length for _, length in PERIODS if asked.get("days") == str(length)), QUARTER)
        return today - timedelta(days=length - 1), today
    first, last = min(first, last), min(max(first, last), today)
    return min(first, last), last


def _is_chosen(length: int) -> bool:
    if "from" in request.args and "to" in request.args:
        return False
    asked = request.args.get("days", "")
    known = [str(days) for _, days in PERIODS]
    return asked == str(length) if asked in known else length == QUARTER


def _signed(amount: int) -> str:
    return f"+{days(amount)}" if amount > 0 else days(amount)


def _compared(groups: list[Group]) -> str:
    """Return in a sentence how decisions with input before compare with those without."""
    by_code = {group.code: group for group in groups}
    asked, unasked = by_code["in-time"], by_code["none"]
    if not asked.decisions and not unasked.decisions:
        return "No decision was made here yet."
    if asked.is_few or unasked.is_few:
        counted = f"{plural(asked.decisions, 'decision')} with vCISO input before we decided"
        return f"{counted}, {unasked.decisions} without: too few to compare."
    with_input = _one(asked, "with vCISO input before we decided")
    return f"{with_input} {_one(unasked, 'without vCISO input')}"


def _one(group: Group, words: str) -> str:
    count = plural(group.decisions, "decision")
    return f"{count} {words} caused {working_days(group.average or 0)} of debt each, on average."
