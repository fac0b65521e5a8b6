"""Quick sorting: what was decided before the log and never checked, twenty to a page, answered by the row."""

import re
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.permissions import Act
from adr_app.domain.plain_words import first_prose, plain_text
from adr_app.domain.security import LEVEL_NAMES
from adr_app.models.decisions import Decision, Revision
from adr_app.services import older, sorting
from adr_app.services.sorting import ANSWERS, CLOSER, Outcome, Sorted
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day, plural
from adr_app.web.reasons import reasons

pages = Blueprint("older", __name__, url_prefix="/<slug>/older")

LATER = ("", "Leave for later")
READ_OF_A_TEXT = 2000
"""How much of a text is read for its first sentence."""

LONGEST_GIST = 180
_FIELD = re.compile(r"(answer|reason|base)-(\d{1,10})", re.ASCII)
_END = re.compile(r"(?<=[.!?])\s")


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> Answer:
    """Show what is older than the log and unchecked; whoever gives security answers can sort it."""
    place, closely = request.args.get("page", ""), request.args.get("closely") == "yes"
    found = older.page(g.viewer, now(), place=place, closely=closely)
    if place and not found.rows:  # all of that page is answered by now
        return redirect(_address(closely=closely))
    return _shown(found, place=place, closely=closely)


@pages.post("/answers")
@needs(Act.GIVE_VERDICT)
def sort(slug: str) -> Answer:
    """Store each answer by itself; what cannot be stored stays typed, with the reason beside it."""
    place, said = request.form.get("page", ""), _said()
    outcome = sorting.sort(g.viewer, said, at=now())
    if outcome.refused:
        found = older.page(g.viewer, now(), place=place)
        typed = {one.number: one for one in said if one.number in outcome.refused}
        return _shown(found, place=place, outcome=outcome, typed=typed), 422
    if outcome.answered:
        flash(f"{plural(len(outcome.answered), 'decision')} answered.", "success")
    else:
        flash("Nothing was chosen, so nothing is saved.")
    return redirect(_address(page=place))


def _address(*, page: str = "", closely: bool = False) -> str:
    closer = "yes" if closely else None
    return url_for("older.index", slug=g.viewer.company.slug, page=page or None, closely=closer)


def _said() -> list[Sorted]:
    """Return what the form says of each decision, in the order of the page."""
    found: dict[int, dict[str, str]] = {}
    for name, value in request.form.items():
        if field := _FIELD.fullmatch(name):
            found.setdefault(int(field[2]), {})[field[1]] = value
    return [
        Sorted(
            number=number,
            base=int(typed["base"]) if re.fullmatch(r"[0-9]{1,9}", typed.get("base", "")) else 0,
            code=typed.get("answer", ""),
            reason=typed.get("reason", ""),
        )
        for number, typed in found.items()
    ]


def _shown(
    found: older.Page,
    *,
    place: str,
    closely: bool = False,
    outcome: Outcome | None = None,
    typed: dict[int, Sorted] | None = None,
) -> str:
    """Return the page; `outcome` and `typed` are of rows that were refused just now."""
    viewer = g.viewer
    refused = outcome.refused if outcome else {}
    here = {row.decision.number: row.decision for row in found.rows}
    elsewhere = older.numbered(viewer, [number for number in refused if number not in here])
    return render_template(
        "older/index.html",
        nav="decisions",
        rows=[_row(row, closely=closely) for row in found.rows],
        all=older.count(viewer, now()),
        closely=closely,
        sorts=viewer.may(Act.GIVE_VERDICT) and not closely,
        place=place,
        newer=_address(page=found.newer, closely=closely) if found.newer else "",
        older=_address(page=found.older, closely=closely) if found.older else "",
        tabs=[("To sort", _address(), not closely), (ANSWERS[CLOSER], _address(closely=True), closely)],
        answered=len(outcome.answered) if outcome else 0,
        refused=[
            (decision, message, decision.number in here)
            for number, message in refused.items()
            if (decision := here.get(number) or elsewhere.get(number))
        ],
        errors=refused,
        typed=typed or {},
        longest=sorting.LONGEST_REASON,
        updating=viewer.company.stale_since is not None,
    )


def _row(row: older.Row, *, closely: bool) -> dict[str, Any]:
    decision, slug = row.decision, g.viewer.company.slug
    known = LEVEL_NAMES[decision.level] if decision.level is not None else ""
    when = f"Decided {day(decision.decided_on)}" if decision.decided_on else "Date unknown"
    answers = [(code, words) for code, words in ANSWERS.items() if code == CLOSER or not row.text_waits]
    return {
        "number": decision.number,
        "ref": decision.ref,
        "title": decision.title,
        "base": decision.latest,
        "href": url_for("decisions.show", slug=slug, number=decision.number),
        "review": url_for("reviews.show", slug=slug, number=decision.number),
        "gist": gist(decision, row.text),
        "facts": " · ".join(filter(None, (when, *reasons(row.text), "" if closely else known))),
        "note": sorting.TEXT_WAITS if row.text_waits else "",
        "why": row.why_closely,
        "choices": [LATER, *answers],
    }


def gist(decision: Decision, text: Revision) -> str:
    """Return what a decision is about in one sentence: in plain words, else from its text."""
    typed = (decision.plain_words, *(text.fields.get(name, "") for name in ("context", "decision")))
    first = next((words for one in typed if (words := plain_text(str(one)[:READ_OF_A_TEXT]))), "")
    first = first or first_prose(str(text.fields.get("body", ""))[:READ_OF_A_TEXT])
    sentence = _END.split(first, maxsplit=1)[0]
    if len(sentence) <= LONGEST_GIST:
        return sentence
    return sentence[:LONGEST_GIST].rsplit(" ", 1)[0] + " …"
