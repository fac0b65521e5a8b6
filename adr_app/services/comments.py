"""Remarks and questions on a decision, in the words of whoever has one; they change nothing else."""

from datetime import datetime

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Comment, Decision
from adr_app.models.people import Person
from adr_app.services.drafts import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting

LONGEST = 8000


def write(viewer: Viewer, number: int, text: str, *, at: datetime) -> Comment:
    """Add a remark or a question to a decision.

    :raises Invalid: when it is empty or too long.
    """
    viewer.require(Act.COMMENT)
    words = clean_text(text, "text").strip()
    if not 0 < len(words) <= LONGEST:
        raise Invalid("Type your question.", {"text": f"Type your question, in 1 to {LONGEST} characters."})
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        comment = Comment.create(
            company=viewer.company.id,
            decision_id=decision.id,
            person=viewer.person.id,
            text=words,
            at=ledger.at,
        )
        ledger.append("decision.commented", ("decision", decision.id), {"comment": comment.id})
    return comment


def of(decision: Decision) -> list[Comment]:
    """Return what was said about a decision, oldest first, each with its person."""
    return list(
        Comment.select(Comment, Person)
        .join(Person, on=(Comment.person == Person.id))
        .where(Comment.company == decision.company_id, Comment.decision_id == decision.id)
        .order_by(Comment.id)
    )
