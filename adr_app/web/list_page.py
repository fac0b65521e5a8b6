"""What the page of the list of decisions says: its rows, its filters in words, its addresses."""

from datetime import date
from functools import cache, lru_cache
from typing import Any

from flask import current_app, g, get_template_attribute, request, url_for
from jinja2 import Environment
from markupsafe import Markup

from adr_app.domain.decisions import KINDS, STATUS_NAMES, UNDECIDED, Status
from adr_app.domain.flag_rules import RULES
from adr_app.domain.standing_words import MARKS
from adr_app.services import lists
from adr_app.services.dashboard import QUARTER, last_months
from adr_app.services.dashboard_queries import WITHOUT_INPUT
from adr_app.services.list_filters import UNDECIDED_YET, flag_of, months_of, period
from adr_app.web import decision_page, standings
from adr_app.web.filters import day
from adr_app.web.filters import month as month_name

NAMED = ("q", "status", "mark", "kind", "system", "tag", "made", "heard", "flag")
"""Filters by their name in an address."""

STATUSES = [(UNDECIDED_YET, "Undecided (draft or proposed)"), *STATUS_NAMES.items()]

FINER = {
    "waiting": (("waiting-vciso", "Waiting for the vCISO"), ("waiting-author", "Waiting for the author"))
}
"""For whom a decision waits: finer than the mark that the list shows, and chosen beside it."""

WHEN_HEARD = [
    ("in-time", "In time"),
    ("before", "Before we decided"),
    ("meeting", "In the meeting, confirmed"),
    ("after", "Only afterwards"),
    ("none", "Not heard"),
    ("not-needed", "Declared harmless, not asked"),
    ("counted", "All that count in the share"),
]

WHY = {
    "not-asked": "not asked",
    "no-answer": "asked, no answer in time",
    "asked-shortly-before": "asked shortly before",
    "question-open": "a question was not answered",
    "claimed": "said to be advised, not confirmed",
    "claim-denied": "said to be advised, denied",
    "emergency": "decided in an emergency, not checked",
    "nobody-engaged": "nobody was engaged",
}
"""Why a decision had no input, in breakdowns and filters."""

MONTHS_OFFERED = 12

CHOICES = (
    ("mark", "Was security asked?", "Any answer"),
    ("status", "Where it stands", "Anywhere"),
    ("kind", "Kind", "Any kind"),
    ("made", "Decided in", "Any month"),
    ("heard", "When was the vCISO heard?", "Any time, or never"),
    ("flag", "Flagged", "Flagged or not"),
    ("order", "Order", ""),
)
"""Filters that offer a choice: their name, their label, and the words for no choice where that is one."""


Row = tuple[str, str, str, str, Markup, Markup, bool, str]
"""Reference, address, title, kind, its security standing and its status as drawn, whether it is no longer in
force, and the day it was decided or is due. Tuples: looking up names fifty times takes a template longer.
"""


def wanted() -> lists.Wanted:
    """Return what the address asks for."""
    args = request.args
    return lists.check(
        lists.Wanted(
            **{name: args.get(name, "") for name in NAMED},
            mine=args.get("mine") == "yes",
            order=args.get("order", ""),
            cursor=args.get("page", ""),
        )
    )


def content(wanted: lists.Wanted, found: lists.Page, today: date) -> dict[str, Any]:
    """Return what the template reads: rows, neighbouring pages and the choices of each filter."""
    offered = {
        "mark": [pair for code, words in MARKS.items() for pair in ((code, words), *FINER.get(code, ()))],
        "status": STATUSES,
        "kind": list(KINDS.items()),
        "made": _periods(wanted.made, today),
        "heard": WHEN_HEARD,
        "flag": _flags(wanted.flag),
        "order": [(order.code, order.words) for order in lists.ORDERS.values()],
    }
    return {
        "wanted": wanted,
        "page": found,
        "rows": _rows(found, today),
        "older": _address(wanted, found.older),
        "newer": _address(wanted, found.newer),
        "in_use": _in_use(wanted, offered),
        "choices": [
            _choice(current_app.jinja_env, name, label, tuple(offered[name]), getattr(wanted, name), blank)
            for name, label, blank in CHOICES
        ],
    }


