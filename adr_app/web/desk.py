"""The desk: one queue over all companies of a vCISO, and what they answered."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from adr_app.domain.permissions import Public, Role
from adr_app.domain.security import LEVEL_NAMES
from adr_app.services import desk_queue, homes
from adr_app.services.desk_queue import Wanted
from adr_app.services.homes import Mine
from adr_app.web import desk_rows
from adr_app.web.access import Answer, me, needs, now
from adr_app.web.layout import mine

pages = Blueprint("desk", __name__, url_prefix="/desk")

TITLES = {
    "waiting": "Waiting for you",
    "taken": "Taken by another vCISO",
    "them": "Waiting for the author",
    "claims": "Were you in the meeting?",
    "requested": "Exceptions asked for",
    "check": "To-dos to check off",
    "harmless": "Declared harmless: is it?",
    "answered": "What you answered",
}
"""The name of each queue."""

EMPTY = {
    "waiting": "Nobody waits for you.",
    "taken": "Nobody else has taken any.",
    "them": "You wait for no author.",
    "claims": "Nobody names you in a meeting that you have not confirmed.",
    "requested": "No exception waits for what you recommend.",
    "check": "No to-do waits to be checked off.",
    "harmless": "Nothing that was declared harmless waits to be looked at.",
    "answered": "You have given no answer yet.",
}
ALWAYS = ("waiting", "answered")
"""Queues that are named even while they are empty; a fact calls for each of the others."""


@pages.get("")
@needs(Public.SIGNED_IN)
def show() -> Answer:
    """Show one page of what waits for the person as vCISO, or of what they answered."""
    person: Any = me()  # signed in: the declaration above saw to it
    mine_now = homes.mine(person, mine(), now())
    wanted = desk_queue.check(mine_now, _wanted())
    found = desk_queue.page(mine_now, wanted)
    if wanted.place and not found.rows:  # all of that page was dealt with meanwhile
        return redirect(_address(wanted))
    several = len(mine_now.companies) > 1
    held = desk_queue.counts(mine_now, wanted)
    return render_template(
        "desk/show.html",
        nav="home",
        wanted=wanted,
        answers_here=bool(mine_now.where(Role.VCISO)),
        rows=[desk_rows.line(mine_now, row, several) for row in found.rows],
        title=TITLES[wanted.what],
        tabs=_tabs(wanted, held),
        count=held[wanted.what],
        empty="Nothing fits." if wanted.filters else EMPTY[wanted.what],
        newest_first=desk_queue.QUEUES[wanted.what].newest_first,
        narrows=desk_queue.QUEUES[wanted.what].by_level,
        in_use=_in_use(mine_now, wanted),
        companies_to_choose=_companies(mine_now),
        levels=list(LEVEL_NAMES.items()),
        newer=_address(wanted, found.newer) if found.newer else "",
        older=_address(wanted, found.older) if found.older else "",
        everything=_address(Wanted(wanted.what)) if wanted.filters else "",
    )


def _wanted() -> Wanted:
    args = request.args
    level = args.get("level", "")
    return Wanted(
        args.get("what", "waiting"),
        args.get("company", ""),
        int(level) if level in {str(key) for key in LEVEL_NAMES} else None,
        args.get("late") == "yes",
        args.get("page", ""),
    )


def _companies(mine_now: Mine) -> list[tuple[str, str]]:
    """Return the companies to choose from, where there is a choice."""
    rows = [mine_now.companies[key] for key in mine_now.where(Role.VCISO)]
    return [(row.slug, row.name) for row in rows] if len(rows) > 1 else []


def _in_use(mine_now: Mine, wanted: Wanted) -> list[str]:
    """Return the filters in use in words, so that a folded bar says what is listed."""
    names = {row.slug: row.name for row in mine_now.companies.values()}
    said = [names[wanted.company]] if wanted.company else []
    said += [LEVEL_NAMES[wanted.level]] if wanted.level is not None else []
    return [*said, "only what is late"] if wanted.late else said


def _tabs(wanted: Wanted, held: dict[str, int]) -> list[tuple[str, str, bool, str]]:
    shown = [code for code in TITLES if held[code] or code in ALWAYS or code == wanted.what]
    return [
        (
            TITLES[code],
            _address(Wanted(code, wanted.company)),
            code == wanted.what,
            f"{held[code]:,}" if held[code] <= desk_queue.MANY else f"{desk_queue.MANY:,}+",
        )
        for code in shown
    ]


def _address(wanted: Wanted, place: str = "") -> str:
    return url_for(
        "desk.show",
        what=wanted.what if wanted.what != "waiting" else None,
        company=wanted.company or None,
        level=wanted.level,
        late="yes" if wanted.late else None,
        page=place or None,
    )
