"""What a mail says of what waits for one person, read when it is sent, as that person may see it then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain.days import spoken_day
from adr_app.domain.errors import NotFound
from adr_app.domain.notices import KINDS
from adr_app.domain.permissions import DECIDERS, Act, Role
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.worktime import clock_of, last_day, local_day
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision
from adr_app.models.notices import Notice
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Claim, Condition, Review, RiskQuestion, Verdict
from adr_app.services import comments, concerns, exception_rows, gates, people, stopping
from adr_app.services.decision_rows import visible
from adr_app.services.people import Viewer
from adr_app.services.post import Letter, Post, on_one_line


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence is filled with: who waits (an id), a day, the rest, and the time of that day if one."""

    who: int
    due: date | None = None
    what: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that waits for somebody, in words, and where it is answered."""

    notice: Notice
    company: Company
    subject: str
    sentence: str
    button: str
    address: str


def told(notice: Notice, post: Post, at: datetime) -> Told | None:
    """Return what a notice says now; None once nobody waits for this person there, or they may not know."""
    company, person = Company.get_by_id(notice.company_id), Person.get_by_id(notice.person_id)
    if person.disabled_at is not None:
        return None
    viewer = (
        as_asked(person, company, at) if notice.kind == "leadership-asked" else _viewer(person, company, at)
    )
    if viewer is None:
        return None
    decision = visible(viewer).where(Decision.id == notice.decision_id).first()
    if decision is None:
        return None
    decision.company = company
    facts = STILL[notice.kind](viewer, decision, notice, at)
    if facts is None:
        return None
    kind, today = KINDS[notice.kind], local_day(at, company.zone)
    due = ", ".join(filter(None, (spoken_day(facts.due, today) if facts.due else "", facts.clock)))
    names = people.names_at(company.id, {facts.who})
    words = {
        "who": names.get(facts.who, "Somebody"),
        "ref": decision.ref,
        "title": on_one_line(decision.title),
        "due": f" by {due}" if due and notice.kind == "todo-given" else due,
        "what": on_one_line(facts.what, 300),
    }
    address = f"{post.public_url}/{company.slug}/decisions/{decision.ref}{kind.page}"
    if notice.kind == "leadership-asked":
        from adr_app.services import question_links

        address = question_links.address(notice, viewer, decision, post, at)
    subject = f"[{on_one_line(company.name, 60)}] {kind.subject.format(**words)}"
    return Told(notice, company, subject, kind.sentence.format(**words), kind.button, address)


def of_one(found: Told, post: Post) -> Letter:
    """Return the letter that tells of one thing."""
    person = Person.get_by_id(found.notice.person_id)
    stop = stopping.address(person.id, [(found.company.id, found.notice.kind)], post)
    return Letter(
        to=person.email,
        to_name=_name(person, found.company),
        subject=found.subject,
        body=(
            found.sentence,
            (found.button, found.address),
            "Opening the link answers and signs nothing.",
        ),
        foot=(
            f"You get this because somebody at {on_one_line(found.company.name)} waits for you.",
            (f"No more mails of this kind (“{KINDS[found.notice.kind].title}”)", stop),
        ),
        name=f"notice.{found.notice.id}.{int(found.notice.made_at.timestamp())}",
        stop=stop,
    )


def of_the_day(person: Person, found: list[Told], day: date, post: Post) -> Letter:
    """Return the letter that tells of all that waits for somebody, company by company."""
    grouped: dict[int, list[Told]] = {}
    for one in found:
        grouped.setdefault(one.company.id, []).append(one)
    things = "1 thing waits" if len(found) == 1 else f"{len(found)} things wait"
    companies = [on_one_line(ones[0].company.name, 60) for ones in grouped.values()]
    at_several = f" at {len(companies)} companies"
    subject = f"[{companies[0]}] {things} for you" if len(companies) == 1 else f"{things} for you{at_several}"
    body: list[str | tuple[str, str]] = []
    for ones in grouped.values():
        body.append(on_one_line(ones[0].company.name).upper())
        for one in ones:
            body += [one.sentence, (one.button, one.address)]
    stop = stopping.address(person.id, sorted({(o.company.id, o.notice.kind) for o in found}), post)
    return Letter(
        to=person.email,
        to_name=_name(person, found[0].company),
        subject=subject,
        body=(*body, "Opening a link answers and signs nothing."),
        foot=(
            "You get this once a day, and only when somebody waits for you.",
            ("Choose what you are told, and how", f"{post.public_url}/account/mail"),
            ("No more mails of these kinds", stop),
        ),
        name=f"day.{person.id}.{day.isoformat()}",
        stop=stop,
    )


def _name(person: Person, company: Company) -> str:
    """Return who a mail is addressed to: as this company may know them."""
    name = people.names_at(company.id, {person.id}).get(person.id, "")
    return "" if name == person.email else name


def _viewer(person: Person, company: Company, at: datetime) -> Viewer | None:
    try:
        return people.viewer(person, company.slug, at)
    except NotFound:
        return None


def as_asked(person: Person, company: Company, at: datetime) -> Viewer | None:
    """Return somebody as the leader they are, or were invited to be, at a company; None where they are not.

    Whoever was invited and has not come in may answer what they are asked, and nothing else.
    """
    found = _viewer(person, company, at)
    if found is not None:
        return found if found.may(Act.ACCEPT_RISK) else None
    leads = Engagement.running(at, invited=True).where(
        Engagement.company == company.id, Engagement.person == person.id, Engagement.role == Role.LEADER
    )
    if not leads.exists():
        return None
    cto = people.holder(company.id, Role.CTO, at) is not None
    return Viewer(person, company, frozenset({Role.LEADER}), cto, None)


def _review(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    review = gates.open_review(decision)
    if review is None or review.id != notice.about or review.state != "waiting":
        return None
    if review.asked_of_id != viewer.person.id or not viewer.may(Act.GIVE_VERDICT):
        return None
    zone = viewer.company.zone
    return Facts(review.asked_by_id, last_day(review.due_at, zone), clock=clock_of(review.due_at, zone))


def _claim(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    claim = Claim.get_or_none(Claim.company == viewer.company.id, Claim.id == notice.about)
    if (
        claim is None
        or claim.of_id != viewer.person.id
        or claim.answered_at
        or not viewer.may(Act.GIVE_VERDICT)
    ):
        return None
    return Facts(claim.claimed_by_id, claim.on)


def _verdict(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    given = gates.standing_verdicts(decision)
    if (
        not given
        or given[-1].id != notice.about
        or viewer.person.id not in _asker_and_author(decision, given[-1])
    ):
        return None
    said = given[-1]
    if notice.kind == "question-asked":
        review = Review.get_or_none(Review.company == viewer.company.id, Review.id == said.review_id)
        if review is None or review.state != "question" or not viewer.may(Act.COMMENT):
            return None
    button = VERDICTS[said.code].button.removesuffix("…").removesuffix(", because")
    return Facts(said.person_id, what=f"{button}.")


def _asker_and_author(decision: Decision, said: Verdict) -> set[int]:
    review = Review.get_or_none(Review.company == decision.company_id, Review.id == said.review_id)
    return {decision.author_id} | ({review.asked_by_id} if review else set())


def _question(notice: Notice) -> RiskQuestion | None:
    return RiskQuestion.get_or_none(
        RiskQuestion.company == notice.company_id, RiskQuestion.id == notice.about
    )


def _leadership(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    asked = _question(notice)
    if asked is None or asked.state != "open" or asked.asked_of_id != viewer.person.id:
        return None
    return Facts(asked.asked_by_id, asked.answer_by, asked.question)


def _exception(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    asked = exception_rows.waiting_on(decision)
    if asked is None or asked.id != notice.about or asked.state != "asked":
        return None
    if not viewer.may(Act.GIVE_VERDICT):
        return None
    due = last_day(exception_rows.due(viewer, asked), viewer.company.zone)
    return Facts(asked.asked_by_id, due, asked.question)


def _unput(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    asked = exception_rows.waiting_on(decision)
    if asked is None or asked.id != notice.about or asked.state != "advised":
        return None
    return Facts(asked.asked_by_id, what=asked.question) if viewer.may(Act.ACCEPT_RISK) else None


def _leadership_answered(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    asked = _question(notice)
    said = {"taken": "we take this risk.", "refused": "we do not take this risk."}
    if asked is None or asked.asked_by_id != viewer.person.id or asked.state not in said:
        return None
    return Facts(asked.asked_of_id, what=said[asked.state])


def _todo(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    todo = Condition.get_or_none(Condition.company == viewer.company.id, Condition.id == notice.about)
    standing = {given.id: given for given in gates.standing_verdicts(decision)}
    if todo is None or todo.done_at or todo.verdict_id not in standing or not viewer.may(Act.DRAFT):
        return None
    return Facts(standing[todo.verdict_id].person_id, todo.due_on, todo.text)


def _discussion(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    if not viewer.may(Act.COMMENT):
        return None
    waiting = comments.open_questions([viewer.company.id]).where(Comment.id == notice.about).first()
    return Facts(waiting.person_id) if waiting is not None else None


def _concern(viewer: Viewer, decision: Decision, notice: Notice, at: datetime) -> Facts | None:
    """Return who spoke last on a concern while the next word is this person's."""
    if not viewer.may(Act.COMMENT) or decision.status not in concerns.ALIVE:
        return None
    one = next((one for one in concerns.open_of(decision) if one.id == notice.about), None)
    if one is None:
        return None
    me, last = viewer.person.id, concerns.spoke_last(one)
    answers = decision.author_id == me or bool(viewer.roles & DECIDERS)
    turn = last != me if one.person_id == me else answers and last == one.person_id
    return Facts(last, what=one.concern) if turn else None


STILL: dict[str, Callable[[Viewer, Decision, Notice, datetime], Facts | None]] = {
    "review-asked": _review,
    "claim-made": _claim,
    "question-asked": _verdict,
    "changes-asked": _verdict,
    "answer-given": _verdict,
    "exception-asked": _exception,
    "exception-waits": _unput,
    "leadership-asked": _leadership,
    "leadership-answered": _leadership_answered,
    "todo-given": _todo,
    "discussion-asked": _discussion,
    "concern-raised": _concern,
}
"""For each kind, what is said of it while somebody still waits for this person, in their role."""
