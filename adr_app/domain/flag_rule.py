"""What a flag's rule is made of; the rules themselves stand in `flag_rules` and `flag_rules_by_fact`."""

from collections.abc import Callable
from datetime import datetime

from adr_app.domain.flag_conditions import On, Test
from adr_app.domain.timeline_states import CompanyState
from adr_app.domain.values import dataclass

SEVERITIES = ("S1", "S2", "S3")
"""How grave a flag can be, the gravest first: shown in red to leadership, a warning, a note."""

GRAVITY = {"S1": "Leadership sees it in red", "S2": "A warning", "S3": "A note"}
"""How grave a flag is, in words."""

CompanyTest = Callable[[CompanyState, datetime], On]
"""Whether a flag of a company is on from a moment on, in which nothing about the company changes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is called, how grave it is, what it says and when it is on.

    `kind` is `fact` (something that happened: never cleared, only answered) or `state` (cleared by an act);
    `severity` S1 (shown in red), S2 (warns), S3 (notes); from review level `grave_from` on it is S1. `ended`
    is the word for an end by an act, `lapsed` for an end by mere time. `in_force_only` rules speak of nothing
    else than decisions in force. `final` says that leadership cannot set it aside though it is no fact: there
    is a proper way to deal with it, or nothing else would say so. A rule of a company has `company_test`; one
    told `apart` is worked out where its page shows it, and stands in no list and no count of flags.
    """

    code: str
    kind: str
    severity: str
    subject: str
    title: str
    sentence: str
    grounding: str
    switched_on_by: str
    clears_by: str
    test: Test | None = None
    in_force_only: bool = True
    ended: str = "answered"
    lapsed: str = "time passed"
    grave_from: int | None = None
    final: bool = False
    company_test: "CompanyTest | None" = None
    apart: bool = False

    def severity_at(self, level: int, raised: str = "") -> str:
        """Return how grave the rule is on a decision of this review level; a company may only raise that."""
        own = "S1" if self.grave_from is not None and level >= self.grave_from else self.severity
        return min(own, raised) if raised else own

    @property
    def may_be_set_aside(self) -> bool:
        """Return whether a leader may set the flag aside until a day: never what is a fact."""
        return self.kind == "state" and self.subject == "decision" and not self.final
