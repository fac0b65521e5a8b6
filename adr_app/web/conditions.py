"""To-dos that came with a security OK: answered by the CTO, done by the team, settled by the vCISO."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.services import condition_words, conditions, decision_rows
from adr_app.web import review_page, typed
from adr_app.web.access import Answer, needs, now

pages = Blueprint("conditions", __name__, url_prefix="/<slug>/decisions/<ref:number>/to-dos/<int:todo>")


@pages.post("/agree")
@needs(Act.ANSWER_TODO)
def agree(slug: str, number: int, todo: int) -> Answer:
    """Agree to a to-do for technology."""
    return _act(
        "agree", condition_words.agree, number, todo, "Agreed: it binds from now.", text=_typed("text")
    )


@pages.post("/contest")
@needs(Act.ANSWER_TODO)
def contest(slug: str, number: int, todo: int) -> Answer:
    """Contest a to-do for technology, with one sentence."""
    said = "Said. It binds nobody until the vCISO keeps it, and leadership sees both sentences."
    given = {"why": _typed("why"), "text": _typed("text")}
    return _act("contest", condition_words.contest, number, todo, said, **given)


@pages.post("/keep")
@needs(Act.GIVE_VERDICT)
def keep(slug: str, number: int, todo: int) -> Answer:
    """Keep a contested to-do as it is."""
    return _act(
        "keep", condition_words.keep, number, todo, "Kept: it binds from now.", reason=_typed("reason")
    )


@pages.post("/change")
@needs(Act.GIVE_VERDICT)
def change(slug: str, number: int, todo: int) -> Answer:
    """Put another to-do in the place of one."""
    names = ("text", "risk", "owner", "due_on", "build_days", "run_days")
    wanted = {name: _typed(name) for name in names}
    wanted["before_go_live"] = "yes" if _typed("before_go_live") == "yes" else ""
    said = "Changed. The new to-do is put to the CTO; the older one stays readable."
    return _act("change", condition_words.change, number, todo, said, wanted, reason=_typed("reason"))


@pages.post("/drop")
@needs(Act.GIVE_VERDICT)
def drop(slug: str, number: int, todo: int) -> Answer:
    """Drop a to-do: nobody is asked for it any more."""
    said = "Dropped. It stays readable with your reason."
    return _act("change", condition_words.drop, number, todo, said, reason=_typed("reason"))


@pages.post("/assign")
@needs(Act.DRAFT)
def assign(slug: str, number: int, todo: int) -> Answer:
    """Name who does a to-do."""
    return _act("assign", condition_words.assign, number, todo, "Saved.", _typed("owner"))


@pages.post("/done")
@needs(Act.DRAFT)
def finish(slug: str, number: int, todo: int) -> Answer:
    """Mark a to-do as done, with what shows it."""
    said = "Done. It waits for the vCISO to check it."
    return _act("done", conditions.finish, number, todo, said, evidence=_typed("evidence"))


@pages.post("/check")
@needs(Act.GIVE_VERDICT)
def verify(slug: str, number: int, todo: int) -> Answer:
    """Confirm that a to-do is really done."""
    return _act("check", conditions.verify, number, todo, "Checked.")


@pages.post("/move")
@needs(Act.GIVE_VERDICT)
def move(slug: str, number: int, todo: int) -> Answer:
    """Give a to-do another date."""
    return _act("move", _move, number, todo, "Saved.", reason=_typed("reason"))


def _move(viewer: Any, number: int, todo: int, *, reason: str, at: Any) -> None:
    conditions.find_one(decision_rows.find(viewer, number), todo)
    day = typed.day("due_on")
    if day is None:
        raise Invalid("Choose a day.", {"due_on": "Choose the new day."})
    conditions.move(viewer, number, todo, day, reason=reason, at=at)


def _typed(name: str) -> str:
    return request.form.get(name, "")


def _act(
    form: str, act: Callable[..., Any], number: int, todo: int, said: str, *given: Any, **more: Any
) -> Answer:
    """Run one act and lead back to the to-dos; what was wrong is shown in the form it came from."""
    try:
        act(g.viewer, number, todo, *given, **more, at=now())
    except Invalid as refusal:
        decision = decision_rows.find(g.viewer, number)
        errors = {f"{name}-{todo}": message for name, message in refusal.fields.items()}
        shown = review_page.show(decision, typed=dict(request.form), errors=errors, form=f"{form}-{todo}")
        return shown, 422
    flash(said, "success")
    slug = g.viewer.company.slug
    return redirect(url_for("reviews.show", slug=slug, number=number, _anchor="to-dos"))
