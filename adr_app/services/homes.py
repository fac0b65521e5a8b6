"""What first screens are made of: a person with their companies, and rows that stand for decisions there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from peewee import Expression, Field, Query, fn

from adr_app.domain.decisions import UNDECIDED
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models import tallies
from adr_app.models.base import NO_DAY_LAST
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision, WorkingCopy
from adr_app.models.flags import SpanRow, newest_running
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import RiskQuestion
from adr_app.models.spelled import Spelled
from adr_app.services import comments, people, restricted

SHOWN = 8
"""Rows of one section; the rest is one click away."""

READ = (
    Decision.id,
    Decision.company,
    Decision.number,
    Decision.title,
    Decision.status,
    Decision.level,
    Decision.raised_level,
    Decision.author,
    Decision.decided_on,
    Decision.decide_by,
    Decision.latest,
    Decision.in_force,
    Decision.accountable,
    Decision.restricted,
)
"""What a line reads of a decision; of its author it reads the name."""

READ_BESIDE_ITS_TEXT = (
    Decision.id,
    Decision.company,
    Decision.number,
    Decision.title,
    Decision.latest,
    Decision.in_force,
)
"""What a line about a review reads of a decision: the newest text says the rest."""

MANY = 2000
SEEING = frozenset({Role.LEADER, Role.CTO, Role.VCISO})
"""Roles that restricted decisions are not hidden from."""

Counts = dict[int, Counter[tuple[str, str]]]
"""By company, how many spans hold by `(code, why)`."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A person with the companies where they hold a role now, and which roles."""

    person: Person
    companies: dict[int, Company]
    roles: dict[int, frozenset[Role]]
    at: datetime

    def where(self, *roles: Role) -> list[int]:
        """Return the ids of the companies where the person holds one of some roles."""
        return [key for key, held in self.roles.items() if not held.isdisjoint(roles)]

    def asks(self) -> dict[str, int | str]:
        """Return who asks and when, as spelled queries take it: the person, the second, the day (UTC)."""
        moment, day = int(self.at.timestamp()), self.at.date().isoformat()
        return {"person": self.person.id, "at": moment, "today": day}

    def today(self, company_id: int) -> date:
        """Return the local day at a company."""
        return _local_day(self.at, self.companies[company_id].zone)


_local_day = lru_cache(maxsize=256)(local_day)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a first screen: a decision of a company, what it is about, and what goes with it."""

    company: Company
    decision: Decision
    what: str
    about: Any = None


def mine(person: Person, companies: Iterable[tuple[Company, frozenset[Role]]], at: datetime) -> Mine:
    """Return somebody with their companies, as `people.companies_of` found them."""
    pairs = list(companies)
    return Mine(person, {c.id: c for c, _ in pairs}, {c.id: held for c, held in pairs}, at)


def visible(me: Mine, company_ids: list[int]) -> Query:
    """Return the decisions of some of a person's companies, less what is restricted from them there."""
    return _visible(company_ids, [key for key in company_ids if me.roles[key] & SEEING], me.person.id)


def _visible(company_ids: Any, seeing: Any, person_id: Any) -> Query:
    return Decision.select().where(
        Decision.company.in_(company_ids),
        (Decision.restricted == False)  # noqa: E712
        | Decision.company.in_(seeing)
        | (Decision.author == person_id),
    )


def numbered(me: Mine, number: int) -> list[Decision]:
    """Return the decisions with a number at any of a person's companies, by the company's name."""
    found = list(visible(me, list(me.companies)).where(Decision.number == number))
    for row in found:
        row.company = me.companies[row.company_id]
    return sorted(found, key=lambda row: row.company.name)


