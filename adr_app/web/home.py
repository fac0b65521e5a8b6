"""First screens: what needs whoever is signed in today, across all their companies."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from adr_app.domain.permissions import Public, Role
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Company
from adr_app.services import (
    away,
    choices,
    concerns,
    dashboard,
    debt_waits,
    desk,
    exception_waits,
    homes,
    leads,
    overhead,
    people,
    record_checks,
)
from adr_app.services.homes import Mine
from adr_app.web import beginnings, company_rows, concern_rows, exception_rows, home_rows, references
from adr_app.web import debt_waits as debt_rows
from adr_app.web.access import Answer, me, needs, now
from adr_app.web.addresses import company_page, page_of
from adr_app.web.dashboard import good_news_of, listed, lists_behind, share_words
from adr_app.web.filters import ago_days, day, due_day
from adr_app.web.layout import mine

pages = Blueprint("home", __name__)

NUMBERS_AT_MOST = 3
"""A leader of more companies than this reads the numbers of the others on their dashboards."""


@pages.get("/")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show the first screen of each role that the person holds."""
    person: Any = me()  # signed in: the declaration above saw to it
    mine_now = homes.mine(person, mine(), now())
    several = len(mine_now.companies) > 1
    context: dict[str, Any] = {"nav": "home", "several": several, "mine": mine_now}
    context["alarms"] = [
        (mine_now.companies[one.company_id], one.result == "broken")
        for one in record_checks.not_well(mine_now.where(Role.ADMIN, Role.VCISO))
    ]
    context["beginnings"] = beginnings.of(mine_now)
    if mine_now.where(Role.VCISO):
        context["desk"] = _desk(mine_now, desk.vciso_home(mine_now), several)
    awaited = [exception_rows.awaited(mine_now, row, several) for row in exception_waits.awaited(mine_now)]
    if mine_now.where(Role.CTO, Role.DELEGATE):
        context["cto"] = _cto(mine_now, choices.cto_home(mine_now), several)
        context["cto"]["waiting"] += awaited
        context["cto"]["waiting_all"] += len(awaited)
    elif mine_now.companies:
        copies, count = homes.unfinished(mine_now)
        context |= {"unfinished": _unfinished(mine_now, copies), "unfinished_all": count}
        context["awaited"] = awaited
    if mine_now.where(Role.LEADER):
        context["lead"] = _lead(mine_now, several)
    _add_debts(context, mine_now, several)
    context["contested"] = _contested(mine_now, several)
    context["concerns"] = [
        concern_rows.concern(mine_now, row, several) for row in concerns.waiting_for(mine_now)
    ]
    return render_template("home/show.html", **context)


@pages.get("/find")
@needs(Public.SIGNED_IN)
def find() -> Answer:
    """Go to the decision whose reference was typed; where several companies have it, show which."""
    person: Any = me()
    mine_now = homes.mine(person, mine(), now())
    typed = request.args.get("q", "")[:100]
    number = references.understood(typed)
    found = homes.numbered(mine_now, number) if number is not None and number < 2**31 else []
    if len(found) == 1:
        return redirect(url_for("decisions.show", slug=found[0].company.slug, number=found[0].number))
    return render_template(
        "home/find.html", nav="home", typed=typed, found=found, companies_here=mine_now.companies.values()
    )


def _add_debts(context: dict[str, Any], mine_now: Mine, several: bool) -> None:
    """Put the debts that wait for somebody where their first screen says what needs them."""
    found = debt_waits.waiting_for(mine_now)
    context["debts_wait"] = bool(found.due or found.asked)
    due = [debt_rows.line(mine_now, wait, several) for wait in found.due]
    take_on = [debt_rows.line(mine_now, wait, several) for wait in found.asked if wait.what == "take-on"]
    if "desk" in context:
        context["desk"]["carried"] = [
            debt_rows.line(mine_now, wait, several) for wait in found.asked if wait.what == "agree"
        ]
    if "lead" in context:
        context["lead"]["needs"] += take_on
    if "cto" in context:
        context["cto"]["needs"] += due
        context["cto"]["needs_all"] += found.due_all
    elif "lead" in context:
        context["lead"]["needs"] += due
    else:
        context |= {"owed": due, "owed_all": found.due_all}


