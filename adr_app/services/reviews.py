"""Security reviews: asked by the author or the CTO, answered by the vCISO, with the questions in between."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import valid_until
from adr_app.domain.worktime import answer_due, due_after_turn, end_of_day, local_day
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Engagement, Installation
from adr_app.models.reviews import Condition, Review, Verdict
from adr_app.services import answers, away, conditions, gates, older, review_parts
from adr_app.services.decision_rows import find, revision
from adr_app.services.drafts import put_in_force
from adr_app.services.people import Viewer, holders
from adr_app.services.record import Ledger, acting_as
from adr_app.services.waiting import close_reviews

MAX_ANSWER = 8000
ASKABLE = frozenset({Status.DRAFT, Status.PROPOSED, Status.ACCEPTED, Status.UNSTATED})


def ask(
    viewer: Viewer, number: int, *, of: int | None = None, emergency: bool = False, at: datetime
) -> Review:
    """Send a decision to the vCISO; a draft is proposed by it.

    `of` is the person asked, by default the first one engaged, or who answers while they are away. A review
    that lies with somebody who is no longer engaged is closed by asking again. `emergency` asks for an answer
    sooner, of a text that says that it cannot wait.

    :raises WrongState: when a review waits already, nobody is engaged as vCISO, or the text can wait.
    :raises NotFound: when `of` is nobody who is engaged as vCISO here.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        viewer.require(Act.ASK_REVIEW, is_author=decision.author_id == viewer.person.id)
        if decision.status not in ASKABLE:
            raise WrongState("This decision is closed, so there is nothing to ask.")
        waiting = gates.open_review(decision)
        vcisos = holders(viewer.company.id, Role.VCISO, ledger.at)
        if waiting is not None and not gates.is_deserted(waiting, vcisos):
            raise WrongState("The vCISO has been asked already and the answer is still open.")
        asked_of = _vciso(of, vcisos, local_day(ledger.at, ledger.company.zone))
        close_reviews(decision, ledger.at)
        newest = revision(decision)
        if emergency and not gates.cannot_wait(newest):
            raise WrongState(f"The text does not say that this cannot wait. If it cannot, {gates.SAY_SO}")
        due = answer_due(
            ledger.at,
            ledger.company.zone,
            ledger.company.working_calendar,
            emergency_r3=emergency and (decision.level or 0) == 3,
        )
        if decision.status == Status.DRAFT:
            decision.status, decision.proposed_at = Status.PROPOSED, ledger.at
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        review = Review.create(
            company=viewer.company.id,
            decision_id=decision.id,
            asked_by=viewer.person.id,
            asked_of=asked_of,
            asked_at=ledger.at,
            due_at=due,
            emergency=emergency,
        )
        ledger.append(
            "review.asked",
            ("decision", decision.id),
            {
                "review": review.id,
                "of": asked_of,
                "revision": newest.id,
                "number": newest.number,
                "digest": newest.digest,
                "level": decision.level,
                "due_at": int(due.timestamp()),
                "emergency": emergency,
            },
        )
    return review


def _vciso(wanted: int | None, vcisos: list[Engagement], today: date) -> int:
    engaged: list[int] = [engagement.person_id for engagement in vcisos]
    if not engaged:
        raise WrongState("Nobody is engaged as vCISO here now. Leadership can appoint somebody under People.")
    if wanted is not None and wanted not in engaged:
        raise NotFound("There is no such person here.")
    return wanted or int(away.whom(vcisos, today).person_id)


def answer(
    viewer: Viewer,
    number: int,
    code: str,
    *,
    base: int,
    text: str = "",
    level: int | None = None,
    todos: list[dict[str, Any]] | None = None,
    unchecked: bool = False,
    parts: Mapping[str, str] | None = None,
    seen: int | None = None,
    at: datetime,
) -> Verdict:
    """Give the vCISO's answer on the version that was shown; it is never changed afterwards.

    `base` is that version's number; `todos` are dicts with text, risk, due_on (ISO), before_go_live, owner,
    build_days and run_days as typed.
    `parts` is what is said of each part of a full review, by its code (`adr_app.domain.review_parts.PARTS`).
    `seen` is the newest answer on the page it is given from, 0 for none.
    `unchecked` is of an answer from a list of what is older than the log: only while nobody else answered.

    :raises NotAllowed: when this person decided it, or is no vCISO here.
    :raises WrongState: when a newer version or another answer came since, or of what is not `unchecked`.
    :raises Invalid: when the answer needs words or to-dos that are missing.
    """
    viewer.require(Act.GIVE_VERDICT)
    words, wanted = checked(code, text, todos, today=local_day(at, viewer.company.zone))
    kind = VERDICTS[code]
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if decision.status not in ASKABLE:
            raise WrongState("This decision is closed, so it takes no answer any more.")
        if decision.latest != base:
            raise WrongState("The text changed since you opened it. Read the new version, then answer.")
        if gates.has_decided(decision, viewer.person.id):
            raise NotAllowed("You decided this yourself, so somebody else gives the security answer.")
        answers.check_seen(viewer, decision, seen)
        if unchecked:
            older.require_unchecked(decision, ledger.at)
        newest = revision(decision)
        review = gates.open_review(decision)
        if kind.clears or kind.is_input:
            decision.level = decision.raised_level = _settled_level(decision, level)
        given = _store(ledger, viewer, decision, newest, review, code, words)
        rows = conditions.attach(viewer, given, wanted, ledger.at)
        if kind.clears and gates.is_decided(decision) and decision.in_force != newest.number:
            put_in_force(decision, newest)
        decision.changed_at = ledger.at
        decision.save(only=decision.dirty_fields)
        if review is not None:
            review.state = "question" if code == "question" else "answered"
            review.closed_at = None if code == "question" else ledger.at
            review.save(only=review.dirty_fields)
        told = _verdict_data(given, newest, rows) | review_parts.keep(given, parts or {})
        ledger.append("review.verdict", ("decision", decision.id), told)
    return given


