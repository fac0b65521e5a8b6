"""Remarks and questions on a decision, in the words of whoever has one; they change nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from peewee import SQL, Query, fn

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.models.decisions import Comment, Decision
from adr_app.models.people import Engagement, Person
from adr_app.models.spelled import Spelled
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting

LONGEST = 8000
DISCUSSED = ("comment", "question", "reply")
"""What belongs to the discussion; the reason of an act stands with that act."""

SPEAKING_AS = (Role.VCISO, Role.CTO, Role.DELEGATE, Role.LEADER, Role.MEMBER)
"""The role that is named where somebody holds several, first to last."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said, with who said it and the role they held then (empty where none)."""

    comment: Comment
    name: str
    role: str


def write(viewer: Viewer, number: int, text: str, *, asks: bool = False, at: datetime) -> Comment:
    """Add a remark to a decision, or a question (`asks`), which stands open until somebody answers it.

    :raises Invalid: under `text`, when it is empty or too long.
    """
    viewer.require(Act.COMMENT)
    words = clean_text(text, "text").strip()
    if not 0 < len(words) <= LONGEST:
        message = f"Type what you want to say, in 1 to {LONGEST} characters."
        raise Invalid(message, {"text": message})
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        comment = gates.keep(viewer, decision, "question" if asks else "comment", words, ledger.at)
        ledger.append("decision.commented", ("decision", decision.id), {"asks": asks, **gates.said(comment)})
    return comment


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


def discussion(decision: Decision) -> list[Said]:
    """Return what was discussed about a decision, oldest first, in two queries."""
    found = [comment for comment in of(decision) if comment.kind in DISCUSSED]
    if not found:
        return []
    roles: dict[int, list[Engagement]] = {}
    for engagement in Engagement.select().where(
        Engagement.company == decision.company_id,
        Engagement.person.in_({comment.person_id for comment in found}),
    ):
        roles.setdefault(engagement.person_id, []).append(engagement)
    return [Said(c, c.person.name, _role(roles.get(c.person_id, []), c.at)) for c in found]


def _role(engagements: list[Engagement], at: datetime) -> str:
    held = {e.role for e in engagements if e.starts_at <= at and (e.ends_at is None or at < e.ends_at)}
    return next((ROLE_NAMES[role] for role in SPEAKING_AS if role in held), "")


def open_question(said: Iterable[Said]) -> Said | None:
    """Return the newest question of a discussion, unless somebody else has said something since."""
    newest: Said | None = None
    for one in said:
        if one.comment.kind == "question":
            newest = one
        elif newest and one.comment.kind == "comment" and one.comment.person_id != newest.comment.person_id:
            newest = None
    return newest


def open_questions(company_ids: Iterable[int]) -> Query:
    """Return the questions that wait for an answer at some companies, newest first, each with its asker.

    There is one at most for a decision, the newest, and none once somebody else has commented since. The
    caller limits it, and leaves out the decisions that its viewer may not know of. One query.
    """
    later = Comment.alias()
    closing = later.select(SQL("1")).where(
        later.company == Comment.company,
        later.decision_id == Comment.decision_id,
        later.id > Comment.id,
        (later.kind == "question") | ((later.kind == "comment") & (later.person != Comment.person)),
    )
    return (
        Comment.select(Comment, Person)
        .join(Person, on=(Comment.person == Person.id))
        .where(Comment.company.in_(list(company_ids)), Comment.kind == "question", ~fn.EXISTS(closing))
        .order_by(Comment.id.desc())
    )
