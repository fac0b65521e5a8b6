"""What was answered for a system or an outside firm before: offered to the next decision that names it.

It is never put in unseen. Of several the riskiest answer to each question is offered, and of one the newest.
Of a firm only what is true of the firm is remembered, not of what was decided: that it was new then is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from adr_app.domain.decisions import Status
from adr_app.domain.digest import canonical_json, digest
from adr_app.domain.errors import WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.security import open_questions
from adr_app.domain.security_questions import QUESTIONS, UNKNOWN
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, DecisionSystem, Revision
from adr_app.models.people import System
from adr_app.models.vendors import DecisionVendor, Vendor
from adr_app.services import drafts
from adr_app.services.decision_rows import find, revision, visible
from adr_app.services.people import Viewer
from adr_app.services.systems import folded

LOOKED_AT = 40
"""How many of the newest decisions on the same systems, and with the same firms, are looked at."""

OF_A_FIRM = frozenset({"outside", "q6"})
"""Questions whose answer is about an outside firm itself: that there is one, and whether it gets data."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer given before: to which question, for which system or firm, in which decision, which day."""

    question: str
    answer: str
    name: str
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
        """Return one fact for each system or firm and decision that the offered answers come from."""
        found = {(fact.name, fact.number): fact for fact in self.facts}
        return list(found.values())


def of(viewer: Viewer, decision: Decision, newest: Revision) -> Remembered:
    """Return what this person may know of earlier answers for the systems and firms that a text names."""
    systems, firms = (
        [folded(name) for name in newest.fields.get(field) or ()] for field in ("systems", "vendors")
    )
    found = Remembered()
    if not systems and not firms:
        return found
    given = newest.answers
    known = _riskiest(viewer, decision, systems, firms)
    offered = {code: fact.answer for code, fact in known.items()}
    shown = {question.code for question in open_questions({**offered, **given})}
    for code, fact in known.items():
        if code not in given and code in shown:
            found.facts.append(fact)
        elif code in given and _risk(code, given[code]) < _risk(code, fact.answer):
            found.lower.append(fact)
    return found


def _riskiest(viewer: Viewer, decision: Decision, systems: list[str], firms: list[str]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    open_still: set[str] = set()
    for fact in _newest(viewer, decision, systems, firms):
        code = fact.question
        if fact.answer == UNKNOWN:
            open_still.add(code)
        elif code not in found or _risk(code, fact.answer) > _risk(code, found[code].answer):
            found[code] = fact
    # What nobody knew of one of them stays open, whatever was answered for another.
    return {code: found[code] for code in QUESTIONS if code in found and code not in open_still}


def _newest(viewer: Viewer, decision: Decision, systems: list[str], firms: list[str]) -> Iterator[Fact]:
    """Return what the newest earlier decision on each system, and with each firm, answered."""
    kinds = (
        (systems, System, DecisionSystem, DecisionSystem.system_id, frozenset(QUESTIONS)),
        (firms, Vendor, DecisionVendor, DecisionVendor.vendor_id, OF_A_FIRM),
    )
    for names, table, naming, key, codes in kinds:
        heard: set[int] = set()
        for number, name, known, answers, at in _told(viewer, decision, names, table, naming, key):
            if known in heard:
                continue
            heard.add(known)
            on, ref = local_day(at, viewer.company.zone), Decision(number=number).ref
            for code, answer in answers.items():
                if code in codes:
                    yield Fact(code, answer, name, number, ref, on)


def _told(viewer: Viewer, decision: Decision, names: list[str], table: Any, naming: Any, key: Any) -> Any:
    """Return the newest decisions that name one of some systems or firms, with what each answered."""
    if not names:
        return ()
    return (
        visible(viewer)
        .select(Decision.number, table.name, table.id, Revision.answers, Revision.created_at)
        .join(naming, on=(naming.company == Decision.company) & (naming.decision_id == Decision.id))
        .join(table, on=(table.company == naming.company) & (table.id == key))
        .join(
            Revision,
            on=(Revision.company == Decision.company)
            & (Revision.decision_id == Decision.id)
            & (Revision.number == Decision.latest),
        )
        .where(
            table.folded.in_(names),
            Decision.id < decision.id,
            Decision.status.not_in([Status.REJECTED, Status.WITHDRAWN]),
            Revision.level.is_null(False),
        )
        .order_by(Decision.id.desc())
        .limit(LOOKED_AT)
        .tuples()
    )


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
