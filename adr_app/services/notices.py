"""From an act to those it makes wait or waits for: who is told of it, put down within the act itself."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from adr_app.domain.exceptions import State
from adr_app.domain.notices import AT_ONCE, DAILY, NEVER, next_mail_of_the_day
from adr_app.domain.permissions import Role
from adr_app.domain.worktime import local_day
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.exceptions import ExceptionRequest
from adr_app.models.notices import Digest, Notice, NoticeChoice
from adr_app.models.people import Company, Person
from adr_app.models.reviews import Condition, Review, RiskQuestion, Verdict
from adr_app.services import people, post, queue
from adr_app.services.record import Act as Recorded

Told = tuple[str, int, int]
"""A kind of notice, the person who is told, and the id of the row that waits."""


def tell(company: Company, act: Recorded, at: datetime) -> None:
    """Put down, within an act, who is told of it; where no mail is sent, nothing is.

    What somebody does themselves they are not told, nor what they do not want to be told.
    """
    if act.data.get("reviews") and post.current() is not None:
        _passed_on(company, act, at)
    if act.kind == "engagement.started" and post.current() is not None:
        _now_leads(company, act, at)
    whom = WHOM.get(act.kind)
    if whom is None or act.subject[0] != "decision" or post.current() is None:
        return
    told = [one for one in dict.fromkeys(whom(company, act, at)) if one[1] != act.actor]
    if not told:
        return
    ways = chosen(company.id, {person for _, person, _ in told})
    for kind, person, about in told:
        how = ways.get((person, kind), AT_ONCE)
        if how != NEVER:
            _put_down(company, act, (kind, person, about), how, at)


def _passed_on(company: Company, act: Recorded, at: datetime) -> None:
    """Tell a successor of the reviews that lie with them now: by the mail of the day, as they may be many."""
    to = act.data["of"]
    if to == act.actor or chosen(company.id, [to]).get((to, "review-asked")) == NEVER:
        return
    moved = Review.select().where(Review.company == company.id, Review.id.in_(act.data["reviews"]))
    for review in moved.order_by(Review.due_at, Review.id):
        _put_down(company, act, ("review-asked", to, review.id), DAILY, at, review.decision_id)


def _now_leads(company: Company, act: Recorded, at: datetime) -> None:
    """Tell somebody who leads from now of the exceptions that nobody was there to answer."""
    to = act.data["person"]
    if act.data["role"] != Role.LEADER or act.data["starts_at"] > at.timestamp():
        return
    how = chosen(company.id, [to]).get((to, "exception-waits"), AT_ONCE)
    waits = ExceptionRequest.select().where(
        ExceptionRequest.company == company.id,
        ExceptionRequest.state == State.ADVISED,
        ExceptionRequest.asked_by != to,
    )
    for row in waits.order_by(ExceptionRequest.id) if how != NEVER else ():
        _put_down(company, act, ("exception-waits", to, row.id), how, at, row.decision_id)


def _put_down(
    company: Company, act: Recorded, told: Told, how: str, at: datetime, decision: int | None = None
) -> None:
    kind, person, about = told
    due = at if how == AT_ONCE else with_the_rest(company, person, at)
    made = Notice.create(
        company=company.id,
        person=person,
        kind=kind,
        decision_id=decision or act.subject[1],
        about=about,
        seq=act.seq,
        how=how,
        made_at=at,
        due_at=due,
    )
    if how == AT_ONCE:
        queue.later(queue.deliver, made.id)


def with_the_rest(company: Company, person: int, at: datetime) -> datetime:
    """Return when somebody's next mail of the day goes out, which is put down where it is not yet."""
    after = at
    while True:
        due = next_mail_of_the_day(after, company.zone)
        day = local_day(due, company.zone)
        made = Digest.insert(person=person, day=day, due_at=due).on_conflict_ignore().as_rowcount().execute()
        found = Digest.get(Digest.person == person, Digest.day == day)
        if made:
            queue.later(queue.deliver_digest, found.id, when=due)
        if found.state == "waiting":
            return due
        after = due  # the one of that day is gone already, from a company in another zone


def chosen(company_id: int, persons: Iterable[int]) -> dict[tuple[int, str], str]:
    """Return how people want to be told, where they chose, by person and kind."""
    rows = NoticeChoice.select(NoticeChoice.person, NoticeChoice.kind, NoticeChoice.how).where(
        NoticeChoice.company == company_id, NoticeChoice.person.in_(list(persons))
    )
    return {(person, kind): how for person, kind, how in rows.tuples()}


