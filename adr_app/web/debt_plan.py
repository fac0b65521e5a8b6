"""The page of the plan: what is fixed in which month, and another month tried without storing it."""

import re
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from adr_app.domain.debt import STATE_NAMES, State, parse_effort
from adr_app.domain.debt_months import month_of, months_later
from adr_app.domain.debt_order import LONG_WEEKS, Placed
from adr_app.domain.debt_verdicts import WORDS, Code
from adr_app.domain.decisions import debt_reference
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act
from adr_app.services import debt_plan, debt_steps
from adr_app.services.debt_numbers import Judged, settings_of
from adr_app.services.debt_plan import Planned
from adr_app.services.debt_rows import today_of
from adr_app.web.access import Answer, needs, now
from adr_app.web.axes import span_bar
from adr_app.web.debt_numbers import days, working_days, years
from adr_app.web.debt_verdicts import worth
from adr_app.web.filters import month as month_name

pages = Blueprint("debt_plan", __name__, url_prefix="/<slug>/debt/plan")

SHOWN = 200
"""Rows of the plan on the page; whoever has more to fix reads the first of them."""

LISTED = 20
"""Items that are named for each reason why something is in no plan."""

MOST_TRIES = 20

_TRY = re.compile(r"TD-0*([0-9]{1,9})\.(out|[0-9]{4}-[0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan as the page shows it."""

    item: Judged
    words: str
    start: str
    end: str
    work: str
    bar: Markup
    by_hand: bool
    is_late: bool
    is_long: bool


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show the plan by month; the address may try another effort a month, and other months for items."""
    return _page()


@pages.post("/set")
@needs(Act.NOTE_DEBT)
def plan_so(slug: str) -> Answer:
    """Plan an item in the month that was tried: the act that its own page has, from here."""
    form = request.form
    found = _TRY.fullmatch(f"{form.get('item', '')}.{form.get('month', '')}")
    if found is None or found[2] == "out":
        return _page({"month": "Choose an item and a month."}), 422
    number, on = int(found[1]), f"{found[2]}-01"
    try:
        debt_steps.schedule(
            g.viewer, number, starts_on=on, monthly_work=form.get("monthly_work", ""), at=now()
        )
    except (Invalid, WrongState) as refusal:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        said = next(iter(fields.values()), str(refusal))
        return _page({"month": said}), 422
    flash(f"{debt_reference(number)} is planned.", "success")
    return redirect(url_for("debt_plan.index", slug=slug))


def tries() -> dict[int, date | None]:
    """Return which items this request's address puts into which month, or takes out; None is out.

    What cannot be read is nothing tried: it is part of an address that people may change.
    """
    asked = [*request.values.getlist("try")[:MOST_TRIES]]
    if request.args.get("item"):
        asked.append(f"{request.args['item'].split(' ')[0]}.{request.args.get('month', '')}")
    found: dict[int, date | None] = {}
    for text in asked:
        if (read := _TRY.fullmatch(text)) is None:
            continue
        try:
            found[int(read[1])] = None if read[2] == "out" else date.fromisoformat(f"{read[2]}-01")
        except ValueError:
            continue
    return found


def _page(errors: dict[str, str] | None = None) -> str:
    viewer, at = g.viewer, now()
    settings, today = settings_of(viewer), today_of(viewer, at)
    typed = request.values.get("days", "").strip()
    problems = dict(errors or {})
    capacity = None
    try:
        capacity = parse_effort(typed)
    except Invalid as refusal:
        problems["days"] = str(refusal)
    if capacity == 0:
        capacity, problems["days"] = (
            None,
            "With no day a month nothing is fixed. Give at least a part of one.",
        )
    tried = tries()
    found = debt_plan.planned(viewer, at, capacity=capacity, tried=tried)
    return render_template(
        "debt/plan.html",
        nav="debt",
        found=found,
        errors=problems,
        rows=_rows(found) if found else [],
        more=max(len(found.plan.placed) - SHOWN, 0) if found else 0,
        rest=_rest(found) if found else [],
        typed=typed,
        capacity=working_days(found.capacity) if found else "",
        horizon=years(settings.horizon),
        months=_months(today, settings.horizon),
        choices=_choices(found) if found else [],
        tried=_tried(found, tried) if found else [],
        beyond=_beyond(found) if found else "",
        whole=_whole(found) if found else ("", ""),
        until=_until(found) if found else "",
    )


def _rows(found: Planned) -> list[Row]:
    return [_row(found, placed) for placed in found.plan.placed[:SHOWN]]


def _row(found: Planned, placed: Placed) -> Row:
    item, months = found.by_item[placed.number], found.plan.months
    start, end = month_name(months[placed.start]), month_name(months[placed.end])
    must = item.verdict.must_start
    said = f"{start} to {end}" if start != end else start
    return Row(
        item,
        STATE_NAMES[item.state] if item.state is State.IN_PROGRESS else WORDS[item.verdict.code],
        start,
        end if placed.done else f"after {month_name(months[-1])}",
        days(sum(placed.work)) if placed.done else days(item.verdict.cost),
        span_bar(placed.start, placed.end, len(months), said),
        placed.by_hand,
        must is not None and months[placed.start] > month_of(must),
        item.verdict.weeks > LONG_WEEKS,
    )


def _rest(found: Planned) -> list[tuple[str, int, list[Judged]]]:
    """Return what is in no plan, by reason: its words, how many, and the first of them."""
    taken_out = [item for number, item in found.by_item.items() if _is_out(found, number)]
    left = set(found.plan.left) - {item.number for item in taken_out}
    no_room = [item for number, item in found.by_item.items() if number in left]
    order: list[Code | State] = [
        *(Code.TOO_WIDE, Code.CARRY, State.CARRIED, Code.WRITE_OFF, Code.OBLIGATION, Code.UNKNOWN)
    ]
    parts = [("Taken out by hand", taken_out), ("No room in these months", no_room)]
    for kind in order:
        words = STATE_NAMES[kind] if isinstance(kind, State) else WORDS[kind]
        parts.append((words, found.rest.get(kind, [])))
    return [(words, len(items), items[:LISTED]) for words, items in parts if items]


def _is_out(found: Planned, number: int) -> bool:
    """Return whether somebody took an item out of the plan."""
    return number in found.hands and found.hands[number] is None


def _months(today: date, horizon: int) -> list[tuple[str, str]]:
    first = month_of(today)
    months = [months_later(first, at) for at in range(horizon)]
    return [("out", "Not in these months"), *((f"{each:%Y-%m}", month_name(each)) for each in months)]


def _choices(found: Planned) -> list[str]:
    """Return the items that can be moved, as the field that names one offers them."""
    items = [*found.by_item.values(), *(item for items in found.rest.values() for item in items)]
    known = [item for item in items if item.verdict.case is not None and item.state is not State.IN_PROGRESS]
    return [f"{debt_reference(item.number)} {item.title}" for item in known[:SHOWN]]


def _tried(found: Planned, tried: dict[int, date | None]) -> list[dict[str, str]]:
    """Return what was tried, each with its words, its address in the form, and what planning it so sends."""
    lines = []
    for number, on in tried.items():
        item = found.by_item.get(number)
        if item is None:
            continue
        reference = debt_reference(number)
        lines.append(
            {
                "ref": reference,
                "title": item.title,
                "value": f"{reference}.{on:%Y-%m}" if on else f"{reference}.out",
                "month": f"{on:%Y-%m}" if on else "",
                "words": f"begins in {month_name(on)}" if on else "is not fixed in these months",
                "work": days(item.verdict.pace).replace(",", ""),
            }
        )
    return lines


def _beyond(found: Planned) -> str:
    """Return what the months chosen by hand cost beside the order that is suggested."""
    if not found.hands:
        return ""
    settings, currency = settings_of(g.viewer), g.viewer.company.currency
    if abs(found.beyond) < 5:
        return "The months chosen by hand cost no more than the suggested ones."
    amount = worth(abs(found.beyond), settings, currency)
    if found.beyond > 0:
        return f"The months chosen by hand cost {amount} more than the suggested ones."
    return f"The months chosen by hand save {amount} against the suggested ones."


def _whole(found: Planned) -> tuple[str, str]:
    """Return what everything in the plan takes, in days and in money where the company has a day rate."""
    settings = settings_of(g.viewer)
    total = sum(found.by_item[placed.number].verdict.cost for placed in found.plan.placed)
    return days(total), worth(total, settings, g.viewer.company.currency) if settings.day_rate else ""


def _until(found: Planned) -> str:
    """Return the month in which the last fix of the plan is done."""
    if not found.plan.placed:
        return ""
    unfinished = any(not _is_out(found, number) for number in found.plan.left)
    if unfinished or not all(placed.done for placed in found.plan.placed):
        return f"after {month_name(found.plan.months[-1])}"
    return month_name(found.plan.months[max(placed.end for placed in found.plan.placed)])
