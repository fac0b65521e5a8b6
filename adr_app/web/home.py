"""First screens: what needs whoever is signed in today, across all their companies."""

from typing import Any

from flask import Blueprint, render_template, url_for

from adr_app.domain.permissions import Public, Role
from adr_app.domain.worktime import last_day
from adr_app.models.people import Company
from adr_app.services import dashboard, desk, homes, people
from adr_app.services.homes import Mine, Row
from adr_app.web.access import me, needs, now
from adr_app.web.dashboard import good_news_of, share_words
from adr_app.web.filters import day, due_day, plural
from adr_app.web.layout import mine
from adr_app.web.reasons import reasons
from adr_app.web.standings import fact_of

pages = Blueprint("home", __name__)

LEADS_AT_MOST = 3
"""A leader of more companies than this reads their dashboards one by one."""


@pages.get("/")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show the first screen of each role that the person holds."""
    person: Any = me()  # signed in: the declaration above saw to it
    mine_now = homes.mine(person, mine(), now())
    several = len(mine_now.companies) > 1
    context: dict[str, Any] = {"nav": "home", "several": several, "mine": mine_now}
    if mine_now.where(Role.VCISO):
        context["desk"] = _desk(mine_now, desk.vciso_home(mine_now), several)
    if mine_now.where(Role.CTO, Role.DELEGATE):
        context["cto"] = _cto(mine_now, homes.cto_home(mine_now), several)
    elif mine_now.companies:
        context["unfinished"] = _unfinished(mine_now, homes.unfinished(mine_now))
    context["leads"] = [_lead(mine_now, key) for key in mine_now.where(Role.LEADER)[:LEADS_AT_MOST]]
    return render_template("home/show.html", **context)


def _cto(mine_now: Mine, home: homes.CtoHome, several: bool) -> dict[str, Any]:
    return {
        "needs": [_need(mine_now, row, several) for row in home.needs],
        "waiting": [_waits(mine_now, row, several) for row in home.waiting],
        "unfinished": _unfinished(mine_now, home.unfinished),
        "table": home.table,
        "next": _next_date(mine_now, home),
    }


def _next_date(mine_now: Mine, home: homes.CtoHome) -> str:
    """Return the next date somebody with nothing to do should know of, or a plain word."""
    for row in home.waiting:
        if row.what == "review":
            due = due_day(row.about.due_at, row.company.zone, mine_now.today(row.company.id))
            return f"Nothing needs you today. Next date: {row.decision.ref}, answer due {due}."
    return "Nothing needs you today."


def _line(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    return {
        "company": row.company.name if several else "",
        "ref": row.decision.ref,
        "title": row.decision.title,
        "href": url_for("decisions.show", slug=row.company.slug, number=row.decision.number),
    }


def _need(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    """Return one line of what needs the CTO, with its one act."""
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    if row.what == "answer":
        line |= {
            "when": f"{_first(row.about.asked_of.name)} asks",
            "why": "A question waits for your answer.",
        }
        where = {"slug": row.company.slug, "number": row.decision.number}
        answer = url_for("reviews.show", **where, _anchor="question")
        line["act"] = {"label": "Answer", "href": answer, "primary": True}
        return line
    if row.what == "ask":
        line |= {"why": f"Made without vCISO input, {day(row.about.starts, today, zone)}"}
        line["act"] = {
            "label": "Ask now",
            "action": url_for("reviews.ask", slug=row.company.slug, number=row.decision.number),
        }
        return line
    if row.decision.decide_by:
        line["when"] = f"Decide by {day(row.decision.decide_by, today, zone)}"
        line["late"] = row.decision.decide_by < today
    line["why"] = fact_of(row.about, today, zone)
    if row.what == "stuck":
        line["act"] = {"label": "See what is next", "href": line["href"]}
    else:
        line["act"] = {"label": "Decide", "href": line["href"], "primary": True}
    return line


def _waits(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    """Return one line of what waits for somebody else."""
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    who = _first(row.about.asked_of.name)
    if row.what == "leadership":
        by = day(row.about.answer_by, today, zone)
        line |= {"when": f"With {who}, answer by {by}", "late": row.about.answer_by < today}
        line["act"] = {"label": "Open", "href": line["href"]}
        return line
    due = due_day(row.about.due_at, zone, today)
    late = row.about.due_at <= now()
    line["late"] = late
    line["when"] = f"No answer, was due {due}" if late else f"With {who}, due {due}"
    if row.about.look_on:
        line["why"] = f"{who} will look on {day(row.about.look_on, today, zone)}"
    label = "Decide without the answer" if late and row.decision.status == "proposed" else "Open"
    line["act"] = {"label": label, "href": line["href"]}
    return line


def _first(name: str) -> str:
    return name.split()[0] if name.split() else name


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
        "answers": [_answer(mine_now, row, several) for row in home.answers],
        "claims": [_claim(mine_now, row, several) for row in home.claims],
        "more": home.more,
        "minutes": home.minutes,
        "decided": home.decided,
        "total": sum(count for _, count, _ in home.decided),
        "waiting": [_waits_for_them(mine_now, row, several) for row in home.waiting],
        "due": [_due(mine_now, row, several) for row in home.due],
        "quiet": home.quiet,
        "start": _start(home),
    }


def _start(home: desk.VcisoHome) -> str:
    """Return the address of the first review in the queue, or nothing."""
    if not home.answers:
        return ""
    row = home.answers[0]
    return url_for("reviews.show", slug=row.company.slug, number=row.decision.number)


def _answer(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    review, newest = row.about
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    line["href"] = url_for("reviews.show", slug=row.company.slug, number=row.decision.number)
    late_days = (today - last_day(review.due_at, zone)).days
    line["late"] = late_days > 0
    due = last_day(review.due_at, zone)
    line["when"] = f"{plural(late_days, 'day')} late" if late_days > 0 else f"by {day(due, today, zone)}"
    why = reasons(newest)
    about = f"about {plural(desk.minutes_to_judge(newest), 'minute')}"
    line["why"] = " · ".join([*why, about])
    line["act"] = {"label": "Open", "href": line["href"], "primary": True}
    return line


def _claim(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    on = day(row.about.on, today, zone)
    line["href"] = url_for("reviews.show", slug=row.company.slug, number=row.decision.number)
    line["why"] = f"{_first(row.about.claimed_by.name)} says you advised on this on {on}."
    line["act"] = {"label": "Did you?", "href": line["href"]}
    return line


def _waits_for_them(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    if row.what == "leadership":
        asked_at = day(row.about.asked_at, today, zone)
        line["when"] = f"{_first(row.about.asked_of.name)} decides on the risk, since {asked_at}"
    else:
        line["when"] = "Your question waits for an answer"
    line["act"] = {"label": "Open", "href": line["href"]}
    return line


def _due(mine_now: Mine, row: Row, several: bool) -> dict[str, Any]:
    line = _line(mine_now, row, several)
    today, zone = mine_now.today(row.company.id), row.company.zone
    if row.what == "todo":
        line["when"] = f"To-do due {day(row.about.due_on, today, zone)}"
        line["late"] = row.about.due_on < today
        line["why"] = row.about.text
    else:
        line["when"] = f"Risk ends {day(row.about.until, today, zone)}"
        line["why"] = row.about.reason
    line["act"] = {"label": "Open", "href": line["href"]}
    return line


def _lead(mine_now: Mine, company_id: int) -> dict[str, Any]:
    """Return what one company's leader reads first."""
    company = mine_now.companies[company_id]
    viewer = people.viewer(mine_now.person, company.slug, mine_now.at)
    board = dashboard.dashboard(viewer, at=mine_now.at)
    today = mine_now.today(company_id)
    questions = [
        {
            "ref": decision.ref,
            "title": question.question,
            "href": url_for("risks.show", slug=company.slug, number=decision.number),
            "when": f"Answer by {day(question.answer_by, today, company.zone)}",
            "late": question.answer_by < today,
            "why": question.security_says,
            "act": {
                "label": "Answer",
                "href": url_for("risks.show", slug=company.slug, number=decision.number),
                "primary": True,
            },
        }
        for question, decision in board.questions
    ]
    next_due = board.due_soon[0] if board.due_soon else None
    calm = "Nothing needs you."
    if next_due is not None:
        calm += f" Next date: {next_due.title}, {day(next_due.decide_by, today, company.zone)}."
    return {
        "company": company,
        "board": board,
        "needs": questions,
        "calm": calm,
        "share": share_words(board.quarter, board.quarter_before),
        "good": good_news_of(board, company.zone, today),
    }
