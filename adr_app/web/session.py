"""Signing in and out, and the doors that a link opens: an invitation and a new password."""

from ipaddress import ip_address

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid, NotAllowed, NotFound
from adr_app.domain.permissions import Public
from adr_app.models.people import Invitation, Person, Session
from adr_app.services import companies, forgotten, invitations, people, session
from adr_app.web import csrf
from adr_app.web.access import COOKIE, Answer, inside, me, needs, now
from adr_app.web.kept import kept_form

pages = Blueprint("session", __name__)


@pages.get("/sign-in")
@needs(Public.ANYBODY)
def show() -> Answer:
    """Show the sign-in page, or go on when somebody is signed in already."""
    if me() is not None:
        return redirect(inside(request.args.get("next", "/")))
    if companies.awaits_set_up():
        return redirect(url_for("companies.set_up"))
    return _sign_in_page()


@pages.post("/sign-in")
@needs(Public.ANYBODY)
def sign_in() -> Answer:
    """Open a session, and go on to what was wanted or to the form that was kept."""
    form = request.form
    remember = form.get("remember") == "yes"
    try:
        token, opened = session.sign_in(
            form.get("email", ""),
            form.get("password", ""),
            at=now(),
            device=device(),
            address=address(),
            remember=remember,
            days=current_app.config["ADR"].session_days,
        )
    except NotAllowed as refusal:
        return _sign_in_page(str(refusal)), 403
    return entered(token, opened, remember=remember)


@pages.post("/enter")
@needs(Public.ANYBODY)
def enter() -> Answer:
    """Enter a demonstration as one of its people, without a password, from this machine only.

    :raises NotFound: anywhere else.
    """
    person = next((one for one, _ in _cast() if str(one.id) == request.form.get("person")), None)
    if person is None:
        raise NotFound("There is no such page.")
    token, opened = session.start(person, at=now(), device=device())
    return entered(token, opened)


@pages.post("/sign-out")
@needs(Public.ANYBODY)
def sign_out() -> Answer:
    """End this browser's session."""
    session.sign_out(request.cookies.get(COOKIE, ""), at=now())
    csrf.rotate()
    response = redirect(url_for("session.show"))
    response.delete_cookie(COOKIE)
    return response


@pages.get("/join/<token>")
@needs(Public.ANYBODY)
def join(token: str) -> Answer:
    """Show what an invitation is for; opening it uses nothing up."""
    return _join_page(invitations.opened(token, "invitation", at=now()))


@pages.post("/join/<token>")
@needs(Public.ANYBODY)
def use_invitation(token: str) -> Answer:
    """Come in by an invitation, with a new password or the one there is already."""
    try:
        used = invitations.join(token, request.form.get("password", ""), at=now(), address=address())
    except Invalid as refusal:
        return _join_page(invitations.opened(token, "invitation", at=now()), refusal), 422
    return _entered_as(used.person, "You are in.")


@pages.get("/forgotten-password")
@needs(Public.ANYBODY)
def forgot() -> str:
    """Show how to get a new password."""
    return render_template("session/forgotten.html", asked=False)


@pages.post("/forgotten-password")
@needs(Public.ANYBODY)
def ask_new_password() -> str:
    """Note that a password was forgotten; the answer is the same for every e-mail."""
    forgotten.ask_new_password(request.form.get("email", ""), at=now(), address=address())
    return render_template("session/forgotten.html", asked=True)


@pages.get("/new-password/<token>")
@needs(Public.ANYBODY)
def new_password(token: str) -> str:
    """Show where to choose a new password; opening the link uses nothing up."""
    opened = invitations.opened(token, "password", at=now())
    return render_template("session/new_password.html", person=opened.person, errors={})


@pages.post("/new-password/<token>")
@needs(Public.ANYBODY)
def choose_password(token: str) -> Answer:
    """Keep the new password and sign in with it."""
    form = request.form
    try:
        person = forgotten.choose_password(token, form.get("password", ""), form.get("again", ""), at=now())
    except Invalid as refusal:
        opened = invitations.opened(token, "password", at=now())
        words = {"person": opened.person, "errors": refusal.fields}
        return render_template("session/new_password.html", **words), 422
    return _entered_as(
        person, "Your new password is set. Other devices are signed out, and keys for programs ended."
    )


def entered(token: str, opened: Session, *, remember: bool = False) -> Answer:
    """Answer somebody who just signed in: their kept form, else what they wanted, with a new cookie."""
    csrf.rotate()
    form = kept_form(opened.person.id)
    if form is not None:
        words = {"form": form, "expired": False}
        response = make_response(render_template("session/resume.html", **words))
    else:
        response = make_response(redirect(inside(request.form.get("next", "/"))))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int((opened.expires_at - opened.created_at).total_seconds()) if remember else None,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def device() -> str:
    """Return what this browser calls itself."""
    return request.headers.get("User-Agent", "")


def address() -> str:
    """Return where this request comes from."""
    return request.remote_addr or ""


def _entered_as(person: Person, notice: str) -> Answer:
    token, opened = session.start(person, at=now(), device=device())
    response = entered(token, opened)
    flash(notice, "success")
    return response


def _sign_in_page(error: str = "") -> str:
    return render_template(
        "session/sign_in.html",
        error=error,
        email=request.form.get("email", ""),
        next=inside(request.values.get("next", "/")),
        kept=request.form.get("kept", ""),
        cast=_cast(),
    )


def _join_page(invitation: Invitation, refusal: Invalid | None = None) -> str:
    errors = refusal.fields if refusal else {}
    return render_template("session/join.html", invitation=invitation, errors=errors)


def _cast() -> list[tuple[Person, str]]:
    """Return who can be entered as: only in a demonstration, and only from this machine itself.

    Behind a proxy every visitor would seem to come from this machine, so a forwarded request is refused.
    """
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if forwarded or current_app.config["ADR"].proxies or not _is_loopback(address()):
        return []
    if not companies.is_demonstration(current_app.config):
        return []
    return people.cast(at=now())


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
