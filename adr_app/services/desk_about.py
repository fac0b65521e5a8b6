"""The rows of each queue of the desk: what each is about."""

from adr_app.domain.reviews import VERDICTS
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.flags import SpanRow, standings_of
from adr_app.models.people import Person
from adr_app.models.reviews import Claim, Condition, Review, Verdict, VerdictTakenBack
from adr_app.models.spelled import Spelled
from adr_app.services import asked_reviews, homes, people
from adr_app.services.homes import Mine, Row


def waiting(me: Mine, company_ids: list[int], reviews: list[Review]) -> list[Row]:
    """Return the rows of some reviews: whom each was asked of, and the newest text."""
    others = {one.asked_of_id for one in reviews} - {me.person.id}
    by_id = {me.person.id: me.person, **_people(others)}
    for one in reviews:
        one.asked_of = by_id[one.asked_of_id]
    pairs = [("review", one, one.decision_id) for one in reviews]
    rows = homes.rows_of(me, company_ids, pairs, texts=True)
    return [Row(row.company, row.decision, row.what, (row.about, row.decision.newest)) for row in rows]


def _people(ids: set[int]) -> dict[int, Person]:
    """Return some people whom rows of the person's own companies name."""
    return {row.id: row for row in _PEOPLE.rows(ids=sorted(ids))} if ids else {}


_PEOPLE = Spelled(lambda ids: Person.select().where(Person.id.in_(ids)))


def questions(me: Mine, company_ids: list[int], reviews: list[Review]) -> list[Row]:
    """Return the rows of some questions to authors: who is asked, and what."""
    said = asked_reviews.questions_said(reviews)
    names = people.names({one.asked_by_id for one in reviews})
    pairs = [("question", (r, names[r.asked_by_id], said.get(r.id)), r.decision_id) for r in reviews]
    return homes.rows_of(me, company_ids, pairs)


def claims(me: Mine, company_ids: list[int], claims: list[Claim]) -> list[Row]:
    """Return the rows of some meetings: who says so."""
    who = _people({claim.claimed_by_id for claim in claims})
    for claim in claims:
        claim.claimed_by = who[claim.claimed_by_id]
    pairs = [("claim", claim, claim.decision_id) for claim in claims]
    return homes.rows_of(me, company_ids, pairs)


def requested(me: Mine, company_ids: list[int], requests: list[ExceptionRequest]) -> list[Row]:
    """Return the rows of some exceptions asked for: by whom."""
    who = _people({one.asked_by_id for one in requests})
    for one in requests:
        one.asked_by = who[one.asked_by_id]
    return homes.rows_of(me, company_ids, [("requested", one, one.decision_id) for one in requests])


def todos(me: Mine, company_ids: list[int], todos: list[Condition]) -> list[Row]:
    """Return the rows of some to-dos that are said to be done: by whom."""
    names = people.names({todo.done_by_id for todo in todos if todo.done_by_id})
    pairs = [("check", (todo, names.get(todo.done_by_id, "")), todo.decision_id) for todo in todos]
    return homes.rows_of(me, company_ids, pairs)


def declared(me: Mine, company_ids: list[int], spans: list[SpanRow]) -> list[Row]:
    """Return the rows of what was declared harmless."""
    pairs = [("declared", span, span.subject_id) for span in spans]
    return homes.rows_of(me, company_ids, pairs)


def given(me: Mine, company_ids: list[int], given: list[Verdict]) -> list[Row]:
    """Return the rows of some answers: what each was, what became of the decision, if it was taken back."""
    ids = [one.decision_id for one in given]
    became = standings_of(sorted({one.company_id for one in given}), ids, me.at)
    among = {"companies": sorted({one.company_id for one in given}), "verdicts": [one.id for one in given]}
    back = {key for (key,) in _TAKEN_BACK.rows(**among)} if given else set()
    pairs = [
        ("answered", (one, VERDICTS[one.code], became.get(one.decision_id), one.id in back), one.decision_id)
        for one in given
    ]
    return homes.rows_of(me, company_ids, pairs)


_TAKEN_BACK = Spelled(
    lambda companies, verdicts: (
        VerdictTakenBack.select(VerdictTakenBack.verdict_id)
        .where(VerdictTakenBack.company.in_(companies), VerdictTakenBack.verdict_id.in_(verdicts))
        .tuples()
    )
)
