"""The answer to which role comes first, in sentences for leadership: because, compared with, then, unless."""

from datetime import timedelta

from adr_app.domain.days import spoken_day
from adr_app.domain.first_role import (
    REVIEW_AFTER_DAYS,
    SAME_TIME_DAYS,
    Advice,
    Inputs,
    Result,
    Rule,
)
from adr_app.domain.pressures import LEVEL_WORDS, Family, Pressure
from adr_app.domain.role_warnings import Warn, warnings
from adr_app.domain.values import dataclass

CTO, VCISO = "fractional CTO", "vCISO"
ROLE_OF = {Family.TECHNOLOGY: CTO, Family.SECURITY: VCISO}

RESULTS: dict[Result, str] = {
    Result.NO_PRESSURE: "Nothing presses enough to need either role now",
    Result.CTO_FIRST: f"The {CTO} first",
    Result.VCISO_FIRST: f"The {VCISO} first",
    Result.CTO_THEN_VCISO: f"The {CTO} first, then the {VCISO}",
    Result.VCISO_THEN_CTO: f"The {VCISO} first, then the {CTO}",
    Result.UNDECIDED: "Leadership has to choose",
    Result.NEXT_CTO: f"The {CTO} next",
    Result.NEXT_VCISO: f"The {VCISO} next",
    Result.CTO_ENOUGH: f"The {CTO} is enough for now",
    Result.VCISO_ENOUGH: f"The {VCISO} is enough for now",
    Result.BOTH_ENGAGED: "Both roles are here",
}

RULES: dict[Rule, str] = {
    Rule.NOTHING: "Where nothing presses, neither role has work that cannot wait. Ask again in "
    f"{REVIEW_AFTER_DAYS} days.",
    Rule.ONLY_TECHNOLOGY: f"Only technology presses, and that is what a {CTO} is for.",
    Rule.ONLY_SECURITY: f"Only security presses, and that is what a {VCISO} is for.",
    Rule.NEARER: "Both press. What hurts the business sooner comes first.",
    Rule.MORE_SERIOUS: f"Both sides begin to hurt within {SAME_TIME_DAYS} days of one another. Then the most "
    "serious of each is compared, and the more serious one comes first.",
    Rule.OPEN_HOLE: "Both hurt now and as much. A hole that is open, or an incident, cannot wait.",
    Rule.PROFILE: "Neither has a day. With sensitive data, a standard to keep or customers who check, "
    "security comes first; while the first product is being built, technology does.",
    Rule.LEADERSHIP: "Both are as near and as serious. No rule can say more, so leadership chooses.",
}

_HERE: dict[Result, str] = {
    Result.BOTH_ENGAGED: f"A {CTO} and a {VCISO} are here. What comes first: ",
    Result.NEXT_CTO: f"A {VCISO} is here already. ",
    Result.VCISO_ENOUGH: f"A {VCISO} is here already. ",
    Result.NEXT_VCISO: f"A {CTO} is here already. ",
    Result.CTO_ENOUGH: f"A {CTO} is here already. ",
}
"""What a reason begins with where a role is held."""

_WATCH: dict[Warn, tuple[str, str]] = {
    Warn.ONE_PERSON: (
        "One person holds both roles",
        "One of the two will come second whenever time is short. Give them to two people.",
    ),
    Warn.TOGETHER: (
        "Both roles are to begin at once",
        "Two beginnings share one budget and one team’s attention. Let the second follow the first.",
    ),
    Warn.DELAYED: (
        "This has waited for a long time",
        "Something has pressed for over 90 days and nobody is engaged for either. Waiting is a choice too.",
    ),
    Warn.OTHER_GAP: (
        "The role you have does not answer for this",
        "It can look as if the matter were in good hands. What hurts first is the other role’s part.",
    ),
    Warn.NOTHING_OF_SECURITY: (
        "No security matter is written down",
        "You hold sensitive data or keep a standard, so there should be one. Ask what a customer or an "
        "auditor would ask.",
    ),
    Warn.APART: (
        "Who answers for what is not settled",
        "Write down who answers for what, and let both meet at least every 30 days.",
    ),
    Warn.UNSEEN: (
        "A decision about the platform comes before a vCISO does",
        "It will be marked as made without vCISO input. Ask for a single review before it is made.",
    ),
    Warn.FAR: (
        "What hurts only in over a year is left out",
        "The answer is about today. Look at it again when the day comes nearer.",
    ),
}

_ENDS = {
    "compliance_deadline": "has passed",
    "customer_security_review": "is answered",
    "customer_audit": "is over",
    "active_vulnerability": "is closed",
    "incident": "is over",
}
"""When a matter of security is behind the company, by kind."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer as it is shown and kept; `watch` are code, heading and sentence of each thing to watch."""

    result: str
    because: str
    compared: str
    rule: str
    then: str
    watch: tuple[tuple[str, str, str], ...]
    changes: tuple[str, ...]


def explain(inputs: Inputs, advice: Advice) -> Explanation:
    """Return the whole answer in sentences, each a function of what was put in and nothing else."""
    return Explanation(
        result=RESULTS[advice.result],
        because=_because(inputs, advice),
        compared=_compared(inputs, advice),
        rule=RULES[advice.rule],
        then=_then(inputs, advice),
        watch=tuple((code.value, *_WATCH[code]) for code in warnings(inputs, advice)),
        changes=tuple(_changes(inputs, advice)),
    )


