"""What goes with a role, part by part: one table that pages, counts and lists of it are made from."""

from collections.abc import Callable
from dataclasses import dataclass

from adr_app.domain.permissions import DECIDERS, WRITERS, Role
from adr_app.services import mandate_sources as sources
from adr_app.services.mandate_sources import Scope, Source

WAITS, RUNS, ASIDE = "waits", "runs", "aside"

_VCISO, _LEADER = frozenset({Role.VCISO}), frozenset({Role.LEADER})
_ADVISE = frozenset({Role.VCISO, Role.LEADER}) | DECIDERS
_NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that goes with a role.

    `depends` are the roles with whose end it changes for the person's own, `shown` those that read it of the
    whole company; `after` says what becomes of it when a role ends, `dated` what stands before the date of
    one: *due*, *by* and *until* before the day that ends with a moment.
    """

    code: str
    group: str
    depends: frozenset[Role]
    shown: frozenset[Role]
    one: str
    many: str
    after: str
    dated: str
    source: Callable[[Scope], Source]

    def words(self, count: int) -> str:
        """Return so many of them, in words."""
        return f"{count} {self.one if count == 1 else self.many}"


PARTS = (
    Part(
        "reviews",
        WAITS,
        _VCISO,
        _VCISO,
        "security review waits",
        "security reviews wait",
        "To the successor you name; without one, to whoever is engaged next.",
        "due",
        sources.reviews,
    ),
    Part(
        "checks",
        WAITS,
        _VCISO,
        _VCISO,
        "to-do done and to be checked",
        "to-dos done and to be checked",
        "Whoever is engaged as vCISO next checks what was done.",
        "done",
        sources.todos_to_check,
    ),
    Part(
        "claims",
        WAITS,
        _VCISO,
        _VCISO,
        "meeting not confirmed",
        "meetings not confirmed",
        "Only who was there can confirm it, before the role ends; after that it counts as without input.",
        "said on",
        sources.claims,
    ),
    Part(
        "recommendations",
        WAITS,
        _VCISO,
        _VCISO,
        "exception waits for a recommendation",
        "exceptions wait for a recommendation",
        "Whoever is engaged as vCISO next recommends; without one, it may go on to leadership.",
        "asked on",
        sources.recommendations,
    ),
    Part(
        "risk-questions",
        WAITS,
        _LEADER,
        _LEADER,
        "question about a risk",
        "questions about a risk",
        "Anybody else in leadership may answer, and is asked once the role is over.",
        "by",
        sources.risk_questions,
    ),
    Part(
        "asked",
        WAITS,
        DECIDERS | {Role.MEMBER},
        DECIDERS,
        "question by the vCISO",
        "questions by the vCISO",
        "Anybody of the team may answer.",
        "due",
        sources.questions_to_author,
    ),
    Part(
        "to-agree",
        WAITS,
        _NOBODY,
        DECIDERS,
        "to-do put to the CTO",
        "to-dos put to the CTO",
        "Binds without a word on its day.",
        "by",
        sources.todos_to_agree,
    ),
    Part(
        "undecided",
        WAITS,
        WRITERS,
        DECIDERS,
        "decision is undecided",
        "decisions are undecided",
        "Stays as it is; the CTO goes on with it.",
        "to be decided by",
        sources.undecided,
    ),
    Part(
        "stands-in",
        WAITS,
        _VCISO,
        _NOBODY,
        "absence in which they stand in",
        "absences in which they stand in",
        "Nobody stands in any more until somebody else is named.",
        "until",
        sources.absences,
    ),
    Part(
        "todos",
        RUNS,
        _VCISO,
        _ADVISE,
        "to-do from an OK is open",
        "to-dos from OKs are open",
        "Binds as before; whoever is engaged next moves, drops or checks it.",
        "by",
        sources.todos_open,
    ),
    Part(
        "oks",
        RUNS,
        _VCISO,
        _VCISO,
        "security OK runs",
        "security OKs run",
        "Stays good until its day: it was given under the role.",
        "until",
        sources.oks,
    ),
    Part(
        "rules",
        RUNS,
        _VCISO,
        _VCISO,
        "rule allows decisions in advance",
        "rules allow decisions in advance",
        "Stops with the role; what was cleared stays cleared. A successor signs anew.",
        "until",
        sources.rules,
    ),
    Part(
        "risks",
        RUNS,
        _LEADER,
        _ADVISE,
        "risk is taken until a day",
        "risks are taken until a day",
        "Runs until its day; leadership may end it sooner.",
        "until",
        sources.risks,
    ),
    Part(
        "aside",
        ASIDE,
        _LEADER,
        _ADVISE,
        "flag is set aside",
        "flags are set aside",
        "Comes back on its day; leadership may take it up sooner.",
        "until",
        sources.set_aside,
    ),
)
"""Everything that goes with a role, in the order in which pages name it."""
