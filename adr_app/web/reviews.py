"""The security review of a decision: one page to ask, to answer from a phone, and to see how it stands."""

from typing import Any, cast

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.digest import check_integer
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.review_parts import PARTS, cleaned
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import LEVEL_NAMES
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.services import answers, claims, decision_rows, gates, people, reviews, taking
from adr_app.web import next_answer, references, review_page, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import due_day

pages = Blueprint("reviews", __name__, url_prefix="/<slug>/decisions/<ref:number>/review")

LOOK_ON = "look-on"
"""A choice beside the answers that is none: the day on which the vCISO will look."""


@pages.get("")
@needs(Act.READ)
def show(slug: str, number: int) -> str:
    """Show how the review stands and what this person can do about it; looking signs nothing."""
    return review_page.show(decision_rows.find(g.viewer, number))


@pages.post("/ask")
@needs(Act.ASK_REVIEW)
def ask(slug: str, number: int) -> Answer:
    """Send a decision to the vCISO and show the link to hand over."""
    form = request.form
    of = typed.identity("of") if form.get("of") else None
    review = reviews.ask(g.viewer, number, of=of, emergency=form.get("emergency") == "yes", at=now())
    name = people.names({review.asked_of_id})[review.asked_of_id]
    due = due_day(review.due_at, g.viewer.company.zone, None)
    flash(
        f"Sent to {name} for security review, answer by {due}. Hand over the link below.",
        "success",
    )
    return _back(number, anchor="link")


@pages.post("/confirm")
@needs(Act.GIVE_VERDICT)
def confirm(slug: str, number: int) -> Answer:
    """Repeat the decision and the chosen answer before anything is signed."""
    decision, given = decision_rows.find(g.viewer, number), review_page.sent()
    if "edit" in request.form:
        return review_page.show(decision, typed=given["fields"])
    if given["answer"] == LOOK_ON:
        return _look_on(decision, given)
    return _confirmed(decision, given)


def confirm_advice(decision: Decision, words: str) -> Answer:
    """Repeat what the vCISO said in the discussion and marked as advice: it counts as her answer."""
    fields = {"answer": "advise", "text-advise": words, "base": request.form.get("base", "")}
    fields["seen"] = str(review_page.newest_answer(decision))
    said: dict[str, Any] = {
        "answer": "advise",
        "text": words,
        "todos": [],
        "level": None,
        "parts": {},
        "seen": None,
    }
    return _confirmed(decision, said | {"fields": fields})


def _confirmed(decision: Decision, given: dict[str, Any]) -> Answer:
    try:
        day = local_day(now(), g.viewer.company.zone)
        words, todos = reviews.checked(given["answer"], given["text"], given["todos"], today=day)
        parts = cleaned(given["parts"])
    except Invalid as refusal:
        return _refused(decision, given, refusal)
    if gates.has_decided(decision, g.viewer.person.id):
        raise NotAllowed("You decided this yourself, so somebody else gives the security answer.")
    base = _base()
    if base != decision.latest:
        return _overtaken(decision, given, base)
    try:
        answers.check_seen(g.viewer, decision, given["seen"])
    except WrongState as refusal:
        return _meanwhile(decision, given, refusal)
    return render_template(
        "reviews/confirm.html",
        nav="decisions",
        decision=decision,
        verdict=VERDICTS[given["answer"]],
        words=words,
        todos=todos,
        parts=[(PARTS[part], said) for part, said in parts.items() if said],
        level_words=LEVEL_NAMES.get(given["level"], ""),
        carried=given["fields"],
        base=base,
    )


@pages.post("/answer")
@needs(Act.GIVE_VERDICT)
def answer(slug: str, number: int) -> Answer:
    """Give the vCISO's answer on the version that was confirmed."""
    decision, given = decision_rows.find(g.viewer, number), review_page.sent()
    base = _base()
    if base != decision.latest:
        return _overtaken(decision, given, base)
    try:
        verdict = reviews.answer(
            g.viewer,
            number,
            given["answer"],
            base=base,
            text=given["text"],
            level=given["level"],
            todos=given["todos"],
            parts=given["parts"],
            seen=given["seen"],
            at=now(),
        )
    except Invalid as refusal:
        return _refused(decision, given, refusal)
    except WrongState as refusal:
        return _meanwhile(decision_rows.find(g.viewer, number), given, refusal)
    said = f"Your answer on {decision.ref} is saved: {VERDICTS[verdict.code].button.rstrip('…')}."
    if gates.is_decided(decision):
        flash(said, "success")
    else:
        undo = url_for("reviews.take_back", slug=slug, number=number)
        with_undo = {"text": f"{said} You can take it back for ten minutes.", "undo": undo}
        flash(cast(str, with_undo), "success")
    return _back(number)


