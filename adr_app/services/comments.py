"""What is said on a decision: remarks, questions, answers to them, and when each is resolved."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import SQL, Query, fn

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import ROLE_NAMES, WRITERS, Act, Role
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement, Person
from adr_app.models.spelled import Spelled
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.passages import find_place
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

LONGEST = 8000
DISCUSSED = ("comment", "question", "concern", "reply")
"""What belongs to the discussion; the reason of an act stands with that act."""

OPENING = ("comment", "question", "concern")
"""What others answer beneath, and what is resolved one day."""

SPEAKING_AS = (Role.VCISO, Role.CTO, Role.DELEGATE, Role.LEADER, Role.MEMBER)
"""The role that is named where somebody holds several, first to last."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said, with who said it and the role they held then (empty where none).

    `resolver` is who resolved it, where somebody did; `gone` says that whoever said it may say nothing here
    any more.
    """

    comment: Comment
    name: str
    role: str
    resolver: str = ""
    gone: bool = False


def write(
    viewer: Viewer,
    number: int,
    text: str,
    *,
    asks: bool = False,
    passage: str = "",
    seen: int | None = None,
    at: datetime,
) -> Comment:
    """Add a remark to a decision, or a question (`asks`), which stands open until somebody answers it.

    `passage` are words of the text that it is about, `seen` the version they were read in.

    :raises Invalid: under `text` or `passage`, when it is empty or too long, or the text has no such words.
    """
    viewer.require(Act.COMMENT)
    words = worded(text, "text")
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        about = find_place(decision, passage, seen).columns if passage.strip() else {}
        kind = "question" if asks else "comment"
        comment = gates.keep(viewer, decision, kind, words, ledger.at, **about)
        ledger.append("decision.commented", ("decision", decision.id), {"asks": asks, **gates.said(comment)})
    return comment


def reply(viewer: Viewer, number: int, comment_id: int, text: str, *, at: datetime) -> Comment:
    """Answer beneath a remark, a question or a concern.

    :raises WrongState: when it is resolved.
    """
    viewer.require(Act.COMMENT)
    with on_one(viewer, number, comment_id, at) as (ledger, decision, opening):
        if opening.resolved_at is not None:
            raise WrongState("This is resolved. Open it again first, or say something new.")
        words = worded(text, "text")
        answer = gates.keep(viewer, decision, "comment", words, ledger.at, reply_to=opening.id)
        data = {"asks": False, "to": opening.id, **gates.said(answer)}
        ledger.append("decision.commented", ("decision", decision.id), data)
    return answer


def resolve(viewer: Viewer, number: int, comment_id: int, *, at: datetime) -> Comment:
    """Mark a remark as resolved: its author, the decision's author or the CTO; a concern only its raiser.

    :raises WrongState: when it is resolved already.
    """
    with on_one(viewer, number, comment_id, at) as (ledger, decision, opening):
        _require_closer(viewer, decision, opening)
        if opening.resolved_at is not None:
            raise WrongState("This is resolved already.")
        closed(viewer, opening, ledger.at)
        tell(ledger, opening, "resolved")
    return opening


def reopen(viewer: Viewer, number: int, comment_id: int, *, at: datetime) -> Comment:
    """Open a remark again that was resolved: whoever may resolve it.

    :raises WrongState: when it is open.
    """
    with on_one(viewer, number, comment_id, at) as (ledger, decision, opening):
        _require_closer(viewer, decision, opening)
        if opening.resolved_at is None:
            raise WrongState("This is open.")
        opening.resolved_at = opening.resolved_by = None
        opening.save(only=[Comment.resolved_at, Comment.resolved_by])
        tell(ledger, opening, "reopened")
    return opening


def worded(text: str, name: str) -> str:
    """Return what somebody said as it is kept.

    :raises Invalid: under `name`, when it is empty or too long.
    """
    words = clean_text(text, name).strip()
    if not 0 < len(words) <= LONGEST:
        message = f"Type what you want to say, in 1 to {LONGEST} characters."
        raise Invalid(message, {name: message})
    return words


@contextmanager
def on_one(
    viewer: Viewer, number: int, comment_id: int, at: datetime
) -> Iterator[tuple[Ledger, Decision, Comment]]:
    """Act on one remark of a decision that others answer beneath.

    :raises NotFound: when the decision has no such remark.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        opening = Comment.get_or_none(
            Comment.company == viewer.company.id,
            Comment.decision_id == decision.id,
            Comment.id == comment_id,
            Comment.kind.in_(OPENING),
            Comment.reply_to.is_null(),
        )
        if opening is None:
            raise NotFound("There is no such comment.")
        yield ledger, decision, opening