def _cto(mine_now: Mine, home: choices.CtoHome, several: bool) -> dict[str, Any]:
    absent = away.who_is(sorted({row.company.id for row in home.waiting}), mine_now.at)
    return {
        "needs": [home_rows.need(mine_now, row, several, home.vcisos) for row in home.needs],
        "needs_all": home.needs_all,
        "rest": _rest(home, several),
        "waiting": [home_rows.waits(mine_now, row, several, absent) for row in home.waiting],
        "waiting_all": home.waiting_all,
        "unfinished": _unfinished(mine_now, home.unfinished),
        "unfinished_all": home.unfinished_all,
        "table": home.table,
        "next": _next_date(mine_now, home),
    }


def _rest(home: choices.CtoHome, several: bool) -> list[tuple[str, str]]:
    """Return the lists that hold what did not fit, company by company."""
    found = []
    for row in home.table:
        company = row["company"]
        about = f"{company.name}, " if several else ""
        if home.to_decide.get(company.id):
            href = listed(company.slug, status="proposed", order="decide-by")
            found.append((f"{about}what is proposed", href))
        if row["without"]:
            href = listed(company.slug, mark="without-input", status="accepted")
            found.append((f"{about}made without vCISO input", href))
    return found


def _next_date(mine_now: Mine, home: choices.CtoHome) -> str:
    """Return the next date somebody with nothing to do should know of, or a plain word."""
    dates = []
    for row in home.waiting:
        if row.what == "review" and row.about.due_at > mine_now.at:
            on = due_day(row.about.due_at, row.company.zone, mine_now.today(row.company.id))
            # A due day ends at the next midnight, which is already another day.
            due = local_day(row.about.due_at - timedelta(seconds=1), row.company.zone)
            dates.append((due, f"{row.decision.ref}, answer due {on}"))
    if home.next is not None:
        on = day(home.next.decide_by, mine_now.today(home.next.company.id))
        dates.append((home.next.decide_by, f"{home.next.ref}, decide by {on}"))
    said = "Nothing needs you today."
    return f"{said} Next date: {min(dates)[1]}." if dates else said


def _unfinished(mine_now: Mine, copies: list[tuple[Company, Any]]) -> list[dict[str, Any]]:
    lines = []
    for company, copy in copies:
        title = str(copy.fields.get("title") or "").strip() or "Without a title yet"
        href = url_for("drafts.new", slug=company.slug, copy=copy.id)
        when = f"from {day(copy.saved_at, mine_now.today(company.id), company.zone)}"
        act = {"label": "Finish", "href": href}
        lines.append(
            {"company": company.name, "ref": "", "title": title, "href": href, "when": when, "act": act}
        )
    return lines


def _desk(mine_now: Mine, home: desk.VcisoHome, several: bool) -> dict[str, Any]:
    return {
        "answers": [home_rows.answer(mine_now, row, several) for row in home.answers],
        "answers_all": home.answers_all,
        "all": url_for("desk.show", what=None if home.answers else "answered"),
        "rest": [("see all", url_for("desk.show"))],
        "claims": [home_rows.claim(mine_now, row, several) for row in home.claims],
        "claims_all": home.claims_all,
        "requested": [exception_rows.requested(mine_now, row, several) for row in home.requested],
        "discussed": [home_rows.discussed(mine_now, row, several) for row in home.discussed],
        "declared": [home_rows.declared(mine_now, row, several) for row in home.declared],
        "declared_all": home.declared_all,
        "minutes": home.minutes,
        "decided": [_decided(mine_now, *row) for row in home.decided],
        "total": sum(count for _, count, _ in home.decided),
        "came": [company_rows.older(*pair) for pair in home.older if pair[0].id in home.newly],
        "came_all": sum(count for company, count in home.older if company.id in home.newly),
        "older": [company_rows.older(*pair) for pair in home.older if pair[0].id not in home.newly],
        "older_all": sum(count for company, count in home.older if company.id not in home.newly),
        "waiting": [home_rows.waits_for_them(mine_now, row, several) for row in home.waiting],
        "waiting_all": home.waiting_all,
        "due": [home_rows.due(mine_now, row, several) for row in home.due],
        "due_all": home.due_all,
        "allows": [
            (mine_now.companies[key].name, company_page("in_advance.index", mine_now.companies[key].slug))
            for key in mine_now.where(Role.VCISO)
        ],
        "quiet": [company_rows.quiet(company, days) for company, days in home.quiet],
        "start": home_rows.start(home.answers),
    }