@pages.post("/take-back")
@needs(Act.GIVE_VERDICT)
def take_back(slug: str, number: int) -> Answer:
    """Take one's answer back within ten minutes."""
    answers.take_back(g.viewer, number, at=now())
    flash("Your answer is taken back. Both acts stay in the record.", "success")
    return _back(number)


@pages.post("/take")
@needs(Act.GIVE_VERDICT)
def take(slug: str, number: int) -> Answer:
    """Take a review that several share, or take it over."""
    taking.take(g.viewer, number, at=now())
    flash("It is yours. The others see that you took it; the due day stays as it is.", "success")
    return _back(number)


@pages.post("/reply")
@needs(Act.COMMENT)
def reply(slug: str, number: int) -> Answer:
    """Answer the vCISO's question."""
    try:
        reviews.reply(g.viewer, number, request.form.get("text", ""), at=now())
    except Invalid as refusal:
        return _again(number, "reply", refusal)
    flash("Your answer is sent. The review waits for the vCISO again.", "success")
    return _back(number)


@pages.post("/same-meaning")
@needs(Act.GIVE_VERDICT)
def same_meaning(slug: str, number: int) -> Answer:
    """Confirm on the difference that the new text means what was signed."""
    decision = decision_rows.find(g.viewer, number)
    answers.same_meaning(g.viewer, decision.number, base=_base(), at=now())
    flash("Same meaning: the answer goes on holding for the new text.", "success")
    return _back(number)


@pages.post("/claim")
@needs(Act.DRAFT)
def claim(slug: str, number: int) -> Answer:
    """Say that the vCISO took part in the meeting of a day."""
    try:
        on = typed.day("on")
        if on is None:
            raise Invalid("Give the day of the meeting.", {"on": "Give the day of the meeting."})
        claims.claim(g.viewer, number, on=on, of=_named(), at=now())
    except Invalid as refusal:
        return _again(number, "claim", refusal)
    flash("The vCISO is asked to confirm it. Until then it counts as made without vCISO input.", "success")
    return _back(number)


def _named() -> int | None:
    """Return the person whom the form means, where it says so."""
    of = request.form.get("of", "")
    return check_integer(of, "of", 1) if of else None


@pages.post("/claim-answer")
@needs(Act.GIVE_VERDICT)
def answer_claim(slug: str, number: int) -> Answer:
    """Say, as the vCISO named, whether one advised in the meeting.

    :raises WrongState: when the form says neither.
    """
    decision_rows.find(g.viewer, number)
    said = request.form.get("took_part", "")
    if said not in ("yes", "no"):
        raise WrongState("Say yes or no. Open the page again and choose one of the two buttons.")
    claims.answer_claim(g.viewer, number, yes=said == "yes", at=now())
    flash("Confirmed. Thank you." if said == "yes" else "Saved: you did not advise on this.", "success")
    return _back(number)


def _look_on(decision: Decision, given: dict[str, Any]) -> Answer:
    try:
        day = typed.day("look_on")
        if day is None:
            raise Invalid("Choose a day.", {"look_on": "Choose the day on which you will look."})
        reviews.look_on(g.viewer, decision.number, day, at=now())
    except Invalid as refusal:
        return _refused(decision, given, refusal)
    said: dict[str, str] = {"text": "Saved. The others see when you will look; the due day stays as it is."}
    if following := next_answer.after(decision):
        said |= {"href": following["href"], "link_label": f"Next: {following['title']}"}
    flash(cast(str, said), "success")
    return _back(decision.number)


def _refused(decision: Decision, given: dict[str, Any], refusal: Invalid) -> Answer:
    errors = {
        f"text-{given['answer']}" if name == "text" else name: message
        for name, message in refusal.fields.items()
    }
    return review_page.show(decision, typed=given["fields"], errors=errors), 422


def _overtaken(decision: Decision, given: dict[str, Any], base: int) -> Answer:
    before = decision_rows.revision(decision, base)
    return review_page.show(decision, typed=given["fields"], changed_since=before), 409


def _meanwhile(decision: Decision, given: dict[str, Any], refusal: WrongState) -> Answer:
    return review_page.show(decision, typed=given["fields"], meanwhile=str(refusal)), 409


def _again(number: int, form: str, refusal: Invalid) -> Answer:
    decision = decision_rows.find(g.viewer, number)
    shown = review_page.show(decision, typed=dict(request.form), errors=refusal.fields, form=form)
    return shown, 422


def _base() -> int:
    return check_integer(request.form.get("base", ""), "base", 1, references.HIGHEST)


def _back(number: int, anchor: str | None = None) -> Answer:
    return redirect(url_for("reviews.show", slug=g.viewer.company.slug, number=number, _anchor=anchor))
