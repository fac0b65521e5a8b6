"""The one question of a leader, reached from a mail: its page, the mailed code, and links that are over."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import Public
from adr_app.domain.worktime import local_day
from adr_app.services import decision_rows, exception_rows, gates, people, question_links
from adr_app.services import risks as risk_acts
from adr_app.services.question_links import LinkOver, Opened
from adr_app.web import risks, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.reasons import reasons
from adr_app.web.session import address

pages = Blueprint("question_links", __name__, url_prefix="/question/<token>")


@pages.get("")
@needs(Public.ANYBODY)
def show(token: str) -> Answer:
    """Show the question and nothing else of the company; looking answers nothing and uses nothing up."""
    try:
        return _page(token, question_links.opened(token, _key(), at=now()))
    except WrongState as refusal:
        return _over(token, refusal)


@pages.post("/code")
@needs(Public.ANYBODY)
def code(token: str) -> Answer:
    """Repeat the chosen answer, and mail the code that confirms it."""
    try:
        found = question_links.opened(token, _key(), at=now())
        if "edit" in request.form:
            return _page(token, found)
        _, errors = risks.chosen(found.decision, found.viewer.company.zone)
        if errors:
            return _page(token, found, errors), 422
        question_links.mail_code(token, _key(), at=now(), where=address())
    except WrongState as refusal:
        return _over(token, refusal)
    return _confirm_page(token, found)


@pages.post("/answer")
@needs(Public.ANYBODY)
def answer(token: str) -> Answer:
    """Answer with the mailed code."""
    form, choice = request.form, request.form.get("choice", "")
    try:
        found = question_links.opened(token, _key(), at=now())
    except WrongState as refusal:
        return _over(token, refusal)
    try:
        question_links.answer(
            token,
            _key(),
            form.get("code", ""),
            choice,
            reason=form.get(f"reason-{choice}", ""),
            until=typed.day("until") if choice == "take" else None,
            longer=form.get("longer", ""),
            at=now(),
        )
    except Invalid as refusal:
        if "code" in refusal.fields:
            return _confirm_page(token, found, refusal.fields), 422
        errors = {f"reason-{choice}" if n in ("reason", "text") else n: m for n, m in refusal.fields.items()}
        return _page(token, found, errors), 422
    words = {"choice": choice, "words": risks.ANSWERS[choice], "until": form.get("until", "")}
    return render_template("question_links/done.html", found=found, **words)


@pages.post("/again")
@needs(Public.ANYBODY)
def again(token: str) -> Answer:
    """Mail a new link to whom this one was mailed."""
    try:
        question_links.mail_again(token, _key(), at=now(), where=address())
    except WrongState as refusal:
        return _over(token, refusal)
    return redirect(url_for("question_links.mailed", token=token))


@pages.get("/mailed")
@needs(Public.ANYBODY)
def mailed(token: str) -> str:
    """Say that a new link is on its way."""
    return render_template("question_links/over.html", token="", message=MAILED, heading="Look at your mail")


MAILED = "A new link is on its way to the address that this one was mailed to. You can close this page."


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _over(token: str, refusal: WrongState) -> Answer:
    """Say why a link leads nowhere, and offer a new one where that helps."""
    anew = token if isinstance(refusal, LinkOver) else ""
    heading = "This link is over" if anew else "Nothing to answer here"
    return render_template("question_links/over.html", token=anew, message=str(refusal), heading=heading), 409


def _page(token: str, found: Opened, errors: dict[str, str] | None = None) -> str:
    company = found.viewer.company
    newest = decision_rows.revision(found.decision)
    given = gates.standing_verdicts(found.decision)
    wish = exception_rows.waiting_on(found.decision)
    said = exception_rows.advice_on(wish) or next(
        (one for one in reversed(given) if one.code != "question"), None
    )
    today = local_day(now(), company.zone)
    usual = risk_acts.usual_until(found.decision, today)
    return render_template(
        "question_links/show.html",
        token=token,
        found=found,
        newest=newest,
        said=said,
        said_words=risks.in_words(said.code) if said else "",
        reasons=reasons(newest),
        names=people.names_at(company.id, {found.asked.asked_by_id}),
        exception=wish,
        until=wish.until if wish else usual,
        usual=usual,
        today=today,
        errors=errors or {},
        typed={name: value for name, value in request.form.items() if name != "csrf_token"},
    )


def _confirm_page(token: str, found: Opened, errors: dict[str, str] | None = None) -> str:
    choice = request.form.get("choice", "")
    return render_template(
        "question_links/confirm.html",
        token=token,
        found=found,
        choice=choice,
        words=risks.ANSWERS.get(choice, ""),
        reason=request.form.get(f"reason-{choice}", "").strip(),
        longer=request.form.get("longer", "").strip(),
        until=typed.day("until") if choice == "take" else None,
        today=local_day(now(), found.viewer.company.zone),
        errors=errors or {},
    )