def rows_of(
    me: Mine, company_ids: list[int], pairs: Iterable[tuple[str, Any, int]], *, texts: bool = False
) -> list[Row]:
    """Return rows from `(what, about, decision id)`, in that order; what one may not see is left out.

    With `texts`, each decision has its `newest` text, as far as that tells what it is about and how long, and
    its author is not read.
    """
    listed = list(pairs)
    wanted = sorted({key for _, _, key in listed})
    if not wanted:
        return []
    seeing = [key for key in company_ids if me.roles[key] & SEEING]
    if len(seeing) < len(company_ids):
        theirs: dict[str, Any] = {"seeing": seeing, "person": me.person.id}
        found = _ROWS.rows(companies=company_ids, **theirs, ids=wanted, texts=texts)
    else:
        found = _ROWS_SEEN.rows(companies=company_ids, ids=wanted, texts=texts)
    seen = {row.id: row for row in found}
    for row in seen.values():
        row.company = me.companies[row.company_id]
    return [Row(seen[key].company, seen[key], what, about) for what, about, key in listed if key in seen]


def _of_rows(query: Query, ids: Any, texts: bool) -> Query:
    query = query.where(Decision.id.in_(ids))
    if not texts:
        author = query.join(Person, on=(Decision.author == Person.id))
        return author.select(*READ, Person.id, Person.name)
    newest = (
        (Revision.company == Decision.company)
        & (Revision.decision_id == Decision.id)
        & (Revision.number == Decision.latest)
    )
    text = (Revision.id, Revision.fields, Revision.answers, Revision.words)
    return query.join(Revision, on=newest, attr="newest").select(*READ_BESIDE_ITS_TEXT, *text)


_ROWS = Spelled(
    lambda companies, seeing, person, ids, texts: _of_rows(_visible(companies, seeing, person), ids, texts)
)
_ROWS_SEEN = Spelled(
    lambda companies, ids, texts: _of_rows(
        Decision.select().where(Decision.company.in_(companies)), ids, texts
    )
)


def hidden_from(me: Mine, company_ids: list[int]) -> dict[int, list[int]]:
    """Return, for each company where some decisions are hidden from the person, the ids of those."""
    unseeing = [key for key in company_ids if not me.roles[key] & SEEING]
    return restricted.hidden_in(unseeing, me.person.id)


def but(column: Field, hidden: dict[int, list[int]]) -> Expression | bool:
    """Return the condition that a column names no hidden decision."""
    ids = all_of(hidden)
    return column.not_in(ids) if ids else True


def all_of(hidden: dict[int, list[int]]) -> list[int]:
    """Return the ids of hidden decisions, at whichever company they are."""
    return [key for found in hidden.values() for key in found]


def known_in(me: Mine, hidden: dict[int, list[int]], ids: list[int], kind: str, codes: list[str]) -> Counts:
    """Return, for each company, how many spans of some codes hold now, less those on hidden decisions."""
    found = tallies.running_in(ids, kind, me.at, codes)
    for key, unknown in hidden.items():
        off = restricted.running_on(key, unknown, kind, me.at)
        found[key].subtract({pair: n for pair, n in off.items() if pair[0] in codes})
    return found


def total(counts: Counter[tuple[str, str]], *codes: str) -> int:
    """Return how many spans of some codes there are, whatever the reason."""
    return sum(n for (code, _), n in counts.items() if code in codes)


def open_questions(ids: list[int], hidden: dict[int, list[int]]) -> list[RiskQuestion]:
    """Return every question of risk that waits for leadership, by the day it is due; there are never many."""
    rows = _OPEN_QUESTIONS.rows(companies=ids, hidden=all_of(hidden))
    awaited = people.awaited(ids) if rows else set()
    for row in rows:
        if (row.company_id, row.asked_of_id) in awaited:
            row.asked_of.name = row.asked_of.email  # as everywhere until they come in
    return rows


def discussed(me: Mine, ids: list[int], hidden: dict[int, list[int]]) -> list[Comment]:
    """Return the questions of leadership in discussions that nobody has answered, the person's own apart."""
    return _DISCUSSED.rows(companies=ids, person=me.person.id, hidden=all_of(hidden)) if ids else []


def discussed_by_company(me: Mine, ids: list[int], hidden: dict[int, list[int]]) -> dict[int, int]:
    """Return how many of those questions there are at each company that has any."""
    rows = _DISCUSSED_BY.rows(companies=ids, person=me.person.id, hidden=all_of(hidden)) if ids else []
    return dict(rows)


