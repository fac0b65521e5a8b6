"""The first run: questions that end in which role comes first, at a company or for anybody who tries it.

Of whoever tries it without an account nothing is stored: the answer is worked out and shown.
"""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.frameworks import FRAMEWORKS
from adr_app.domain.permissions import Act, Public
from adr_app.domain.pressures import LEVEL_WORDS
from adr_app.services import companies, first_role, first_run, frameworks, pressures, profiles
from adr_app.services.first_run import BLOCKS, Answers
from adr_app.web.access import Answer, me, needs, now
from adr_app.web.first_role import facts_of
from adr_app.web.pressures import WORDS
from adr_app.web.profiles import asked

pages = Blueprint("first_run", __name__)

HERE = [("cto", "A fractional CTO"), ("vciso", "A vCISO, who looks after security")]
HINTS = {
    1: "It would be a nuisance. Decides nothing.",
    2: "We would feel it for weeks.",
    3: "It would cost us a customer, money or trust.",
    4: "We might not get over it.",
}


@pages.get("/<slug>/first-run")
@needs(Act.ASSESS_ROLES)
def ask(slug: str) -> str:
    """Show the questions at a company, beginning with what it has said of itself already."""
    return _questions()


@pages.post("/<slug>/first-run")
@needs(Act.ASSESS_ROLES)
def answer(slug: str) -> Answer:
    """Keep what was answered, in one act with the answer it leads to."""
    problems, found = _read()
    problems |= first_run.gains(request.form)
    if problems or found is None:
        return _questions(problems), 422
    _follow()
    row = first_role.assess(
        g.viewer,
        gains=request.form.get("gains", ""),
        interest=request.form.get("interest", ""),
        profile=found.profile,
        noted=found.noted,
        at=now(),
    )
    flash("This is your answer. It is kept, with everything it was given for.", "success")
    return redirect(url_for("first_role.show", slug=slug, assessment=row.id))


@pages.get("/which-role-first")
@needs(Public.ANYBODY)
def try_it() -> str:
    """Show the questions to anybody at a demonstration.

    :raises NotFound: elsewhere, to who is not signed in.
    """
    _may_try()
    return _trial()


@pages.post("/which-role-first")
@needs(Public.ANYBODY)
def tried() -> Answer:
    """Answer, and store nothing."""
    _may_try()
    problems, found = _read()
    if problems or found is None:
        return _trial(problems), 422
    here, follows = (request.form.getlist(name) for name in ("here", "follows"))
    inputs, told = first_run.tried(found, here, follows, now().date())
    return _trial(answered={"told": told, "facts": facts_of(told), "several": len(inputs.pressures) > 1})


def _may_try() -> None:
    if me() is None and not companies.is_demonstration(current_app.config):
        raise NotFound("There is no such page.")
    if me() is None:
        g.bare = True


def _read() -> tuple[dict[str, str], Answers | None]:
    form = request.form
    try:
        return {}, first_run.checked(form, form.getlist("data"), form.getlist("markets"))
    except Invalid as refusal:
        return refusal.fields, None


def _follow() -> None:
    """Follow the standards that were ticked anew, where the viewer may say so."""
    if g.viewer.may(Act.SET_POLICY):
        for key in request.form.getlist("follows"):
            if key in FRAMEWORKS:
                frameworks.follow(g.viewer, key, at=now())


def _questions(errors: dict[str, str] | None = None) -> str:
    company = g.viewer.company
    row = profiles.newest(company.id)
    said: dict[str, Any] = {key: getattr(row, key) for key in profiles.EMPTY} if row else dict(profiles.EMPTY)
    return render_template(
        "first_role/first_run.html",
        nav="people",
        follows=frameworks.followed(company.id),
        known=[one.name for one in pressures.open_ones(company.id)],
        gains=list(first_role.GAINS.items()),
        **_asked(said, errors),
    )


def _trial(errors: dict[str, str] | None = None, answered: dict[str, Any] | None = None) -> str:
    said = _asked(dict(profiles.EMPTY), errors, again=answered is not None)
    return render_template("first_role/trial.html", answered=answered, here=HERE, **said)


def _asked(said: dict[str, Any], errors: dict[str, str] | None, *, again: bool = False) -> dict[str, Any]:
    """Return what the questions offer, and what was answered where they are asked again."""
    form = request.form
    if errors or again:
        said |= {name: form.get(name, "") for name in ("sector", "stage", "jurisdictions")}
        said |= {name: form.getlist(name) for name in ("data", "markets", "follows", "here")}
    used = [prefix for prefix in BLOCKS if any(form.get(prefix + name) for name in first_run.ASKED)]
    return {
        **asked(),
        **WORDS,
        "levels": [(code, words, HINTS[code]) for code, words in LEVEL_WORDS.items()],
        "blocks": BLOCKS,
        "used": used or BLOCKS[:1],
        "frameworks": [(key, one.name) for key, one in FRAMEWORKS.items()],
        "said": said,
        "typed": form if errors or again else {},
        "errors": errors or {},
    }
