"""The dashboard: what leadership needs to know about one company, on one page that prints."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, url_for
from markupsafe import Markup

from adr_app.domain.flag_rules import RULES
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.worktime import local_day
from adr_app.models.people import Engagement
from adr_app.services import company_settings, people
from adr_app.services.dashboard import QUARTER, Dashboard, Share, dashboard
from adr_app.services.dashboard_queries import WITHOUT_INPUT
from adr_app.services.list_filters import UNDECIDED_YET, period
from adr_app.services.mandates import Depends
from adr_app.web import charts, home_rows, mandates
from adr_app.web.access import needs, now
from adr_app.web.companies import moved_words
from adr_app.web.filters import day, due_day, plural
from adr_app.web.list_page import WHY
from adr_app.web.mandates import counted
from adr_app.web.standings import line_of, mark_of

pages = Blueprint("dashboard", __name__)


@pages.get("/<slug>/dashboard")
@needs(Act.READ)
def show(slug: str) -> str:
    """Show the company's dashboard as it stands now."""
    board = dashboard(g.viewer, at=now())
    series = charts.input_series(*(board.layers[name] for name in ("before", "meeting", "after", "none")))
    return render_template(
        "dashboard/show.html",
        nav="dashboard",
        board=board,
        needs=_needs(board),
        contested=[
            home_rows.contested(g.viewer.company, decision, row, today()) for row, decision in board.contested
        ],
        due_more=board.due_soon_all - len(board.due_soon),
        breakdown=[
            (WHY.get(why, why), n, listed(slug, flag=f"{WITHOUT_INPUT}:{why}"))
            for why, n in board.breakdown.most_common()
        ],
        others=_others(board),
        moved=_moved(),
        good=good_news_of(board, zone(), today()),
        share=share_words(board.quarter, board.quarter_before),
        drawing=charts.stacked_months(board.months, series),
        sentence=_said_of(board, charts.months_sentence(board.months, series)),
        legend=charts.legend(series),
        head=charts.month_head(series),
        body=charts.month_rows(board.months, series),
        bar=debt_bar(board.debt.total, g.viewer.company.capacity_days, g.viewer.company.debt_limit_days),
        standings=[(d, mark_of(span), line_of(span, today(), zone())) for d, span in board.recent],
        behind=lists_behind(slug, board),
    )


def _said_of(board: Dashboard, sentence: str) -> str:
    """Return what the picture says; where it counts others than the headline above it, also which."""
    drawn = sum(board.layers["none"])
    if drawn == board.without_input:
        return sentence
    open_now = f"the {board.without_input} above is what is open today"
    return f"{sentence} Every decision stays in its month here, replaced or not: {open_now}."


def listed(slug: str, **filters: Any) -> str:
    """Return the address of the list of decisions that these filters leave."""
    return url_for("decisions.index", slug=slug, **filters)


def lists_behind(slug: str, board: Dashboard) -> dict[str, str]:
    """Return the address of the list behind each number of a dashboard, which shows that many decisions."""
    quarter = period(board.months[-QUARTER:])
    return {
        "without_input": listed(slug, mark="without-input", status="accepted"),
        "quarter_before": listed(slug, made=quarter, heard="in-time"),
        "quarter_all": listed(slug, made=quarter, heard="counted"),
        "waiting": listed(slug, mark="waiting-vciso"),
        "undecided": listed(slug, status=UNDECIDED_YET),
        "made_this_month": listed(slug, made=period(board.months[-1:])),
        "due_soon": listed(slug, status="proposed", order="decide-by"),
    }


def today() -> date:
    """Return the viewer's local day."""
    return local_day(now(), zone())


def zone() -> str:
    """Return the zone of the company on the page."""
    return g.viewer.company.zone


