"""A company's people: who has which role from when to when, invitations, and new-password links."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.first_role_words import ROLE_OF
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.pressures import Family
from adr_app.models.people import Engagement, Person
from adr_app.services import (
    appointment_letters,
    engagements,
    forgotten,
    invitations,
    people,
    role_inputs,
)
from adr_app.web import mandates, typed
from adr_app.web.access import Answer, full_address, needs, now

pages = Blueprint("people", __name__, url_prefix="/<slug>/people")


@dataclass
class Somebody:
    """One line of the page: a person, the roles held now or later, those that are over."""

    person: Person
    waiting: bool
    asked: bool
    roles: list[Engagement] = field(default_factory=list)
    past: list[Engagement] = field(default_factory=list)

    @property
    def key(self) -> int:
        """Return the number of a role of theirs here, by which forms name them."""
        return min(row.id for row in (*self.roles, *self.past))

    @property
    def words(self) -> str:
        """Return the name, or the e-mail alone while an invited person has not come in.

        The name of somebody known elsewhere would tell that they are.
        """
        return self.person.email if self.waiting else self.person.name


@dataclass
class Link:
    """A link that was just made, to be shown once: for whom, and what it does."""

    words: str
    address: str


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show who has which role at this company."""
    return _page()


@pages.get("/invite")
@needs(Act.APPOINT_OTHER)
def new(slug: str) -> str:
    """Show the form that invites somebody."""
    return _invite_page()


@pages.post("/invite")
@needs(Act.APPOINT_OTHER)
def invite(slug: str) -> Answer:
    """Give somebody a role by e-mail and show the link to hand over."""
    form = request.form
    try:
        token, engagement = invitations.invite(
            g.viewer,
            email=form.get("email", ""),
            name=form.get("name", ""),
            role=form.get("role", ""),
            starts_on=typed.day("starts_on"),
            ends_on=typed.day("ends_on"),
            letter=mandates.letter(),
            at=now(),
        )
    except Invalid as refusal:
        return _invite_page(refusal.fields), 422
    return _page(link=_invitation_link(engagement.person, token))


@pages.post("/invite-again")
@needs(Act.APPOINT_OTHER)
def invite_again(slug: str) -> Answer:
    """Show a new link for somebody who has not come in yet."""
    person = _chosen()
    token = invitations.invite_again(g.viewer, person.id, at=now())
    return _page(link=_invitation_link(person, token))


@pages.get("/give-role")
@needs(Act.APPOINT_OTHER)
def choose_role(slug: str) -> str:
    """Show the form that gives somebody here another role."""
    return _appoint_page()


@pages.post("/give-role")
@needs(Act.APPOINT_OTHER)
def appoint(slug: str) -> Answer:
    """Give one of the company's people another role."""
    chosen, role, company = _chosen(), request.form.get("role", ""), g.viewer.company.id
    words = people.names_at(company, {chosen.id})[chosen.id]
    weigh = engagements.would_be_both(company, chosen.id, words, role, now())
    if weigh and request.form.get("both") != "yes" and g.viewer.may(Act.APPOINT_ADVISER):
        return _appoint_page(weigh=weigh), 422
    try:
        engagement = engagements.appoint(
            g.viewer,
            person_id=chosen.id,
            role=role,
            starts_on=typed.day("starts_on"),
            ends_on=typed.day("ends_on"),
            letter=mandates.letter(),
            at=now(),
        )
    except Invalid as refusal:
        return _appoint_page(refusal.fields), 422
    flash(f"Done: {words}, {ROLE_NAMES[Role(engagement.role)]}.", "success")
    return redirect(url_for("people.index", slug=slug))


@pages.post("/new-password-link")
@needs(Act.APPOINT_OTHER)
def new_password_link(slug: str) -> Answer:
    """Show a link with which one of the company's people chooses a new password."""
    person = _chosen()
    token = forgotten.reset_link(g.viewer, person.id, at=now())
    address = full_address("session.new_password", token=token)
    return _page(link=Link(f"New-password link for {person.email}", address))


def _chosen() -> Person:
    """Return the person that a form names by a role of theirs here.

    A person's own number would tell whether there was an account before the invitation.
    """
    return engagements.engagement_of(g.viewer.company.id, typed.identity("engagement")).person


def _invitation_link(person: Person, token: str) -> Link:
    return Link(f"Invitation for {person.email}", full_address("session.join", token=token))


def _invite_page(errors: dict[str, str] | None = None) -> str:
    given = request.form or {"role": request.args.get("role", "")}
    words = {"choices": _choices(), "errors": errors or {}, "typed": given}
    return render_template("people/invite.html", nav="people", **words)


def _appoint_page(errors: dict[str, str] | None = None, weigh: str = "") -> str:
    others = [(one.key, one.words) for one in _everybody() if one.person.id != g.viewer.person.id]
    words = {"choices": _choices(), "others": others, "errors": errors or {}, "typed": request.form}
    return render_template("people/appoint.html", nav="people", weigh=weigh, **words)


def _choices() -> list[tuple[str, str]]:
    return [(str(role), ROLE_NAMES[role]) for role in engagements.may_give(g.viewer)]


def _page(link: Link | None = None) -> str:
    everybody = _everybody()
    soon = mandates.ending_soon([row for one in everybody for row in one.roles])
    return render_template(
        "people/index.html",
        nav="people",
        here=[one for one in everybody if one.roles],
        gone=[one for one in everybody if not one.roles],
        warnings=engagements.warnings(g.viewer.company, now()),
        role_names=ROLE_NAMES,
        may_give=engagements.may_give(g.viewer),
        ending={role.id: depends for role, depends in soon},
        counted=mandates.counted,
        letters=appointment_letters.of_roles(g.viewer.company.id),
        is_address=appointment_letters.is_address,
        link=link,
        lacking=_lacking(),
    )


def _lacking() -> list[str]:
    """Return which of the two advisers nobody is here, for whoever may find out which comes first."""
    if not g.viewer.may(Act.ASSESS_ROLES):
        return []
    company = g.viewer.company.id
    lacking = role_inputs.missing([company], now())[company]
    return [
        ROLE_OF[family] for family, role in zip(Family, role_inputs.ROLES, strict=True) if role in lacking
    ]


def _everybody() -> list[Somebody]:
    company, at = g.viewer.company, now()
    door = invitations.doorway(company.id, at)
    found: dict[int, Somebody] = {}
    for row in people.engagement_rows(company.id):
        who = row.person
        line = found.setdefault(who.id, Somebody(who, who.id in door.not_yet_here, who.id in door.asked))
        over = row.ends_at is not None and row.ends_at <= at
        (line.past if over else line.roles).append(row)
    # By what is shown: the order must not tell a name that is not.
    return sorted(found.values(), key=lambda one: (one.words.casefold(), one.key))