@lru_cache(maxsize=500)
def _choice(
    drawn_by: Environment, name: str, label: str, offered: tuple[tuple[str, str], ...], value: str, blank: str
) -> str:
    """Return a choice as drawn: nearly every list shows the same ones, a hundred words in all."""
    select = get_template_attribute("components/fields.html", "select_field")
    drawn: str = select(name, label, offered, value, required=not blank, blank=blank, width="")
    return drawn


def _in_use(wanted: lists.Wanted, offered: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Return the filters in use in the words of their fields, so that a folded bar says what is listed."""
    chosen = [(name, getattr(wanted, name)) for name, _, blank in CHOICES if blank]
    said = [dict(offered[name])[code] for name, code in chosen if code]
    said += [f"{label} “{text}”" for label, text in (("system", wanted.system), ("tag", wanted.tag)) if text]
    return [*said, "only what I wrote"] if wanted.mine else said


def _rows(found: lists.Page, today: date) -> list[Row]:
    """Return the rows; what many of them show alike, its mark and where it stands, is drawn once for all."""
    zone, here = g.viewer.company.zone, url_for("decisions.index", slug=g.viewer.company.slug)
    mark = cache(get_template_attribute("components/marks.html", "mark"))
    tag = cache(get_template_attribute("components/marks.html", "tag"))
    rows = []
    for decision in found.rows:
        span, status, ref = found.standings.get(decision.id), Status(decision.status), decision.ref
        tone = decision_page.TONES.get(status, "plain")
        gone = tone == "gone"
        if status in UNDECIDED:
            when = f"by {day(decision.decide_by, today)}" if decision.decide_by else ""
        else:
            when = day(decision.decided_on, today)
        security = mark(standings.mark_of(span), standings.line_of(span, today, zone), quiet=gone)
        stands = tag(STATUS_NAMES[status], tone)
        rows.append(
            (ref, f"{here}/{ref}", decision.title, KINDS[decision.kind], security, stands, gone, when)
        )
    return rows


def _periods(chosen: str, today: date) -> list[tuple[str, str]]:
    months = last_months(today, MONTHS_OFFERED)
    offered = {period(months[-QUARTER:]): "The last three months"}
    offered |= {period([month]): month_name(month) for month in reversed(months)}
    if chosen and chosen not in offered:
        ends = [date.fromisoformat(f"{month}-01") for month in months_of(chosen)]
        offered[chosen] = " to ".join(dict.fromkeys(month_name(end) for end in (ends[0], ends[-1])))
    return list(offered.items())


def _flags(chosen: str) -> list[tuple[str, str]]:
    """Return every flag of a decision, with the reasons why there was no input beneath the first."""
    offered = {rule.code: rule.title for rule in RULES.values() if rule.subject == "decision"}
    offered |= {
        f"{WITHOUT_INPUT}:{why}": f"{RULES[WITHOUT_INPUT].title} · {words}" for why, words in WHY.items()
    }
    named = flag_of(chosen)
    if named and chosen not in offered:
        offered[chosen] = f"{RULES[named[0]].title} · {named[1].replace('-', ' ')}"
    return sorted(offered.items(), key=lambda pair: pair[1])


def _address(wanted: lists.Wanted, cursor: str) -> str:
    if not cursor:
        return ""
    kept = {name: getattr(wanted, name) for name in NAMED if getattr(wanted, name)}
    if wanted.mine:
        kept["mine"] = "yes"
    if wanted.order != "reference":
        kept["order"] = wanted.order
    return url_for("decisions.index", slug=g.viewer.company.slug, page=cursor, **kept)
