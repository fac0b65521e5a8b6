"""I'm away until: a vCISO says so to each of their companies at once, with who answers meanwhile."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Public, Role
from adr_app.services import away, people
from adr_app.services.homes import Mine
from adr_app.services.homes import mine as with_companies
from adr_app.web import typed
from adr_app.web.access import Answer, me, needs, now
from adr_app.web.filters import day
from adr_app.web.home_rows import said
from adr_app.web.layout import mine

pages = Blueprint("away", __name__, url_prefix="/away")


@pages.get("")
@needs(Public.SIGNED_IN)
def show() -> str:
    """Show until when the person is away, and who answers meanwhile at each company."""
    return _page()


@pages.post("/leave")
@needs(Public.SIGNED_IN)
def leave() -> Answer:
    """Say to every company where the person is vCISO that they are away; each learns of itself alone."""
    mine_now = _mine()
    ids = mine_now.where(Role.VCISO)
    if not ids:
        raise NotFound("There is no such page.")
    try:
        until = typed.day("until")
        for key in ids:  # whatever will not do is said before anything is stored
            away.check_until(until, mine_now.today(key))
        chosen = {key: _deputy(mine_now, key) for key in ids}
    except Invalid as refusal:
        return _page(refusal.fields), 422
    for key, deputy in chosen.items():
        viewer = people.viewer(mine_now.person, mine_now.companies[key].slug, now())
        away.leave(viewer, until, deputy, at=now())
    flash(f"Saved: you are away until {day(until, mine_now.at.date())}. No clock stops meanwhile.", "success")
    return redirect(url_for("home.show"))


@pages.post("/back")
@needs(Public.SIGNED_IN)
def come_back() -> Answer:
    """Say to every company that the person is here again."""
    mine_now = _mine()
    for key in mine_now.where(Role.VCISO):
        away.come_back(people.viewer(mine_now.person, mine_now.companies[key].slug, now()), at=now())
    flash("Welcome back. The others see that you are here.", "success")
    return redirect(url_for("home.show"))


def _mine() -> Mine:
    person: Any = me()  # signed in: the declarations above saw to it
    return with_companies(person, mine(), now())


def _others(mine_now: Mine, key: int) -> list[tuple[str, str]]:
    rows = people.holders(key, Role.VCISO, now())
    return [(str(row.person_id), row.person.name) for row in rows if row.person_id != mine_now.person.id]


def _deputy(mine_now: Mine, key: int) -> int | None:
    """Return who was chosen at a company, None for nobody.

    :raises Invalid: for anybody who is not offered.
    """
    field = f"deputy-{mine_now.companies[key].slug}"
    chosen = request.form.get(field, "")
    if chosen and chosen not in dict(_others(mine_now, key)):
        raise Invalid("Choose from the list.", {field: "Choose from the list."})
    return int(chosen) if chosen else None


def _page(errors: dict[str, str] | None = None) -> str:
    mine_now = _mine()
    ids = mine_now.where(Role.VCISO)
    known = away.who_is(ids, now())
    return render_template(
        "away/show.html",
        nav="home",
        errors=errors or {},
        typed=request.form,
        places=[(mine_now.companies[key], _others(mine_now, key)) for key in ids],
        away_now=[
            (mine_now.companies[key].name, said(one, mine_now.today(key)))
            for key in ids
            if (one := known.get((key, mine_now.person.id)))
        ],
    )