def _decided(mine_now: Mine, company: Company, count: int, newest: homes.Row | None) -> dict[str, Any]:
    """Return how many decisions a company made without its vCISO, the newest, and where they are listed."""
    look = company_page("decisions.index", company.slug, mark="without-input", status="accepted")
    said = {"company": company.name, "count": count, "look": look, "title": ""}
    if newest is not None:
        said["title"] = f"{newest.decision.ref} {newest.decision.title}"
        said["href"] = page_of("decisions.show", company.slug, newest.decision.number)
        said["since"] = ago_days(newest.about.starts, mine_now.today(company.id), company.zone)
    return said


def _lead(mine_now: Mine, several: bool) -> dict[str, Any]:
    """Return what a leader reads first: every question put to them, then the numbers of their companies."""
    ids = mine_now.where(Role.LEADER)
    rows = [
        home_rows.risk(row.company, row.decision, row.about, mine_now.today(row.company.id), named=several)
        for row in leads.needs_of(mine_now)
    ]
    rows += [exception_rows.unput(mine_now, row, several) for row in exception_waits.for_leaders(mine_now)]
    return {
        "needs": rows,
        "calm": _calm(mine_now, homes.next_to_decide(mine_now, ids), several),
        "companies": [_numbers(mine_now, key) for key in ids[:NUMBERS_AT_MOST]],
        "others": [mine_now.companies[key] for key in ids[NUMBERS_AT_MOST:]],
    }


def _contested(mine_now: Mine, several: bool) -> list[dict[str, Any]]:
    """Return the to-dos on which the advisers disagree, for whoever settles or leads."""
    ids = mine_now.where(Role.VCISO, Role.LEADER)
    pairs = [("contested", one, one.todo.decision_id) for one in overhead.contested(ids)]
    return [
        home_rows.contested(
            row.company,
            row.decision,
            row.about,
            mine_now.today(row.company.id),
            named=several,
            act="Settle" if Role.VCISO in mine_now.roles[row.company.id] else "Look",
        )
        for row in homes.rows_of(mine_now, ids, pairs)
    ]


def _calm(mine_now: Mine, following: Decision | None, several: bool) -> str:
    if following is None:
        return "Nothing needs you."
    on = day(following.decide_by, mine_now.today(following.company.id))
    who = following.accountable or home_rows.first_name(following.author.name)
    where = f"{following.company.name}, " if several else ""
    return f"Nothing needs you. Next date: {where}{following.title}, {on} ({who})."


def _numbers(mine_now: Mine, company_id: int) -> dict[str, Any]:
    """Return one company's numbers for its leader, each with the list behind it."""
    company = mine_now.companies[company_id]
    viewer = people.viewer(mine_now.person, company.slug, mine_now.at)
    board = dashboard.dashboard(viewer, at=mine_now.at)
    return {
        "company": company,
        "board": board,
        "behind": lists_behind(company.slug, board),
        "share": share_words(board.quarter, board.quarter_before),
        "good": good_news_of(board, company.zone, mine_now.today(company_id)),
        "empty": company.next_decision == 1,
    }
