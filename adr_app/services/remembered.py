"""What was answered for a system before: offered to the next decision that names it, never put in unseen.

Of several systems the riskiest answer to each question is offered, and of one system the newest.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from adr_app.domain.decisions import Status
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.security import open_questions
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, DecisionSystem, Revision
from adr_app.models.people import System
from adr_app.services import drafts
from adr_app.services.decision_rows import find, revision, visible
from adr_app.services.people import Viewer
from adr_app.services.systems import folded

LOOKED_AT = 40
"""How many of the newest decisions on the same systems are looked at."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer given before: to which question, for which system, in which decision, on which day."""

    question: str
    answer: str
    system: str
    number: int
    ref: str
    on: date


@dataclass(slots=True)
class Remembered:
    """What earlier decisions say where a text says nothing (`facts`), and where it says less (`lower`)."""

    facts: list[Fact] = field(default_factory=list)
    lower: list[Fact] = field(default_factory=list)

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers that are offered, by question."""
        return {fact.question: fact.answer for fact in self.facts}

    @property
    def seen(self) -> str:
        """Return what stands for exactly these answers in a form."""
        return digest(canonical_json(self.answers))

    @property
    def sources(self) -> list[Fact]:
        """Return one fact for each system and decision that the offered answers come from."""
        found = {(fact.system, fact.number): fact for fact in self.facts}
        return list(found.values())


def of(viewer: Viewer, decision: Decision, newest: Revision) -> Remembered:
    """Return what this person may know of earlier answers for the systems that a text names."""
    names = [folded(name) for name in newest.fields.get("systems") or ()]
    found = Remembered()
    if not names:
        return found
    given = newest.answers
    known = _riskiest(viewer, decision, names)
    offered = {code: fact.answer for code, fact in known.items()}
    shown = {question.code for question in open_questions({**offered, **given})}
    for code, fact in known.items():
        if code not in given and code in shown:
            found.facts.append(fact)
        elif code in given and _risk(code, given[code]) < _risk(code, fact.answer):
            found.lower.append(fact)
    return found


def _riskiest(viewer: Viewer, decision: Decision, names: list[str]) -> dict[str, Fact]:
    rows = (
        visible(viewer)
        .select(Decision.number, System.name, System.id, Revision.answers, Revision.created_at)
        .join(
            DecisionSystem,
            on=(DecisionSystem.company == Decision.company) & (DecisionSystem.decision_id == Decision.id),
        )
        .join(System, on=(System.company == DecisionSystem.company) & (System.id == DecisionSystem.system_id))
        .join(
            Revision,
            on=(Revision.company == Decision.company)
            & (Revision.decision_id == Decision.id)
            & (Revision.number == Decision.latest),
        )
        .where(
            System.folded.in_(names),
            Decision.id < decision.id,
            Decision.status.not_in([Status.REJECTED, Status.WITHDRAWN]),
            Revision.level.is_null(False),
        )
        .order_by(Decision.id.desc())
        .limit(LOOKED_AT)
        .tuples()
    )
    heard: set[int] = set()
    found: dict[str, Fact] = {}
    open_still: set[str] = set()
    for number, name, system, answers, at in rows:
        if system in heard:
            continue
        heard.add(system)
        on = local_day(at, viewer.company.zone)
        for code, answer in answers.items():
            if answer == UNKNOWN:
                open_still.add(code)
            elif code in QUESTIONS and (
                code not in found or _risk(code, answer) > _risk(code, found[code].answer)
            ):
                found[code] = Fact(code, answer, name, number, Decision(number=number).ref, on)
    # What nobody knew of one of the systems stays open, whatever was answered for another.
    return {code: found[code] for code in QUESTIONS if code in found and code not in open_still}


def _risk(code: str, answer: str) -> int:
    """Return how risky an answer is among those to its question; unknown is no less than any."""
    codes = [offered.code for offered in QUESTIONS[code].answers]
    return codes.index(answer) if answer in codes else len(codes)


def keep(viewer: Viewer, number: int, *, base: int, seen: str, at: datetime) -> Revision | None:
    """Answer what is open as it was answered before, by a new version; what is answered stays as it is.

    `seen` stands for the answers that the page showed.

    :raises WrongState: when something else would be kept than was shown.
    """
    viewer.require(Act.DRAFT)
    decision = find(viewer, number)
    newest = revision(decision)
    found = of(viewer, decision, newest)
    if not found.facts or found.seen != seen or newest.number != base:
        raise WrongState("What was answered before changed meanwhile, or the text did. Look, then keep it.")
    answers = {**found.answers, **newest.answers}
    return drafts.revise(viewer, number, {}, base=base, answers=answers, at=at)
