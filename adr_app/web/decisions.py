"""The list of decisions, the page of one, and the acts of its life."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.acceptance import Need, Seen, Way
from adr_app.domain.decisions import IMPLEMENTATION, STATUS_NAMES, Status
from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Act, Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement
from adr_app.models.reviews import Review
from adr_app.services import (
    away,
    concerns,
    decision_rows,
    decisions,
    gates,
    go_live,
    lists,
    people,
    stating,
)
from adr_app.services.people import Viewer
from adr_app.services.waiting import check_due
from adr_app.web import decision_acts, decision_page, list_page, references, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import due_day

pages = Blueprint("decisions", __name__, url_prefix="/<slug>/decisions")

Moving = Callable[..., Decision]


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> Answer:
    """Show the decisions that are wanted, newest first, or go to the one whose reference was typed."""
    wanted = list_page.wanted()
    number = references.understood(wanted.q)
    if number is not None and decision_rows.visible(g.viewer).where(Decision.number == number).exists():
        return redirect(url_for("decisions.show", slug=slug, number=number))
    found = lists.page(g.viewer, wanted, now())
    company = g.viewer.company
    return render_template(
        "decisions/index.html",
        nav="decisions",
        **list_page.content(wanted, found, local_day(now(), company.zone)),
        updating=company.stale_since is not None,
    )


@pages.get("/<ref:number>")
@needs(Act.READ)
def show(slug: str, number: int) -> str:
    """Show one decision to whoever may read it."""
    return shown(number)


def shown(number: int, errors: dict[str, str] | None = None) -> str:
    """Return the page of a decision, with what has to be mended in one of its forms."""
    decision = decision_rows.find(g.viewer, number)
    return render_template(
        "decisions/show.html",
        nav="decisions",
        errors=errors or {},
        states=list(IMPLEMENTATION.items()),
        typed=request.form,
        **decision_page.content(decision),
    )


@pages.post("/<ref:number>/propose")
@needs(Act.PROPOSE)
def propose(slug: str, number: int) -> Answer:
    """Propose a draft without asking the vCISO."""
    return _moved(decisions.propose, number, "{ref} is proposed.")


@pages.post("/<ref:number>/reject")
@needs(Act.ACCEPT)
def reject(slug: str, number: int) -> Answer:
    """Reject what was proposed."""
    return _moved(decisions.reject, number, "{ref} is rejected.")


@pages.post("/<ref:number>/withdraw")
@needs(Act.WITHDRAW)
def withdraw(slug: str, number: int) -> Answer:
    """Withdraw a draft or a proposal."""
    return _moved(decisions.withdraw, number, "{ref} is withdrawn.")


@pages.post("/<ref:number>/reopen")
@needs(Act.PROPOSE)
def reopen(slug: str, number: int) -> Answer:
    """Take a decision back to draft."""
    return _moved(decisions.reopen, number, "{ref} is a draft again.")


@pages.post("/<ref:number>/deprecate")
@needs(Act.ACCEPT)
def deprecate(slug: str, number: int) -> Answer:
    """Mark a decision as no longer used."""
    return _moved(decisions.deprecate, number, "{ref} is marked as no longer used.")


@pages.post("/<ref:number>/take-back")
@needs(Act.ACCEPT)
def take_back(slug: str, number: int) -> Answer:
    """Take an acceptance back within ten minutes."""
    return _moved(decisions.take_back, number, "{ref} is proposed again. Both acts stay in the record.")


def _moved(move: Moving, number: int, words: str) -> Answer:
    decision = move(g.viewer, number, at=now())
    flash(words.format(ref=decision.ref), "success")
    return _to_page(number)


@pages.get("/<ref:number>/accept")
@needs(Act.ACCEPT)
def confirm(slug: str, number: int) -> Answer:
    """Show what accepting now means, and ask why where that needs a reason."""
    return _confirm_page(decision_rows.find(g.viewer, number))


@pages.post("/<ref:number>/accept")
@needs(Act.ACCEPT)
def accept(slug: str, number: int) -> Answer:
    """Accept what was proposed, on the version that was shown."""
    form = request.form
    decision = decision_rows.find(g.viewer, number)
    try:
        accepted = decisions.accept(
            g.viewer,
            number,
            base=check_integer(form.get("base", ""), "base", 1, references.HIGHEST),
            reason=form.get("reason", ""),
            emergency=form.get("emergency") == "yes",
            seen=Seen.read(form.get("seen", "")),
            at=now(),
        )
    except Invalid as refusal:
        return _confirm_page(decision, refusal.fields), 422
    except WrongState as refusal:
        return _confirm_page(decision_rows.find(g.viewer, number), changed=str(refusal)), 409
    undo = url_for("decisions.take_back", slug=slug, number=number)
    flash(
        {  # type: ignore[arg-type]
            "text": f"{accepted.ref} is accepted.{_checked_after(accepted)} "
            "You can take that back for ten minutes.",
            "undo": undo,
        },
        "success",
    )
    return _to_page(number)


@pages.post("/<ref:number>/accept-text")
@needs(Act.ACCEPT)
def accept_text(slug: str, number: int) -> Answer:
    """Put the newest text in force without a new security OK."""
    form, decision = request.form, decision_rows.find(g.viewer, number)
    base = check_integer(form.get("base", ""), "base", 1, references.HIGHEST)
    try:
        decisions.accept_text(
            g.viewer,
            number,
            base=base,
            reason=form.get("reason", ""),
            emergency=form.get("emergency") == "yes",
            seen=Seen.read(form.get("seen", "")),
            at=now(),
        )
    except Invalid as refusal:
        return shown(number, refusal.fields), 422
    except WrongState as refusal:
        return shown(number, {"reason": str(refusal)}), 409
    flash(f"Version {base} of {decision.ref} is in force now.", "success")
    return _to_page(number)


def _who_answers(review: Review | None, vcisos: list[Engagement], at: datetime) -> Engagement | None:
    """Return who of those engaged is asked, or would be: a stand-in while the first of them is away."""
    asked = [one for one in vcisos if review is not None and one.person_id == review.asked_of_id]
    if asked or not vcisos:
        return next(iter(asked), None)
    return away.whom(vcisos, local_day(at, g.viewer.company.zone))


def _checked_after(accepted: Decision) -> str:
    """Return who was asked to check what was decided in an emergency, and until when; else nothing."""
    review = gates.open_review(accepted)
    if review is None or not review.emergency:
        return ""
    name = people.names({review.asked_of_id})[review.asked_of_id]
    return f" {name} is asked to check it by {due_day(review.due_at)}."


def _confirm_page(decision: Decision, errors: dict[str, str] | None = None, *, changed: str = "") -> str:
    """Return the last look before accepting; `changed` is why an acceptance from it was refused."""
    viewer: Viewer = g.viewer
    if decision.status != Status.PROPOSED:
        words = STATUS_NAMES[Status(decision.status)].lower()
        raise WrongState(f"{decision.ref} is “{words}” now, so it cannot be accepted.")
    at: datetime = now()
    gate = gates.gate_for(viewer, decision, at)
    review = gates.open_review(decision)
    given = gates.standing_verdicts(decision)
    wants = request.values.get("emergency", "") != "no"
    return render_template(
        "decisions/accept.html",
        nav="decisions",
        decision=decision,
        gate=gate,
        ways=Way,
        needs=Need,
        blocked="" if gate.open else decision_acts.blocked_words(gate, review),
        concerns=concerns.open_of(decision) if gate.concerns else [],
        said=next((v for v in reversed(given) if VERDICTS[v.code].is_input), None),
        seen=Seen(given[-1].id if given else 0, gate.token),
        changed=changed,
        emergency=gate.emergency_open and (wants or not gate.open),
        check_by=review.due_at if review and review.emergency else check_due(viewer.company, decision, at),
        say_so=gates.SAY_SO,
        review=review,
        vciso=_who_answers(review, people.holders(viewer.company.id, Role.VCISO, at), at),
        errors=errors or {},
        reason=request.form.get("reason", ""),
    )


@pages.post("/<ref:number>/status")
@needs(Act.ACCEPT)
def state(slug: str, number: int) -> Answer:
    """Say what status an imported decision has whose file states none."""
    try:
        stated = stating.state_status(
            g.viewer,
            number,
            request.form.get("status", ""),
            decided_on=typed.day("decided_on"),
            seen=Seen.read(request.form.get("seen", "")),
            at=now(),
        )
    except Invalid as refusal:
        return shown(number, refusal.fields), 422
    except WrongState as refusal:
        return shown(number, {"status": str(refusal)}), 409
    flash(f"{stated.ref} is “{STATUS_NAMES[Status(stated.status)].lower()}” now.", "success")
    return _to_page(number)


@pages.post("/<ref:number>/implementation")
@needs(Act.DRAFT)
def implementation(slug: str, number: int) -> Answer:
    """Note how far the work is."""
    try:
        decisions.set_implementation(g.viewer, number, request.form.get("implementation", ""), at=now())
    except Invalid as refusal:
        return shown(number, refusal.fields), 422
    flash("Noted.", "success")
    return _to_page(number)


@pages.post("/<ref:number>/went-live")
@needs(Act.GIVE_VERDICT)
def went_live(slug: str, number: int) -> Answer:
    """Note that the vCISO looked at what went live."""
    try:
        go_live.look_at(g.viewer, number, request.form.get("found", ""), at=now())
    except Invalid as refusal:
        return shown(number, refusal.fields), 422
    flash("Noted, with your words.", "success")
    return _to_page(number)


def _to_page(number: int) -> Answer:
    return redirect(url_for("decisions.show", slug=g.viewer.company.slug, number=number))