def _needs(board: Dashboard) -> list[dict[str, Any]]:
    """Return what asks leadership for an act: questions of risk, risks that end, dates that near."""
    items: list[dict[str, Any]] = []
    theirs = not g.viewer.may(Act.ACCEPT_RISK) and board.questions
    names = people.names({asked.question.asked_of_id for asked, _ in board.questions}) if theirs else {}
    for asked, decision in board.questions:
        item = home_rows.risk(g.viewer.company, decision, asked, today(), named=False)
        if theirs:
            who = home_rows.first_name(names[asked.question.asked_of_id])
            item["when"] = f"With {who}, a{item['when'][1:]}"
            item["act"] = {"label": "Open", "href": item["href"]}
        items.append(item)
    for risk, decision in board.ending:
        items.append(
            _item(decision, f"We take this risk until {due_day(risk.until, zone(), today())}", risk.reason)
        )
    items += [_role_ending(role, on) for role, on in mandates.each(board.roles_ending) if on]
    for decision in board.due_soon:
        due = day(decision.decide_by, today(), zone())
        items.append(
            _item(decision, f"Decide by {due}", decision.plain_words, late=decision.decide_by < today())
        )
    return items


def _role_ending(role: Engagement, depends: list[Depends]) -> dict[str, Any]:
    href = url_for("mandates.show", slug=g.viewer.company.slug, of=role.id)
    name = people.names_at(g.viewer.company.id, {role.person_id})[role.person_id]
    return {
        "ref": "",
        "title": f"{name}: {ROLE_NAMES[Role(role.role)]}",
        "href": href,
        "when": f"This role ends on {due_day(role.ends_at, zone(), today())}",
        "why": counted(depends, href),
        "act": {"label": "Open", "href": href},
    }


def _item(decision: Any, when: str, why: str, *, late: bool = False) -> dict[str, Any]:
    href = url_for("decisions.show", slug=g.viewer.company.slug, number=decision.number)
    return {
        "ref": decision.ref,
        "title": decision.title,
        "href": href,
        "when": when,
        "late": late,
        "why": why,
        "act": {"label": "Open", "href": href},
    }


def _others(board: Dashboard) -> list[tuple[str, int, str]]:
    """Return every other flag that is on: its title, how often, and the list behind that number."""
    slug = g.viewer.company.slug
    return [
        (
            rule.title,
            n,
            listed(slug, flag=code)
            if rule.subject == "decision"
            else url_for("debt.index", slug=slug, flag=code)
            if rule.subject == "debt"
            else url_for("flags.index", slug=slug, _anchor=f"flag-{code}"),
        )
        for code, n in board.other_flags.most_common()
        if (rule := RULES.get(code))
    ]


def _moved() -> str:
    """Return that the first day of the log was moved, last; empty where it stands as it was set up."""
    moves = company_settings.moves_of_first_day(g.viewer.company.id)
    return moved_words(moves[0], zone()) if moves else ""


def share_words(quarter: Share, before: Share) -> str:
    """Return in how many of the last decisions security was asked first, beside the quarter before."""
    if not quarter.all:
        return "No decision in the last three months."
    said = f"In {quarter.before} of our last {plural(quarter.all, 'decision')}, before we decided."
    return f"{said} (Quarter before: {before.before} of {before.all}.)" if before.all else said


def good_news_of(board: Dashboard, zone_name: str, local_today: date) -> str:
    """Return what went well, said as plainly as what did not; empty where there is nothing to say."""
    if board.unread:
        return ""  # what could not be checked is nothing to be glad about
    if board.quarter.all and board.quarter.before == board.quarter.all:
        all_of = "The only decision" if board.quarter.all == 1 else f"All {board.quarter.all} decisions"
        return f"{all_of} since {day(board.months[-3], local_today, zone_name)} had vCISO input."
    if not board.without_input and board.quarter.all:
        return "No decision stands without vCISO input: every one was checked, if not always in time."
    return ""


def debt_bar(monthly: int, capacity: int | None, limit: int | None) -> Markup:
    """Return the bar of what technical debt takes of a month's working days; empty without a capacity."""
    if not capacity:
        return Markup("")
    # The company's own numbers are whole days, an effort is hundredths of one.
    words = "Technical debt takes this share of our working days"
    return charts.share_bar(
        monthly, capacity * 100, limit=None if limit is None else limit * 100, words=words
    )
