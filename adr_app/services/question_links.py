"""Leadership's one question by mail: a link that shows one page, and a mailed code that lets her answer it.

Opening the link says nothing and uses nothing up: mail scanners open links. Whoever can read the mail that
the code goes to is the person who was asked; that is how the answer is confirmed, and the record says so.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature

from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import Invalid, NotAllowed, Unavailable, WrongState
from adr_app.domain.notices import AT_ONCE
from adr_app.models.base import writing
from adr_app.models.decisions import Decision
from adr_app.models.notices import Notice, QuestionLink
from adr_app.models.people import Company, Person
from adr_app.models.reviews import RiskQuestion
from adr_app.services import comments, letters, post, queue, risks, throttle
from adr_app.services.decision_rows import revision, visible
from adr_app.services.people import Viewer
from adr_app.services.post import Letter, NotSent, Post, on_one_line
from adr_app.services.stopping import signed

VALID = timedelta(days=7)
CODE_VALID = timedelta(minutes=10)
TRIES = 5
STEP = TRIES + 1
MOST = 4 * STEP
"""Tries are counted on over all codes of a link, by a step for each code: a million is soon tried by whoever
may ask for another code again and again. Of the fifth code, one wrong try ends the link."""

CONFIRMED = "mailed-code"

NOT_WHOLE = "This link is not whole. Open it from the mail again."
NOT_ASKED = "This question is not put to you any more. Ask whoever sent you the mail."
ANSWERED = "This question is answered already, so nothing more is needed of you."
TOO_OLD = "This link is older than seven days, so it opens nothing any more."
GUESSED = "Codes were typed wrongly too often here, so this link opens nothing any more."
CHANGED = "What is asked, or the decision it is about, changed since this link was mailed."
NO_MAIL = "This log sends no mail now, so no code can be mailed. Sign in and answer there."
WRONG = "That is not the code of the newest mail. Look again; it has six digits."
USED_UP = "That code is too old, or was typed wrongly too often. Press “Mail me another code”."


class LinkOver(WrongState):
    """A link leads nowhere any more, and a new one would."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that leads somewhere: who opened it, and what they are asked about which decision."""

    link: QuestionLink
    viewer: Viewer
    decision: Decision
    asked: RiskQuestion


def address(notice: Notice, viewer: Viewer, decision: Decision, out: Post, at: datetime) -> str:
    """Return the link of a mail that puts a question to somebody; a mail sent again holds the same one."""
    asked = RiskQuestion.get(RiskQuestion.company == viewer.company.id, RiskQuestion.id == notice.about)
    text = _text(asked, decision)
    link = (
        QuestionLink.select()
        .where(
            QuestionLink.company == viewer.company.id,
            QuestionLink.question_id == asked.id,
            QuestionLink.person == viewer.person.id,
            QuestionLink.text == text,
            QuestionLink.used_at.is_null(),
            QuestionLink.code_tries <= MOST,
            QuestionLink.made_at >= notice.made_at,
        )
        .order_by(QuestionLink.id.desc())
        .first()
    )
    if link is None:
        link = QuestionLink.create(
            company=viewer.company.id,
            question_id=asked.id,
            person=viewer.person.id,
            text=text,
            made_at=at,
            expires_at=at + VALID,
        )
    return f"{out.public_url}/question/{signed(out.key, 'question').dumps(link.id)}"


def _text(asked: RiskQuestion, decision: Decision) -> str:
    return digest(canonical_json([asked.row_digest, revision(decision).digest]))


def opened(token: str, key: str, *, at: datetime) -> Opened:
    """Return what a link leads to, without using anything up.

    :raises LinkOver: when it is too old, or what is asked changed: a new one may be mailed.
    :raises WrongState: when the question needs no answer, or none of this person, any more.
    """
    found = _found(token, key, at)
    if found.link.expires_at <= at:
        raise LinkOver(TOO_OLD)
    if found.link.code_tries > MOST:
        raise LinkOver(GUESSED)
    if found.link.text != _text(found.asked, found.decision):
        raise LinkOver(CHANGED)
    return found


def _found(token: str, key: str, at: datetime) -> Opened:
    try:
        link = QuestionLink.get_or_none(QuestionLink.id == int(signed(key, "question").loads(token)))
    except (BadSignature, ValueError, TypeError) as error:
        raise WrongState(NOT_WHOLE) from error
    if link is None:
        raise WrongState(NOT_WHOLE)
    company, person = Company.get_by_id(link.company_id), Person.get_by_id(link.person_id)
    asked = RiskQuestion.get(RiskQuestion.company == company.id, RiskQuestion.id == link.question_id)
    viewer = letters.as_asked(person, company, at) if person.disabled_at is None else None
    if viewer is None or asked.asked_of_id != person.id:
        raise WrongState(NOT_ASKED)
    if asked.state != "open" or link.used_at is not None:
        raise WrongState(ANSWERED)
    decision = visible(viewer).where(Decision.id == asked.decision_id).first()
    if decision is None:
        raise WrongState(NOT_ASKED)
    decision.company = company
    return Opened(link, viewer, decision, asked)