_OPEN_QUESTIONS = Spelled(
    lambda companies, hidden: (
        RiskQuestion.select(RiskQuestion, Person)
        .join(Person, on=(RiskQuestion.asked_of == Person.id))
        .where(RiskQuestion.company.in_(companies), RiskQuestion.state == "open")
        .where(RiskQuestion.decision_id.not_in(hidden) if hidden else True)
        .order_by(RiskQuestion.answer_by, RiskQuestion.id)
    )
)


def _discussed(companies: Any, person: Any, hidden: Any) -> Query:
    return comments.open_questions(companies).where(
        Comment.person != person, Comment.decision_id.not_in(hidden) if hidden else True
    )


_DISCUSSED = Spelled(lambda companies, person, hidden: _discussed(companies, person, hidden).limit(SHOWN))
_DISCUSSED_BY = Spelled(
    lambda companies, person, hidden: (
        _discussed(companies, person, hidden)
        .select(Comment.company, fn.COUNT(Comment.id))
        .order_by()
        .group_by(Comment.company)
        .tuples()
    )
)


def vcisos(ids: list[int], at: datetime) -> dict[int, Person]:
    """Return, for each company where somebody is engaged as vCISO, whom a question would be sent to."""
    rows = (
        Engagement.running(at)
        .select(Engagement, Person)
        .join(Person, on=(Engagement.person == Person.id))
        .where(Engagement.company.in_(ids), Engagement.role == Role.VCISO)
        .order_by(Engagement.starts_at.desc(), Engagement.id.desc())
    )
    return {row.company_id: row.person for row in rows}


def roles_held(ids: list[int], at: datetime) -> dict[int, set[Role]]:
    """Return, for each company, the roles that somebody holds there now, whoever it is."""
    found: dict[int, set[Role]] = {key: set() for key in ids}
    rows = Engagement.running(at).select(Engagement.company, Engagement.role).distinct()
    for company_id, role in rows.where(Engagement.company.in_(ids)).tuples() if ids else []:
        found[company_id].add(Role(role))
    return found


def without_input(
    ids: list[int], counts: dict[int, int], code: str, at: datetime, limit: int
) -> list[SpanRow]:
    """Return the newest `limit` decisions of each company that stand without vCISO input, newest first."""
    found: list[SpanRow] = []
    for many in (False, True):
        some = [key for key in ids if counts[key] > 0 and (counts[key] > MANY) == many]
        found += newest_running(some, "flag", [code], at, limit=limit, many=many)
    return sorted(found, key=lambda span: span.starts, reverse=True)


def next_to_decide(me: Mine, ids: list[int]) -> Decision | None:
    """Return the undecided decision whose day to decide by comes next, with its author and company."""
    row = (
        visible(me, ids)
        .select(Decision, Person)
        .join(Person, on=(Decision.author == Person.id))
        .where(Decision.status.in_(sorted(UNDECIDED)))
        .where(Decision.decide_by_key >= me.at.date(), Decision.decide_by_key < NO_DAY_LAST)
        .order_by(Decision.decide_by_key, Decision.id)
        .first()
    )
    if row is not None:
        row.company = me.companies[row.company_id]
    return row


def unfinished(me: Mine) -> tuple[list[tuple[Company, WorkingCopy]], int]:
    """Return what the person noted last and did not finish, newest first, and how much there is."""
    rows = _UNFINISHED.rows(person=me.person.id, companies=list(me.companies))
    return [(me.companies[row.company_id], row) for row in rows], rows[0].many if rows else 0


_UNFINISHED = Spelled(
    lambda person, companies: (
        WorkingCopy.select(WorkingCopy, fn.COUNT(WorkingCopy.id).over().alias("many"))
        .where(WorkingCopy.person == person, WorkingCopy.company.in_(companies))
        .order_by(WorkingCopy.saved_at.desc())
        .limit(SHOWN)
    )
)