def checked(
    code: str, text: str, todos: list[dict[str, Any]] | None = None, *, today: date
) -> tuple[str, list[dict[str, Any]]]:
    """Return an answer's words and to-dos, cleaned, without giving it.

    :raises Invalid: when it needs words or to-dos that are missing, or has a date that is none or past.
    """
    kind = VERDICTS.get(code)
    if kind is None:
        raise Invalid("Choose an answer.", {"answer": "Choose an answer."})
    words = clean_text(text, "text").strip()
    wanted = conditions.cleaned(todos or [], today) if kind.conditions else []
    if len(words) > MAX_ANSWER:
        raise Invalid("Shorten your answer.", {"text": f"Shorten this to {MAX_ANSWER} characters."})
    if kind.needs_text and not words:
        raise Invalid("Say why, in one line.", {"text": "Say why, in one line."})
    if kind.conditions and not wanted:
        raise Invalid("Name at least one to-do.", {"todo-0-text": "Say what has to be done."})
    return words, wanted


def _settled_level(decision: Decision, level: int | None) -> int | None:
    """Return the level once the vCISO has spoken: hers where she set one (0 to 3), else the answers'.

    :raises Invalid: for anything but a level.
    """
    if level is None:
        return decision.level if decision.level is not None else 2
    if level not in (0, 1, 2, 3):
        raise Invalid("Choose a level.", {"level": "Choose from the list."})
    return level


def _store(
    ledger: Ledger,
    viewer: Viewer,
    decision: Decision,
    newest: Revision,
    review: Review | None,
    code: str,
    words: str,
) -> Verdict:
    holds_until = None
    if VERDICTS[code].clears and decision.level is not None:
        last_day = valid_until(decision.level, ledger.at, viewer.company.zone)
        holds_until = end_of_day(last_day, viewer.company.zone) if last_day else None
    return Verdict.create(
        company=viewer.company.id,
        decision_id=decision.id,
        review_id=review.id if review else None,
        revision_id=newest.id,
        number=newest.number,
        code=code,
        person=viewer.person.id,
        person_name=viewer.person.name,
        role_name=ROLE_NAMES[Role.VCISO],
        engagement_id=viewer.vciso_engagement,
        text=words,
        digest=newest.digest,
        level=decision.level,
        valid_until=holds_until,
        confirmed_by=how_confirmed(),
        at=ledger.at,
    )


def how_confirmed() -> str:
    """Return how somebody showed that they are who answers: in a demonstration, one click is enough."""
    open_to_all = Installation.select().where(Installation.demonstration).exists()
    return "demonstration" if open_to_all else "password"


def _verdict_data(given: Verdict, newest: Revision, rows: list[Condition]) -> dict[str, Any]:
    return {
        "verdict": given.id,
        "code": given.code,
        "revision": newest.id,
        "number": newest.number,
        "digest": given.digest,
        "row": given.row_digest,
        "level": given.level,
        "engagement": given.engagement_id,
        "valid_until": int(given.valid_until.timestamp()) if given.valid_until else None,
        "conditions": [conditions.told(row) for row in rows],
    }


def look_on(viewer: Viewer, number: int, day: date, *, at: datetime) -> Review:
    """Say on which day the vCISO will look; it is no input and stops no clock.

    :raises Invalid: when the day is past.
    """
    viewer.require(Act.GIVE_VERDICT)
    if day < local_day(at, viewer.company.zone):
        raise Invalid("That day is past.", {"look_on": "Choose today or a later day."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        review = _waiting(decision)
        review.look_on = day
        review.save(only=[Review.look_on])
        ledger.append(
            "review.look-on", ("decision", decision.id), {"review": review.id, "on": day.isoformat()}
        )
    return review


def reply(viewer: Viewer, number: int, text: str, *, at: datetime) -> Comment:
    """Answer the vCISO's question; the review waits for her again.

    :raises Invalid: when the answer is empty.
    """
    viewer.require(Act.COMMENT)
    words = clean_text(text, "text").strip()
    if not words or len(words) > MAX_ANSWER:
        raise Invalid("Answer the question.", {"text": f"Answer in 1 to {MAX_ANSWER} characters."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        review = _waiting(decision)
        if review.state != "question":
            raise WrongState("No question is open on this decision.")
        began = gates.state_of(decision).turn_began or ledger.at
        review.state = "waiting"
        review.due_at = due_after_turn(
            *(review.due_at, began, ledger.at, ledger.company.zone, ledger.company.working_calendar),
            by_the_clock=review.emergency,
        )
        review.save(only=[Review.state, Review.due_at])
        comment = gates.keep(viewer, decision, "reply", words, ledger.at)
        ledger.append(
            "review.replied", ("decision", decision.id), {"review": review.id, **gates.said(comment)}
        )
    return comment


def _waiting(decision: Decision) -> Review:
    review = gates.open_review(decision)
    if review is None:
        raise WrongState("No security review is open on this decision.")
    return review