def mail_again(token: str, key: str, *, at: datetime, where: str = "") -> None:
    """Mail a new link to whom an old one was mailed, while the question is open.

    :raises WrongState: when nothing is asked of them any more, or no mail is sent.
    :raises NotAllowed: when it was asked for too often.
    """
    found = _found(token, key, at)
    if post.current() is None:
        raise WrongState(NO_MAIL)
    if not throttle.count(found.viewer.person.email, where, at, what="question "):
        raise NotAllowed("That was asked for too often. Wait a quarter of an hour, or look for the mail.")
    if _is_mailed(found):
        return
    with writing():
        made = Notice.create(
            company=found.viewer.company.id,
            person=found.viewer.person.id,
            kind="leadership-asked",
            decision_id=found.decision.id,
            about=found.asked.id,
            seq=-found.link.id,  # no act of its own: told once for each link that is over
            how=AT_ONCE,
            made_at=at,
            due_at=at,
        )
        queue.later(queue.deliver, made.id)


def _is_mailed(found: Opened) -> bool:
    return (
        Notice.select()
        .where(
            Notice.company == found.viewer.company.id,
            Notice.seq == -found.link.id,
            Notice.kind == "leadership-asked",
        )
        .exists()
    )


def mail_code(token: str, key: str, *, at: datetime, where: str = "") -> Opened:
    """Mail the six digits that confirm an answer; earlier ones end.

    :raises Unavailable: when the mail server does not take the mail now.
    :raises NotAllowed: when it was asked for too often.
    """
    found, out = opened(token, key, at=at), post.current()
    if out is None:
        raise WrongState(NO_MAIL)
    person = found.viewer.person
    if not throttle.count(person.email, where, at, what="code "):
        raise NotAllowed("Too many codes were mailed. Wait a quarter of an hour, then try again.")
    code = f"{secrets.randbelow(10**6):06d}"
    QuestionLink.update(
        code_hash=_hash(found.link, code, key),
        code_until=at + CODE_VALID,
        code_tries=(QuestionLink.code_tries + TRIES) / STEP * STEP,
    ).where(QuestionLink.id == found.link.id).execute()
    company = on_one_line(found.viewer.company.name, 60)
    letter = Letter(
        to=person.email,
        to_name="",
        subject=f"[{company}] {code} confirms your answer",
        body=(
            f"Type this code on the page that you opened: {code}",
            f"It confirms your answer to: {on_one_line(found.asked.question, 300)}",
            "It is good for ten minutes. Without it nothing is answered, so do nothing if you did not ask.",
        ),
        name=f"code.{found.link.id}.{secrets.token_hex(8)}",
    )
    try:
        post.send(letter, out, at)
    except NotSent as error:
        raise Unavailable(
            "The code could not be mailed just now, so nothing was saved. Try again in a few minutes."
        ) from error
    return found


def _hash(link: QuestionLink, code: str, key: str) -> str:
    return hmac.new(key.encode(), f"code {link.id} {code}".encode(), sha256).hexdigest()


def answer(
    token: str,
    key: str,
    code: str,
    choice: str,
    *,
    reason: str,
    until: date | None = None,
    longer: str = "",
    at: datetime,
) -> Opened:
    """Answer the question as whom it was put to, once the mailed code is right.

    A code is good once: what is refused afterwards, because something is missing, needs no new one.

    :raises Invalid: under `code`, when it is wrong; else as the answer itself.
    """
    found = opened(token, key, at=at)
    right = _check(found.link, "".join(code.split()), key, at)
    with writing():
        used = {"code_hash": None} if choice == "ask" else {"code_hash": None, "used_at": at}
        # Taken before the act and given back where that is refused: of two with one code, one answers.
        mine = (QuestionLink.id == found.link.id) & (QuestionLink.code_hash == right)
        if not QuestionLink.update(**used).where(mine).execute():
            raise Invalid(USED_UP, {"code": USED_UP})
        _act(found, choice, reason, until, longer, at)
    return found


def _act(found: Opened, choice: str, reason: str, until: date | None, longer: str, at: datetime) -> None:
    number = found.decision.number
    if choice == "take":
        if until is None:
            raise Invalid("Choose a day.", {"until": "Choose a day: every risk taken has an end."})
        said = {"reason": reason, "longer": longer, "confirmed": CONFIRMED}
        risks.take(found.viewer, number, until=until, **said, at=at)
    elif choice == "refuse":
        risks.refuse(found.viewer, number, reason=reason, confirmed=CONFIRMED, at=at)
    elif choice == "ask":
        comments.write(found.viewer, number, reason, asks=True, at=at)
    else:
        raise Invalid("Choose an answer.", {"choice": "Choose an answer."})


def _check(link: QuestionLink, code: str, key: str, at: datetime) -> str:
    # Counted before it is compared, in a statement of its own: tries at once are counted too.
    counted = QuestionLink.update(code_tries=QuestionLink.code_tries + 1).where(
        QuestionLink.id == link.id,
        QuestionLink.code_tries - QuestionLink.code_tries / STEP * STEP < TRIES,
        QuestionLink.code_hash.is_null(False),
        QuestionLink.code_until > at,
    )
    if not counted.execute():
        raise Invalid(USED_UP, {"code": USED_UP})
    kept = QuestionLink.get_by_id(link.id).code_hash or ""
    if not hmac.compare_digest(kept, _hash(link, code, key)):
        raise Invalid(WRONG, {"code": WRONG})
    return kept
