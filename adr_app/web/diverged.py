"""A decision whose file changed too: what differs on either side, and the choice between them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.decisions import STATUS_NAMES, Status
from adr_app.domain.differences import text_difference
from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, Stale
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import BY_NAME
from adr_app.domain.three_way import Passage, Who
from adr_app.services import deciders, decision_rows, diverged_choices, drafts
from adr_app.services.diverged_choices import Shown
from adr_app.services.diverged_sides import Sides
from adr_app.web import references
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day
from adr_app.web.versions import OPS, in_words

pages = Blueprint("diverged", __name__, url_prefix="/<slug>/decisions/<ref:number>/file-change")

CHANGED = {
    Who.HERE: "Only the log changed this",
    Who.THERE: "Only the file changed this",
    Who.ALIKE: "Both changed this alike",
    Who.BOTH: "Both changed this",
}
IN_THE_LOG, IN_THE_FILE = "What the log made of it", "What the file made of it"
CONTEXT = 280
"""Characters of an unchanged passage that are shown beside a change."""

FINE = 200_000
"""Characters of changed passages beyond which they are shown whole: word for word would take long."""

Words = list[tuple[str, str]]
"""A passage as it is shown: (same, added or removed; words)."""


@pages.get("")
@needs(Act.READ)
def show(slug: str, number: int) -> Answer:
    """Show what differs on either side, and the choice to whoever may make it."""
    return _page(number)


@pages.post("/keep")
@needs(Act.IMPORT)
def keep(slug: str, number: int) -> Answer:
    """Keep what the log says."""
    return _chosen(
        number,
        lambda shown: diverged_choices.keep(g.viewer, number, shown, at=now()),
        "What the log says is kept. The file counts as seen until it changes again.",
    )


@pages.post("/take")
@needs(Act.IMPORT)
def take(slug: str, number: int) -> Answer:
    """Take the file's text."""
    return _chosen(
        number,
        lambda shown: diverged_choices.take(g.viewer, number, shown, at=now()),
        "The file’s text is taken as a new version.",
    )


@pages.post("/parts")
@needs(Act.IMPORT)
def parts(slug: str, number: int) -> Answer:
    """Save what was made of both texts."""
    title, text = request.form.get("title", ""), request.form.get("text", "")
    return _chosen(
        number,
        lambda shown: diverged_choices.put_together(g.viewer, number, shown, title, text, at=now()),
        "What you put together is saved as a new version. The file counts as seen until it changes again.",
    )


def _chosen(number: int, choose: Callable[[Shown], Any], said: str) -> Answer:
    """Make a choice and go back to the decision, or show the page anew with why it was not made."""
    decision = decision_rows.find(g.viewer, number)
    form = request.form
    try:
        version = check_integer(form.get("base", ""), "base", 1, references.HIGHEST)
        answer = check_integer(form.get("answer", ""), "answer", 0, references.HIGHEST)
        choose(Shown(form.get("seen", ""), version, form.get("status", ""), answer))
    except Invalid as refusal:
        fields = {"text" if name == "body" else name: said for name, said in refusal.fields.items()}
        return _page(number, fields, status=422)
    except Stale as refusal:
        return _page(number, trouble=str(refusal), status=409)
    flash(said, "success")
    return redirect(url_for("decisions.show", slug=g.viewer.company.slug, number=decision.number))


def _page(
    number: int, errors: dict[str, str] | None = None, *, trouble: str = "", status: int = 200
) -> Answer:
    found = diverged_choices.look(g.viewer, number)
    if found is None:
        flash(trouble or "Its file says nothing new. Nothing waits for a choice.", "info")
        return redirect(url_for("decisions.show", slug=g.viewer.company.slug, number=number))
    typed = request.form if errors and "text" in request.form else {}
    decision, shown = found.decision, diverged_choices.shown(found)
    page = render_template(
        "diverged/show.html",
        nav="decisions",
        decision=decision,
        sides=found,
        facts=_facts(found),
        passages=_passages(found),
        conflicts=sum(passage.who is Who.BOTH for passage in found.passages),
        shown={
            "base": shown.version,
            "seen": shown.fingerprint,
            "status": shown.status,
            "answer": shown.answer,
        },
        title=typed.get("title", found.title),
        text=typed.get("text", found.merged),
        may_edit=decision.status in drafts.EDITABLE,
        accepts=found.left.record.status == Status.ACCEPTED,
        who=deciders.in_words(g.viewer, now()),
        errors=errors or {},
        trouble=trouble,
    )
    return page, status


def _facts(found: Sides) -> list[tuple[str, tuple[str, ...], str]]:
    """Return what differs beside the text: its name, the three values in words, and who changed it."""
    rows = []
    was, here, there = found.statuses
    if len({was, here, there}) > 1:
        who = (
            Who.ALIKE
            if here == there
            else Who.THERE
            if here == was
            else Who.HERE
            if there == was
            else Who.BOTH
        )
        values = tuple(STATUS_NAMES[Status(s)] if s else "None stated" for s in found.statuses)
        rows.append(("Status", values, CHANGED[who]))
    for name, (who, _) in found.facts.items():
        values = tuple(_short(name, value) for value in found.values(name))
        rows.append((BY_NAME[name].label, values, CHANGED[who]))
    return rows


def _short(name: str, value: Any) -> str:
    if value and BY_NAME[name].shape == "day":
        return day(date.fromisoformat(value))
    return in_words({name: value}, name) or "–"


def _passages(found: Sides) -> list[tuple[str, list[tuple[str, Words]]]]:
    changed = [passage for passage in found.passages if passage.who is not Who.NOBODY]
    fine = sum(len(text) for passage in changed for text in passage[1:]) <= FINE
    return [_passage(passage, fine=fine) for passage in found.passages]


def _passage(passage: Passage, *, fine: bool) -> tuple[str, list[tuple[str, Words]]]:
    """Return a passage as the page shows it: who changed it, and what each side made of it."""
    if passage.who is Who.NOBODY:
        text = passage.base.strip("\n")
        if len(text) > CONTEXT:
            text = f"{text[: CONTEXT // 2]} … {text[-CONTEXT // 2 :]}"
        return "", [("", [("same", text)])]
    sides = []
    if passage.who is not Who.THERE:
        sides.append(
            (IN_THE_LOG if passage.who is Who.BOTH else "", _words(passage.base, passage.here, fine))
        )
    if passage.who in (Who.THERE, Who.BOTH):
        sides.append(
            (IN_THE_FILE if passage.who is Who.BOTH else "", _words(passage.base, passage.there, fine))
        )
    return CHANGED[passage.who], sides


def _words(before: str, after: str, fine: bool) -> Words:
    """Return what was made of a passage, word for word where that is `fine`.

    Nothing where only spaces or line ends differ.
    """
    if before.split() == after.split():
        return []
    if not fine:
        return [("removed", before), ("added", after)]
    segments = [segment for block in text_difference(before, after) for segment in block.segments]
    found = [(OPS.get(segment.op, "same"), segment.text) for segment in segments]
    while found and not found[-1][1].strip():
        found.pop()
    return [*found[:-1], (found[-1][0], found[-1][1].rstrip("\n"))] if found else []
