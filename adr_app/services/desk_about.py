"""What the rows of each queue of the desk are about: `(what, about, decision id)`, for `homes.rows_of`."""

from typing import Any

from adr_app.domain.reviews import VERDICTS
from adr_app.models.decisions import Decision, Revision
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Person
from adr_app.models.reviews import Claim, Condition, Review, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import asked_reviews, people
from adr_app.services.homes import Mine


def waiting(me: Mine, reviews: list[Review]) -> list[tuple[str, Any, int]]:
    """Return the rows of some reviews: whom each was asked of, and the newest text."""
    texts = newest_texts(reviews)
    others = {one.asked_of_id for one in reviews} - {me.person.id}
    by_id = {me.person.id: me.person, **_people(others)}
    for one in reviews:
        one.asked_of = by_id[one.asked_of_id]
    return [("review", (one, texts.get(one.decision_id)), one.decision_id) for one in reviews]


def newest_texts(reviews: list[Review]) -> dict[int, Revision]:
    """Return of the newest text of each decision that some reviews are about what tells how much it is.

    That is its fields, its answers, and how many words it has.
    """
    if not reviews:
        return {}
    rows = _TEXTS.rows(
        companies=sorted({one.company_id for one in reviews}),
        decisions=[one.decision_id for one in reviews],
    )
    return {row.decision_id: row for row in rows}


_TEXTS = Spelled(
    lambda companies, decisions: (
        Revision.select(Revision.decision_id, Revision.fields, Revision.answers, Revision.words)
        .join(Decision, on=(Decision.id == Revision.decision_id) & (Decision.latest == Revision.number))
        .where(Revision.company.in_(companies), Revision.decision_id.in_(decisions))
    )
)


def _people(ids: set[int]) -> dict[int, Person]:
    """Return some people whom rows of the person's own companies name."""
    return {row.id: row for row in _PEOPLE.rows(ids=sorted(ids))} if ids else {}


_PEOPLE = Spelled(lambda ids: Person.select().where(Person.id.in_(ids)))


def questions(me: Mine, reviews: list[Review]) -> list[tuple[str, Any, int]]:
    """Return the rows of some questions to authors: who is asked, and what."""
    said = asked_reviews.questions_said(reviews)
    names = people.names({one.asked_by_id for one in reviews})
    return [("question", (r, names[r.asked_by_id], said.get(r.id)), r.decision_id) for r in reviews]


def claims(me: Mine, claims: list[Claim]) -> list[tuple[str, Any, int]]:
    """Return the rows of some meetings: who says so."""
    people = _people({claim.claimed_by_id for claim in claims})
    for claim in claims:
        claim.claimed_by = people[claim.claimed_by_id]
    return [("claim", claim, claim.decision_id) for claim in claims]


def todos(me: Mine, todos: list[Condition]) -> list[tuple[str, Any, int]]:
    """Return the rows of some to-dos that are said to be done: by whom."""
    names = people.names({todo.done_by_id for todo in todos if todo.done_by_id})
    return [("check", (todo, names.get(todo.done_by_id, "")), todo.decision_id) for todo in todos]


def declared(me: Mine, spans: list[SpanRow]) -> list[tuple[str, Any, int]]:
    """Return the rows of some what was declared harmless."""
    return [("declared", span, span.subject_id) for span in spans]


def given(me: Mine, given: list[Verdict]) -> list[tuple[str, Any, int]]:
    """Return the rows of some answers: what each was, what became of the decision, if it was taken back."""
    ids = [one.decision_id for one in given]
    became = standings_of(sorted({one.company_id for one in given}), ids, me.at)
    among = {"companies": sorted({one.company_id for one in given}), "verdicts": [one.id for one in given]}
    back = {key for (key,) in _TAKEN_BACK.rows(**among)} if given else set()
    return [
        ("answered", (one, VERDICTS[one.code], became.get(one.decision_id), one.id in back), one.decision_id)
        for one in given
    ]


_TAKEN_BACK = Spelled(
    lambda companies, verdicts: (
        VerdictTakenBack.select(VerdictTakenBack.verdict_id)
        .where(VerdictTakenBack.company.in_(companies), VerdictTakenBack.verdict_id.in_(verdicts))
        .tuples()
    )
)
