"""Two companies of the demonstration that have no adviser yet, and what each answers in its first run."""

from datetime import date, timedelta
from typing import Any

from adr_app.domain.values import dataclass
from adr_app.services.demonstration_cast import JONAS, NADIA, Member
from adr_app.services.first_run import BLOCKS


@dataclass(frozen=True, slots=True)
class Sample:
    """A company: who leads it, what it is like, the standards it keeps, and what presses it.

    In `presses` a whole number under `bites_on` is so many days from the day on which it is answered.
    """

    name: str
    leader: Member
    profile: dict[str, Any]
    follows: tuple[str, ...]
    presses: tuple[dict[str, Any], ...]

    @property
    def ticked(self) -> tuple[list[str], list[str]]:
        """The kinds of data and what holds of the market."""
        return self.profile["data"], self.profile["markets"]

    def fields(self, today: date) -> dict[str, str]:
        """Return the fields of the first run that hold text, as they are typed on a day."""
        said = {name: self.profile[name] for name in ("sector", "stage", "jurisdictions")}
        pairs = zip(BLOCKS, self.blocks(today), strict=False)
        return said | {f"{prefix}{name}": text for prefix, block in pairs for name, text in block.items()}

    def blocks(self, today: date) -> list[dict[str, str]]:
        """Return what presses as it is typed into the first run on a day."""
        found = []
        for one in self.presses:
            day = (today + timedelta(days=one["bites_on"])).isoformat() if "bites_on" in one else ""
            found.append({**one, "bites_on": day})
        return found


FIRST_PLATFORM = Sample(
    "Marlow Booking",
    NADIA,
    {
        "sector": "software",
        "stage": "early",
        "data": [],
        "markets": ["competitive"],
        "jurisdictions": "Ireland, EU",
    },
    (),
    (
        {
            "kind": "scaling_infrastructure",
            "name": "The summer season on one server",
            "loses": "The bookings of a whole season",
            "level": "4",
            "when": "day",
            "bites_on": 75,
            "evidence": "It stood still twice in August",
        },
        {
            "kind": "team_structure",
            "name": "Four developers and nobody who leads them",
            "loses": "Half a year of work on the wrong things",
            "level": "3",
            "when": "open",
            "evidence": "Three of the last five releases were taken back",
        },
        {
            "kind": "vendor_risk",
            "name": "The payment firm is new to us",
            "loses": "Some days of payments",
            "level": "1",
            "when": "open",
            "evidence": "",
        },
    ),
)

SENSITIVE_DATA = Sample(
    "Cedar Health",
    JONAS,
    {
        "sector": "health",
        "stage": "growth",
        "data": ["personal", "health"],
        "markets": ["regulated", "assurance"],
        "jurisdictions": "Colorado",
    },
    ("hipaa",),
    (
        {
            "kind": "blocked_sale",
            "name": "A hospital group does not sign",
            "loses": "Our largest contract so far",
            "level": "3",
            "when": "now",
            "evidence": "Their questionnaire has waited since spring",
        },
        {
            "kind": "customer_audit",
            "name": "Audit by the hospital group",
            "loses": "The right to hold their patients' data",
            "level": "4",
            "when": "day",
            "bites_on": 80,
            "evidence": "Part 9 of the draft contract",
        },
        {
            "kind": "technical_debt",
            "name": "Every report is made by hand",
            "loses": "A week of every month",
            "level": "2",
            "when": "open",
            "evidence": "The team's own list",
        },
    ),
)

SAMPLES = (FIRST_PLATFORM, SENSITIVE_DATA)
