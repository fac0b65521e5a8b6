"""Flags that leadership sets aside until a day: with a reason, an end, and a list of them all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import Query

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.flag_rules import RULES
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.decisions import Decision
from adr_app.models.flags import FlagSetAside, SpanRow
from adr_app.services import gates
from adr_app.services.decision_rows import find, visible
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

LONGEST = timedelta(days=366)
"""No flag is set aside for longer than a year at once."""

MOST = 200
"""How many the list shows."""

NOT_THIS = {
    "fact": "This is how it was, and it stays in the history. It can be answered, not set aside.",
    "final": "This is not set aside: there is another way to deal with it, which its page names.",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One flag that is set aside: on which decision, what it is called, and the act."""

    decision: Decision
    title: str
    act: FlagSetAside


def refusal(viewer: Viewer, decision: Decision, code: str) -> str:
    """Return why this person may not set this flag of this decision aside, or an empty text."""
    rule = RULES[code]
    if not rule.may_be_set_aside:
        return NOT_THIS["fact" if rule.kind == "fact" else "final"]
    return barred(viewer, decision)


def barred(viewer: Viewer, decision: Decision) -> str:
    """Return why this person may set no flag of a decision aside, whichever it is, or an empty text."""
    if decision.author_id == viewer.person.id:
        return "You wrote this decision, so somebody else in leadership sets its flags aside."
    if Role.VCISO in viewer.roles:
        return "You also hold the vCISO's role here, so somebody else in leadership sets flags aside."
    if gates.has_decided(decision, viewer.person.id):
        return "You decided this yourself, so somebody else in leadership sets its flags aside."
    return ""


def put_aside(
    viewer: Viewer, number: int, code: str, *, reason: str, until: date, at: datetime
) -> FlagSetAside:
    """Set a flag of a decision aside until the end of a day; it comes back by itself.

    :raises NotAllowed: when this person is not in leadership, wrote or made the decision, or is vCISO too.
    :raises NotFound: when there is no such flag, or it is not on.
    :raises WrongState: where the flag is a fact, or has another way to be dealt with.
    :raises Invalid: when the reason is missing, or the day is past or more than a year away.
    """
    viewer.require(Act.SET_ASIDE)
    words = " ".join(clean_text(reason).split())[:1000]
    today = local_day(at, viewer.company.zone)
    problems = {}
    if not words:
        problems["reason"] = "Say why, in one line."
    if not today <= until <= today + LONGEST:
        problems["until"] = "Choose a day within the next twelve months: whatever is set aside comes back."
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if code not in RULES or running_span(decision, code, ledger.at) is None:
            raise NotFound("This flag is not on here.")
        why_not = refusal(viewer, decision, code)
        if why_not and RULES[code].may_be_set_aside:
            raise NotAllowed(why_not)
        if why_not:
            raise WrongState(why_not)
        if problems:
            raise Invalid("This cannot be saved yet.", problems)
        row = FlagSetAside.create(
            company=viewer.company.id,
            decision_id=decision.id,
            code=code,
            leader=viewer.person.id,
            leader_name=viewer.person.name,
            reason=words,
            starts_at=ledger.at,
            until=end_of_day(until, viewer.company.zone),
        )
        told = {"aside": row.id, "code": code, "until": int(row.until.timestamp()), "row": row.row_digest}
        ledger.append("flag.set-aside", ("decision", decision.id), told)
    return row


def take_up(viewer: Viewer, number: int, aside: int, *, at: datetime) -> None:
    """Take a flag up again sooner than its day.

    :raises NotFound: when nothing of this decision is set aside under this id.
    """
    viewer.require(Act.SET_ASIDE)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        row = next((row for row in of(decision, ledger.at) if row.id == aside), None)
        if row is None:
            raise NotFound("This is not set aside.")
        row.ended_at = ledger.at
        row.save(only=[FlagSetAside.ended_at])
        ledger.append("flag.taken-up", ("decision", decision.id), {"aside": row.id})


def running_span(decision: Decision, code: str, at: datetime) -> SpanRow | None:
    """Return the span of a flag that is on for a decision, or None."""
    return (
        SpanRow.running(decision.company_id, "flag", at)
        .where(SpanRow.subject_type == "decision", SpanRow.subject_id == decision.id, SpanRow.code == code)
        .first()
    )


def of(decision: Decision, at: datetime) -> list[FlagSetAside]:
    """Return what is set aside on a decision now, oldest first."""
    return list(
        _running(decision.company_id, at)
        .where(FlagSetAside.decision_id == decision.id)
        .order_by(FlagSetAside.id)
    )


def listed(viewer: Viewer, at: datetime) -> list[Listed]:
    """Return what is set aside now on every decision this person may see, the first to come back first."""
    rows = list(_running(viewer.company.id, at).order_by(FlagSetAside.until, FlagSetAside.id).limit(MOST))
    ids = {row.decision_id for row in rows}
    seen = {row.id: row for row in visible(viewer).where(Decision.id.in_(ids))} if ids else {}
    return [
        Listed(seen[row.decision_id], RULES[row.code].title, row) for row in rows if row.decision_id in seen
    ]


def _running(company_id: int, at: datetime) -> Query:
    return FlagSetAside.select().where(
        FlagSetAside.company == company_id, FlagSetAside.ended_at.is_null(), FlagSetAside.until > at
    )
