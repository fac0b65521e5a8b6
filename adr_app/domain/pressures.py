"""What presses a company: kinds in two families, what could be lost, how serious it is, when it hurts."""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum, StrEnum

from adr_app.domain.values import dataclass


class Family(StrEnum):
    """Which of the two risks a pressure belongs to; its kind decides that, nobody chooses it."""

    TECHNOLOGY = "technology"
    SECURITY = "security"

    @property
    def other(self) -> "Family":
        """The family beside this one."""
        return Family.SECURITY if self is Family.TECHNOLOGY else Family.TECHNOLOGY


KINDS: Mapping[Family, Mapping[str, str]] = {
    Family.TECHNOLOGY: {
        "technology_direction": "Nobody says where our technology goes",
        "product_architecture": "How our product is built",
        "scaling_infrastructure": "Our systems have to carry much more",
        "platform_migration": "We move to another platform",
        "new_product_launch": "A new product is to start",
        "team_structure": "How the technical team is set up",
        "build_or_buy": "Build it ourselves or buy it",
        "vendor_selection": "Which outside firm to choose",
        "technical_debt": "Old shortcuts slow us down",
        "execution_friction": "Work gets stuck or comes late",
    },
    Family.SECURITY: {
        "compliance_deadline": "We must comply by a day",
        "regulatory_requirement": "A law or an authority asks for it",
        "customer_security_review": "A customer checks our security",
        "customer_audit": "An audit for a customer",
        "data_security": "Data may leak or be lost",
        "active_vulnerability": "A known hole is open now",
        "incident": "Something has happened",
        "contract_security_terms": "A contract asks for security",
        "blocked_sale": "A sale waits for our security",
        "vendor_risk": "An outside firm may harm us",
    },
}
"""Kinds of pressure by family: code and words."""

KIND_WORDS: Mapping[str, str] = {code: words for kinds in KINDS.values() for code, words in kinds.items()}
FAMILY_OF: Mapping[str, Family] = {code: family for family, kinds in KINDS.items() for code in kinds}

URGENT_KINDS = frozenset({"active_vulnerability", "incident"})
"""What decides between two that are equally near and equally serious, while it hurts already."""

PLATFORM_KINDS = frozenset({"product_architecture", "scaling_infrastructure", "platform_migration"})
"""What ends in a decision that a vCISO has to see before it is made."""

BLOCKED_SALE = "blocked_sale"

CONSEQUENCES: Mapping[str, str] = {
    "lost_contract": "We lose customers or a contract",
    "sale_delayed": "A sale is delayed",
    "failed_audit": "We fail an audit",
    "liability": "We are liable or pay a fine",
    "incident_cost": "An incident costs us",
    "outage": "We stand still",
    "wrong_thing": "We build the wrong thing",
    "growing_debt": "Technical debt grows",
    "team_stuck": "The team cannot deliver",
}
"""What follows if nothing is done, by code."""


USUALLY: Mapping[str, str] = {
    **dict.fromkeys(("technology_direction", "product_architecture", "build_or_buy"), "wrong_thing"),
    **dict.fromkeys(("new_product_launch", "vendor_selection"), "wrong_thing"),
    **dict.fromkeys(("scaling_infrastructure", "platform_migration"), "outage"),
    **dict.fromkeys(("team_structure", "execution_friction"), "team_stuck"),
    "technical_debt": "growing_debt",
    **dict.fromkeys(("compliance_deadline", "regulatory_requirement"), "liability"),
    **dict.fromkeys(("customer_security_review", "contract_security_terms"), "lost_contract"),
    "customer_audit": "failed_audit",
    **dict.fromkeys(("data_security", "active_vulnerability", "incident", "vendor_risk"), "incident_cost"),
    BLOCKED_SALE: "sale_delayed",
}
"""What usually follows from a kind, where nobody is asked."""


class Level(IntEnum):
    """How serious a pressure is for the business."""

    SMALL = 1
    NOTICEABLE = 2
    SERIOUS = 3
    THREATENING = 4


LEVEL_WORDS: Mapping[int, str] = {
    Level.SMALL: "Small",
    Level.NOTICEABLE: "Noticeable",
    Level.SERIOUS: "Serious",
    Level.THREATENING: "Threatens the business",
}

EVIDENCE_FROM = Level.NOTICEABLE
"""From here on somebody has to say what shows it: what is only imagined decides nothing."""

CLOSINGS: Mapping[str, str] = {
    "dealt": "Dealt with",
    "gone": "Gone by itself",
    "happened": "It happened",
    "mistake": "Entered by mistake",
}
"""How one came to its end, by code."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """One open pressure as the advice reads it; `key` names it among the company's own.

    It hurts already (`now`), or from a day on (`bites_on`), or on no day that anybody knows. `opened_on` is
    since when it is known.
    """

    key: str
    kind: str
    name: str
    loses: str
    level: int
    opened_on: date
    bites_on: date | None = None
    now: bool = False
    evidence: str = ""
    shapes_years: int = 0

    @property
    def family(self) -> Family:
        """The family that its kind belongs to."""
        return FAMILY_OF[self.kind]

    def hurts_already(self, today: date) -> bool:
        """Return whether it hurts on this day: said to, or its day is here or past."""
        return self.now or (self.bites_on is not None and self.bites_on <= today)

    def hurts_from(self, today: date) -> date | None:
        """Return from when on it hurts, never before today; None where nobody knows a day."""
        return today if self.hurts_already(today) else self.bites_on