def closed(viewer: Viewer, opening: Comment, at: datetime) -> None:
    """Store that somebody closed a remark, within the act."""
    opening.resolved_at, opening.resolved_by = at, viewer.person
    opening.save(only=[Comment.resolved_at, Comment.resolved_by])


def tell(ledger: Ledger, opening: Comment, what: str, **more: Any) -> None:
    """Append the entry about what becomes of a remark or a concern."""
    about = "concern" if opening.kind == "concern" else "comment"
    subject = ("decision", opening.decision_id)
    ledger.append(f"{about}.{what}", subject, {about: opening.id, **more})


def may_close(viewer: Viewer, decision: Decision, opening: Comment) -> bool:
    """Return whether somebody may resolve a remark, and open it again."""
    me = viewer.person.id
    if opening.kind == "concern":
        return viewer.may(Act.RESOLVE_CONCERN, is_author=opening.person_id == me)
    return viewer.may(Act.RESOLVE_COMMENT, is_author=me in (opening.person_id, decision.author_id))


def _require_closer(viewer: Viewer, decision: Decision, opening: Comment) -> None:
    if not may_close(viewer, decision, opening):
        whose = "Only who raised this concern resolves it."
        if opening.kind != "concern":
            whose = "Who said this, the author of the decision or the CTO marks it as resolved."
        raise NotAllowed(whose)


def of(decision: Decision) -> list[Comment]:
    """Return what was said about a decision and with acts on it, oldest first, each with its person."""
    return _OF_DECISION.rows(company=decision.company_id, decision=decision.id)


_OF_DECISION = Spelled(
    lambda company, decision: (
        Comment.select(Comment, Person)
        .join(Person, on=(Comment.person == Person.id))
        .where(Comment.company == company, Comment.decision_id == decision)
        .order_by(Comment.id)
    )
)


def discussion(decision: Decision, at: datetime) -> list[Said]:
    """Return what was discussed about a decision, oldest first, in two queries."""
    found = [comment for comment in of(decision) if comment.kind in DISCUSSED]
    if not found:
        return []
    roles: dict[int, list[Engagement]] = {}
    names: dict[int, str] = {}
    people = {comment.person_id for comment in found} | {comment.resolved_by_id for comment in found}
    for engagement in (
        Engagement.select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company == decision.company_id, Engagement.person.in_(people - {None}))
    ):
        roles.setdefault(engagement.person_id, []).append(engagement)
        names[engagement.person_id] = engagement.person.name
    said = []
    for one in found:
        held = roles.get(one.person_id, [])
        gone = not _held(held, at) & WRITERS
        resolver = names.get(one.resolved_by_id, "Somebody") if one.resolved_at else ""
        said.append(Said(one, one.person.name, _role(held, one.at), resolver, gone))
    return said


def _held(engagements: list[Engagement], at: datetime) -> set[Role]:
    return {Role(e.role) for e in engagements if e.starts_at <= at and (e.ends_at is None or at < e.ends_at)}


def _role(engagements: list[Engagement], at: datetime) -> str:
    held = _held(engagements, at)
    return next((ROLE_NAMES[role] for role in SPEAKING_AS if role in held), "")


def open_question(said: Iterable[Said]) -> Said | None:
    """Return the newest question of a discussion, unless it is resolved or somebody else answered since.

    It is answered beneath it, or by a remark of its own.
    """
    newest: Said | None = None
    for one in said:
        if one.comment.kind == "question":
            newest = one
        elif newest and _answers(one.comment, newest.comment):
            newest = None
    return newest if newest and newest.comment.resolved_at is None else None


def _answers(later: Comment, question: Comment) -> bool:
    beneath = later.reply_to in (None, question.id)
    return beneath and later.kind == "comment" and later.person_id != question.person_id


def open_questions(company_ids: Iterable[int]) -> Query:
    """Return the questions that wait for an answer at some companies, newest first, each with its asker.

    There is one at most for a decision, the newest, and none once it is resolved or somebody else has
    answered. The caller limits it, and leaves out the decisions that its viewer may not know of. One query.
    """
    later = Comment.alias()
    answers = (
        (later.kind == "comment")
        & (later.person != Comment.person)
        & (later.reply_to.is_null() | (later.reply_to == Comment.id))
    )
    closing = later.select(SQL("1")).where(
        later.company == Comment.company,
        later.decision_id == Comment.decision_id,
        later.id > Comment.id,
        (later.kind == "question") | answers,
    )
    return (
        Comment.select(Comment, Person)
        .join(Person, on=(Comment.person == Person.id))
        .where(
            Comment.company.in_(list(company_ids)),
            Comment.kind == "question",
            Comment.resolved_at.is_null(),
            ~fn.EXISTS(closing),
        )
        .order_by(Comment.id.desc())
    )
