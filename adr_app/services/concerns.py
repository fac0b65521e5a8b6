"""Concerns that block: named, raised by anybody who may comment, resolved by nobody but their raiser."""

from datetime import datetime

from peewee import Query

from adr_app.domain.decisions import Status
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, WrongState
from adr_app.domain.permissions import DECIDERS, WRITERS, Act, Role
from adr_app.domain.timeline_states import CLOSED
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.people import Engagement, Person
from adr_app.models.spelled import Spelled
from adr_app.services import gates
from adr_app.services.comments import closed, on_one, tell, worded
from adr_app.services.decision_rows import find
from adr_app.services.homes import Mine, Row, rows_of
from adr_app.services.passages import find_place
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

LONGEST_NAME = 120
ALIVE = frozenset(Status) - CLOSED
"""Where a concern still asks something of somebody: not once the decision was given up or replaced."""

MOST = 200


def raise_one(
    viewer: Viewer,
    number: int,
    name: str,
    why: str,
    *,
    passage: str = "",
    seen: int | None = None,
    at: datetime,
) -> Comment:
    """Raise a concern that blocks: while it is open, whoever accepts says why they do all the same.

    `passage` are words of the text that it is about, `seen` the version they were read in.

    :raises Invalid: under `name`, `why` or `passage`, when one of the first is missing or too long, or the
        text has no such words.
    """
    viewer.require(Act.COMMENT)
    called = " ".join(clean_text(name, "name").split())
    problems = {}
    if not 0 < len(called) <= LONGEST_NAME:
        problems["name"] = f"Give it a name, in 1 to {LONGEST_NAME} characters."
    try:
        words = worded(why, "why")
    except Invalid as refusal:
        problems |= refusal.fields
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if decision.status not in ALIVE:
            raise WrongState("This decision is closed, so nothing is left to block. Say it as a remark.")
        about = find_place(decision, passage, seen).columns if passage.strip() else {}
        concern = gates.keep(viewer, decision, "concern", words, ledger.at, concern=called, **about)
        tell(ledger, concern, "raised", **gates.said(concern))
    return concern


def set_aside(viewer: Viewer, number: int, comment_id: int, *, reason: str, at: datetime) -> Comment:
    """Set a concern aside, as leadership, whose raiser may say nothing here any more.

    :raises Invalid: under `reason`, when it is missing.
    :raises WrongState: while its raiser can still resolve it, or when it is not open.
    """
    viewer.require(Act.SET_CONCERN_ASIDE)
    with on_one(viewer, number, comment_id, at) as (ledger, decision, concern):
        if concern.kind != "concern" or concern.resolved_at is not None:
            raise WrongState("There is no open concern here.")
        if _here({concern.company_id}, {concern.person_id}, ledger.at):
            raise WrongState("Whoever raised it is still here and resolves it. Ask them.")
        words = worded(reason, "reason")
        closed(viewer, concern, ledger.at)
        answer = gates.keep(viewer, decision, "comment", words, ledger.at, reply_to=concern.id)
        tell(ledger, concern, "set-aside", **gates.said(answer))
    return concern


def decided_with(decision: Decision) -> tuple[int, ...]:
    """Return which concerns were open when the decision came into force, by the record."""
    acceptance = gates.state_of(decision).acceptance if gates.is_decided(decision) else None
    return acceptance.concerns if acceptance else ()


def open_of(decision: Decision) -> list[Comment]:
    """Return the concerns that are open on a decision, oldest first, each with its raiser."""
    return list(_open().where(Comment.company == decision.company_id, Comment.decision_id == decision.id))


def spoke_last(concern: Comment) -> int:
    """Return who had the last word on a concern: its raiser, or whoever answered beneath it."""
    raiser: int = concern.person_id
    return _last_said([concern.id], [concern.company_id]).get(concern.id, raiser)


def waiting_for(me: Mine) -> list[Row]:
    """Return the open concerns that wait for this person, oldest first, at all their companies.

    A concern waits for the author and the CTO until somebody has answered beneath it, then for its raiser;
    and for leadership where its raiser is no longer here. Four queries; one where nothing is open.
    """
    ids = list(me.companies)
    found = _OPEN_AT.rows(companies=ids) if ids else []
    if not found:
        return []
    rows = rows_of(me, ids, [("concern", one, one.decision_id) for one in found])
    last = _last_said([one.id for one in found], ids)
    here = _here({one.company_id for one in found}, {one.person_id for one in found}, me.at)
    waiting = []
    for row in rows:
        answered = last.get(row.about.id, row.about.person_id) != row.about.person_id
        turn = _turn(me, row, answered=answered, here=here)
        if turn:
            waiting.append(Row(row.company, row.decision, turn, row.about))
    return waiting


def _turn(me: Mine, row: Row, *, answered: bool, here: set[tuple[int, int]]) -> str:
    """Return what this person can do about a concern now, or an empty text: it waits for somebody else."""
    one, roles = row.about, me.roles[row.company.id]
    if (one.company_id, one.person_id) not in here:
        return "set-aside" if Role.LEADER in roles else ""
    if one.person_id == me.person.id:
        return "resolve" if answered else ""
    is_author = row.decision.author_id == me.person.id
    return "answer" if not answered and (is_author or roles & DECIDERS) else ""


def _open() -> Query:
    return (
        Comment.select(Comment, Person)
        .join(Person, on=(Comment.person == Person.id))
        .where(Comment.kind == "concern", Comment.resolved_at.is_null())
        .order_by(Comment.id)
    )


def _open_at(ids: list[int]) -> Query:
    return (
        _open()
        .switch(Comment)
        .join(Decision, on=((Decision.company == Comment.company) & (Decision.id == Comment.decision_id)))
        .where(Comment.company.in_(ids), Decision.status.in_(sorted(ALIVE)))
    )


_OPEN_AT = Spelled(lambda companies: _open_at(companies).limit(MOST))


def _last_said(concerns: list[int], ids: list[int]) -> dict[int, int]:
    """Return who said the last word beneath each of some concerns."""
    rows = (
        Comment.select(Comment.reply_to, Comment.person)
        .where(Comment.company.in_(ids), Comment.reply_to.in_(concerns))
        .order_by(Comment.id)
    )
    return dict(rows.tuples())


def _here(companies: set[int], persons: set[int], at: datetime) -> set[tuple[int, int]]:
    """Return which of some people may still say something at which of some companies."""
    rows = (
        Engagement.running(at)
        .select(Engagement.company, Engagement.person)
        .where(
            Engagement.company.in_(companies),
            Engagement.person.in_(persons),
            Engagement.role.in_(sorted(WRITERS)),
        )
    )
    return set(rows.tuples())