def _review_asked(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    if act.data.get("review") and act.data.get("of"):
        yield "review-asked", act.data["of"], act.data["review"]


def _replied(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    review = Review.get(Review.company == company.id, Review.id == act.data["review"])
    yield "review-asked", review.asked_of_id, review.id


def _answered(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    given = Verdict.get(Verdict.company == company.id, Verdict.id == act.data["verdict"])
    if given.review_id is not None:
        review = Review.get(Review.company == company.id, Review.id == given.review_id)
        author = Decision.get(Decision.company == company.id, Decision.id == given.decision_id).author_id
        kinds = {"question": "question-asked", "changes-requested": "changes-asked"}
        kind = kinds.get(given.code, "answer-given")
        yield kind, review.asked_by_id, given.id
        if kind != "answer-given":
            yield kind, author, given.id
    todos = Condition.select().where(Condition.company == company.id, Condition.verdict_id == given.id)
    named = [todo for todo in todos if todo.owner_name]
    here = {
        _folded(text): one.person_id for one in people.engaged(company.id, at) for text in _names(one.person)
    }
    for todo in named:
        if _folded(todo.owner_name) in here:
            yield "todo-given", here[_folded(todo.owner_name)], todo.id


def _names(person: Person) -> tuple[str, str]:
    return person.name, person.email


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _leadership_asked(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    put = act.data.get("put") if act.kind == "risk.advised" else act.data
    if put:
        yield "leadership-asked", put["of"], put["question"]


def _exception_asked(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    for one in people.holders(company.id, Role.VCISO, at):
        yield "exception-asked", one.person_id, act.data["request"]


def _leadership_answered(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    asked = (
        RiskQuestion.select()
        .where(RiskQuestion.company == company.id, RiskQuestion.decision_id == act.subject[1])
        .order_by(RiskQuestion.id.desc())
        .first()
    )
    if asked is not None and asked.answered_at == at and asked.state in ("taken", "refused"):
        yield "leadership-answered", asked.asked_by_id, asked.id


def _claimed(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    claim = act.data if act.kind == "review.claimed" else act.data.get("claim")
    if claim:
        yield "claim-made", claim["of"], claim["claim"]


def _asked_in_discussion(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    if not act.data.get("asks"):
        return
    about = act.data["said"]["comment"]
    author = Decision.get(Decision.company == company.id, Decision.id == act.subject[1]).author_id
    for role in (Role.CTO, Role.VCISO):
        for one in people.holders(company.id, role, at):
            yield "discussion-asked", one.person_id, about
    yield "discussion-asked", author, about


def _concern_told(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    """Tell the author and the CTO of a concern, and its raiser once somebody else has answered."""
    about = act.data.get("concern") or act.data.get("to")
    concern = Comment.get_or_none(
        Comment.company == company.id, Comment.id == about, Comment.kind == "concern"
    )
    if concern is None:
        return
    if act.actor != concern.person_id:
        yield "concern-raised", concern.person_id, concern.id
        return
    for role in (Role.CTO, Role.DELEGATE):
        for one in people.holders(company.id, role, at):
            yield "concern-raised", one.person_id, concern.id
    author = Decision.get(Decision.company == company.id, Decision.id == act.subject[1]).author_id
    yield "concern-raised", author, concern.id


def _said(company: Company, act: Recorded, at: datetime) -> Iterator[Told]:
    yield from _asked_in_discussion(company, act, at)
    yield from _concern_told(company, act, at)


WHOM: dict[str, Callable[[Company, Any, datetime], Iterator[Told]]] = {
    "review.asked": _review_asked,
    "decision.accepted": _review_asked,  # in an emergency it asks for a review afterwards
    "decision.text-accepted": _review_asked,
    "review.replied": _replied,
    "review.verdict": _answered,
    "risk.requested": _exception_asked,
    "risk.advised": _leadership_asked,
    "risk.asked": _leadership_asked,
    "risk.accepted": _leadership_answered,
    "risk.declined": _leadership_answered,
    "review.claimed": _claimed,
    "decision.recorded": _claimed,
    "decision.commented": _said,
    "concern.raised": _concern_told,
    "concern.reopened": _concern_told,
}
"""The acts that make somebody wait, or that somebody waited for. Nothing else is told."""
