"""The page of a role: its letter, what depends on it, how it is handed over and ended, what is next."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import ADVISER_ROLES, ROLE_NAMES, Act, Role
from adr_app.models.people import Engagement
from adr_app.services import appointment_letters, engagements, handovers, mandates, people, successors
from adr_app.services.appointment_letters import Letter
from adr_app.services.mandate_parts import ASIDE, RUNS, WAITS
from adr_app.web import typed
from adr_app.web.access import Answer, needs, now

pages = Blueprint("mandates", __name__, url_prefix="/<slug>/people")

GROUPS = (
    (WAITS, "What waits", "Nothing waits."),
    (RUNS, "What runs", "Nothing runs."),
    (ASIDE, "What was set aside", "Nothing is set aside."),
)


@pages.get("/role")
@needs(Act.READ)
def show(slug: str) -> Answer:
    """Show one role of somebody: by which letter, what depends on it, and how it is handed over and ended."""
    if "of" not in request.args:
        return redirect(url_for("people.index", slug=slug))
    return _page(_named(request.args["of"]))


@pages.get("/roles/<role>")
@needs(Act.READ)
def taken_over(slug: str, role: str) -> str:
    """Show whoever takes a role over what waits, what runs and what was set aside, on one sheet."""
    if role not in ADVISER_ROLES:
        raise NotFound("There is no such page.")
    which, at, company = Role(role), now(), g.viewer.company
    parts = mandates.listed(g.viewer, which, at)
    return render_template(
        "mandates/taken_over.html",
        nav="people",
        role=which,
        role_name=ROLE_NAMES[which],
        holders=[one.person.name for one in people.holders(company.id, which, at)],
        said=handovers.said_with(g.viewer, which),
        may_read=handovers.may_read(g.viewer, which),
        groups=[
            (code, title, [one for one in parts if one.part.group == code], empty)
            for code, title, empty in GROUPS
        ],
    )


@pages.post("/hand-over")
@needs(Act.READ)
def hand_over(slug: str) -> Answer:
    """Hand a role over while it still runs."""
    found = _chosen()
    try:
        handovers.hand_over(g.viewer, found.id, **_handed(), at=now())
    except Invalid as refusal:
        return _page(found, refusal.fields), 422
    flash("Handed over. The role goes on until it ends.", "success")
    return redirect(url_for("mandates.show", slug=slug, of=found.id))


@pages.post("/end-role")
@needs(Act.APPOINT_OTHER)
def end_role(slug: str) -> Answer:
    """End a role now, and hand it over with that where somebody is named or something is said."""
    found = _chosen()
    try:
        ended = engagements.end(g.viewer, found.id, **_handed(), at=now())
    except Invalid as refusal:
        return _page(found, refusal.fields), 422
    flash(f"The role “{ROLE_NAMES[Role(ended.role)]}” has ended.", "success")
    return redirect(url_for("people.index", slug=slug))


@pages.post("/letter")
@needs(Act.APPOINT_OTHER)
def note_letter(slug: str) -> Answer:
    """Note the letter of a role that was given already."""
    found = _chosen()
    try:
        engagements.note_letter(g.viewer, found.id, letter(), at=now())
    except Invalid as refusal:
        return _page(found, refusal.fields), 422
    flash("The letter is noted.", "success")
    return redirect(url_for("mandates.show", slug=slug, of=found.id))


def letter() -> Letter:
    """Return the letter of appointment that a form names.

    :raises Invalid: when its date is none.
    """
    return Letter(
        request.form.get("letter_title", ""), request.form.get("letter_place", ""), typed.day("letter_on")
    )


def ending_soon(rows: list[Engagement]) -> list[tuple[Engagement, list[mandates.Depends]]]:
    """Return the roles that end within thirty days, each with what depends on it."""
    return each(mandates.ending_soon(rows, now()))


def each(roles: list[Engagement]) -> list[tuple[Engagement, list[mandates.Depends]]]:
    """Return some roles, each with what depends on it."""
    found = mandates.depending(g.viewer, roles, now()) if roles else {}
    return [(role, found[role.id]) for role in roles]


def counted(depends: list[mandates.Depends], page: str) -> Markup:
    """Return how many of each kind depend on a role, each leading to what becomes of it."""
    link = Markup('<a href="{}#depends-{}">{}</a>')
    return Markup(" · ").join(link.format(page, one.part.code, one.words) for one in depends)


def _handed() -> dict[str, Any]:
    """Return the successor and the note that a form names: an id of a role here, or nobody."""
    chosen = request.form.get("successor", "")
    return {
        "successor": typed.identity("successor") if chosen else None,
        "note": request.form.get("note", ""),
    }


def _chosen() -> Engagement:
    return engagements.engagement_of(g.viewer.company.id, typed.identity("engagement"))


def _named(text: str) -> Engagement:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= typed.HIGHEST_ID):
        raise NotFound("There is no such page.")
    return engagements.engagement_of(g.viewer.company.id, int(text))


def _page(found: Engagement, errors: dict[str, str] | None = None) -> str:
    at, viewer = now(), g.viewer
    names = people.names_at(viewer.company.id, {found.person_id, found.appointed_by_id} - {None})
    over = found.ends_at is not None and found.ends_at <= at
    holds = found.starts_at <= at and not over
    return render_template(
        "mandates/show.html",
        nav="people",
        one=found,
        name=names[found.person_id],
        appointed_by=names.get(found.appointed_by_id, ""),
        role=Role(found.role),
        role_name=ROLE_NAMES[Role(found.role)],
        over=over,
        letters=appointment_letters.of_roles(viewer.company.id).get(found.id, []),
        is_address=appointment_letters.is_address,
        depends=mandates.depending(viewer, [found], at)[found.id] if not over else [],
        may_end=not over and viewer.may(engagements.act_for(Role(found.role))),
        may_note=viewer.may(engagements.act_for(Role(found.role))),
        may_hand_over=holds and found.role in ADVISER_ROLES and handovers.may_hand_over(viewer, found),
        others=[(one.id, one.person.name) for one in successors.of(found, at)],
        has_page=found.role in ADVISER_ROLES,
        errors=errors or {},
        typed=request.form,
    )