def when(one: Pressure, inputs: Inputs) -> str:
    """Return when a pressure hurts, as within a sentence: “from Wed 23 Dec, in 30 days”."""
    today = inputs.today
    if one.hurts_already(today):
        return "already"
    if one.bites_on is None:
        return "on no known day"
    days = (one.bites_on - today).days
    return f"from {spoken_day(one.bites_on, today)}, in {days} day{'s' if days != 1 else ''}"


def _told(one: Pressure, inputs: Inputs) -> str:
    parts = [f"“{one.name}” hurts {when(one, inputs)}. {LEVEL_WORDS[one.level]}."]
    if one.loses:
        parts.append(f"At stake: {_ended(one.loses)}")
    if one.evidence:
        parts.append(f"What shows it: {_ended(one.evidence)}")
    return " ".join(parts)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _because(inputs: Inputs, advice: Advice) -> str:
    here = _HERE.get(advice.result, "")
    if advice.rule is Rule.NOTHING:
        if advice.result is Result.BOTH_ENGAGED:
            here = f"A {CTO} and a {VCISO} are here. "
        return f"{here}Nothing is written down that hurts within a year and is more than small."
    if advice.first is None:
        leads = [advice.leading(family) for family in Family]
        return here + " ".join(_told(one, inputs) for one in leads if one is not None)
    leading = advice.leading(advice.first)
    return here + _told(leading, inputs) if leading else here


def _compared(inputs: Inputs, advice: Advice) -> str:
    if advice.rule is Rule.NOTHING:
        return ""
    if advice.first is None:
        return "Neither side is nearer by more than 14 days, and neither is more serious."
    other = advice.first.other
    against = advice.leading(other)
    return _told(against, inputs) if against else f"Nothing of {other.value} presses enough to count."


def _then(inputs: Inputs, advice: Advice) -> str:
    result, again = advice.result, inputs.today + timedelta(days=REVIEW_AFTER_DAYS)
    look = f"Look at this again by {spoken_day(again, inputs.today)}."
    if result is Result.BOTH_ENGAGED:
        return f"Keep who answers for what written down, and meet every month. {look}"
    if result in (Result.CTO_THEN_VCISO, Result.VCISO_THEN_CTO):
        first = advice.first or Family.TECHNOLOGY
        return f"The {ROLE_OF[first.other]} starts when {_gate(advice, first)}, not at the same time. {look}"
    if result in (Result.NEXT_CTO, Result.NEXT_VCISO):
        coming = Family.TECHNOLOGY if result is Result.NEXT_CTO else Family.SECURITY
        if advice.first is coming.other:
            return f"The {ROLE_OF[coming]} starts when {_gate(advice, coming.other)}. {look}"
        return f"The {ROLE_OF[coming]} starts now; the {ROLE_OF[coming.other]} stays. {look}"
    if result is Result.UNDECIDED:
        return f"Choose one, and let the other follow when the first matter is dealt with. {look}"
    if result is Result.NO_PRESSURE:
        return look
    second = (advice.first or Family.TECHNOLOGY).other
    return f"The {ROLE_OF[second]} is not needed until something of {second.value} presses. {look}"


def _gate(advice: Advice, first: Family) -> str:
    """Return what has to have happened before the second role starts."""
    leading = advice.leading(first)
    named = f"“{leading.name}”" if leading else "the first matter"
    if first is Family.TECHNOLOGY:
        return (
            f"{named} is decided and carried out, and what is left of it as technical debt has a date: a "
            "foundation that can be secured"
        )
    return f"{named} {_ENDS.get(leading.kind if leading else '', 'is dealt with')}"


def _changes(inputs: Inputs, advice: Advice) -> list[str]:
    if advice.rule is Rule.NOTHING:
        return ["Anything written down that hurts within a year and is more than small would change this."]
    if advice.first is None:
        return [
            f"A day for either side that is more than {SAME_TIME_DAYS} days nearer than the other’s would "
            "decide; so would one that is more serious."
        ]
    first, other = advice.first, advice.first.other
    ours, theirs = advice.leading(first), advice.leading(other)
    if advice.rule in (Rule.ONLY_TECHNOLOGY, Rule.ONLY_SECURITY, Rule.NEARER):
        named = f"If “{theirs.name}”" if theirs else f"If something of {other.value} that is more than small"
        return _by_date(inputs, other, ours, named)
    if advice.rule is Rule.MORE_SERIOUS and theirs:
        return [
            f"If “{theirs.name}” were as serious as “{ours.name if ours else ''}”, the more serious would no "
            "longer decide.",
            f"If either were more than {SAME_TIME_DAYS} days nearer than the other, the nearer would come "
            "first.",
        ]
    if advice.rule is Rule.OPEN_HOLE and ours:
        return [f"Once “{ours.name}” is closed, leadership has to choose unless something nearer is left."]
    return ["A day for either side would change this: what hurts sooner then comes first."]


def _by_date(inputs: Inputs, other: Family, ours: Pressure | None, named: str) -> list[str]:
    """Return from which days on the other family would come first, or be as near."""
    nearest = ours.hurts_from(inputs.today) if ours else None
    role = ROLE_OF[other]
    if nearest is None:
        return [f"{named} had a day within a year, the {role} would come first."]
    apart = timedelta(days=SAME_TIME_DAYS)
    before, after = nearest - apart, nearest + apart
    said = []
    if before > inputs.today:
        said.append(f"{named} hurt before {spoken_day(before, inputs.today)}, the {role} would come first.")
    since = max(before, inputs.today)
    said.append(
        f"From {spoken_day(since, inputs.today)} to {spoken_day(after, inputs.today)} the more serious of "
        "both would decide."
        if said
        else f"{named} hurt by {spoken_day(after, inputs.today)}, the more serious of both would decide."
    )
    return said
