"""To-dos that came with a security OK: done by anybody who works on it, checked by the vCISO."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from adr_app.domain.conditions import GONE
from adr_app.domain.debt import parse_effort
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import answer_due, local_day
from adr_app.models.decisions import Decision
from adr_app.models.reviews import Condition, ConditionWord, Verdict
from adr_app.services import gates, people
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as

MOST = 20
"""To-dos with one answer: more than that is a no."""

LONGEST = 1000


def cleaned(typed: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the typed to-dos that have a text, cleaned, as rows hold them; `today` is the company's day.

    :raises Invalid: naming each field that is wrong or missing: a risk is always asked for, and a day too
        unless it is to be done before go-live.
    """
    kept: list[dict[str, Any]] = []
    problems: dict[str, str] = {}
    for index, todo in enumerate(typed[:MOST]):
        if not _line(todo, "text"):
            continue
        row, wrong = _cleaned(todo, today)
        problems |= {f"todo-{index}-{name}": message for name, message in wrong.items()}
        kept.append(row)
    if problems:
        raise Invalid("A to-do is not complete yet.", problems)
    return kept


def cleaned_one(typed: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return one typed to-do, cleaned, as its row holds it.

    :raises Invalid: naming each field that is wrong or missing.
    """
    row, wrong = _cleaned(typed, today)
    if not row["text"]:
        wrong["text"] = "Say what has to be done."
    if wrong:
        raise Invalid("A to-do is not complete yet.", wrong)
    return row


def _cleaned(todo: Mapping[str, Any], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    wrong: dict[str, str] = {}
    row: dict[str, Any] = {
        "text": _line(todo, "text"),
        "risk": _line(todo, "risk"),
        "before_go_live": bool(todo.get("before_go_live")),
        "owner_name": " ".join(_line(todo, "owner").split())[:200],
        "due_on": None,
    }
    if not row["risk"]:
        wrong["risk"] = "Say which risk it reduces: a to-do that reduces none only costs."
    due = str(todo.get("due_on") or "").strip()
    try:
        row["due_on"] = date.fromisoformat(due) if due else None
    except ValueError:
        wrong["due_on"] = "Give a day as year-month-day, such as 2026-12-01."
    else:
        if row["due_on"] is None and not row["before_go_live"]:
            wrong["due_on"] = "Say by which day, or that it must be done before go-live."
        elif row["due_on"] is not None and row["due_on"] < today:
            wrong["due_on"] = "That day is past. Choose today or a later day."
    for name in ("build_days", "run_days"):
        try:
            row[name] = parse_effort(str(todo.get(name) or ""))
        except Invalid as refusal:
            wrong[name] = str(refusal)
    return row, wrong


def _line(todo: Mapping[str, Any], name: str) -> str:
    return clean_text(str(todo.get(name) or "")).strip()[:LONGEST]


def attach(viewer: Viewer, given: Verdict, wanted: list[dict[str, Any]], at: datetime) -> list[Condition]:
    """Store the to-dos that come with an answer, within the act that gives it."""
    binds_at = when_silence_binds(viewer, given, at) if wanted else None
    return [put(given, todo, binds_at) for todo in wanted]


def put(given: Verdict, todo: dict[str, Any], binds_at: datetime | None) -> Condition:
    """Store one to-do under an answer."""
    of = {"company": given.company_id, "decision_id": given.decision_id, "verdict_id": given.id}
    return Condition.create(**of, **todo, binds_at=binds_at)


def when_silence_binds(viewer: Viewer, given: Verdict, at: datetime) -> datetime | None:
    """Return until when the CTO may answer a to-do before it binds; None where nobody is there to answer."""
    roles = (Role.CTO, Role.DELEGATE)
    asked = {row.person_id for role in roles for row in people.holders(viewer.company.id, role, at)}
    return (
        answer_due(at, viewer.company.zone, viewer.company.working_calendar)
        if asked - {given.person_id}
        else None
    )


def told(row: Condition) -> dict[str, Any]:
    """Return what an event says of a new to-do."""
    return {
        "condition": row.id,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "before_go_live": row.before_go_live,
        "owned": bool(row.owner_name),
        "binds_at": int(row.binds_at.timestamp()) if row.binds_at else None,
        "row": row.row_digest,
    }


def of(decision: Decision) -> list[Condition]:
    """Return the to-dos of a decision, oldest first; those of an answer taken back are gone with it."""
    standing = [given.id for given in gates.standing_verdicts(decision)]
    return list(
        Condition.select()
        .where(
            Condition.company == decision.company_id,
            Condition.decision_id == decision.id,
            Condition.verdict_id.in_(standing),
        )
        .order_by(Condition.id)
    )


def finish(viewer: Viewer, number: int, condition_id: int, *, evidence: str = "", at: datetime) -> Condition:
    """Mark a to-do as done, with what shows it.

    :raises WrongState: when it is done already.
    :raises Invalid: when nothing shows it.
    """
    viewer.require(Act.DRAFT)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        shown = required(evidence, "evidence", "Say what shows it: a ticket, a page, what you saw.")
        condition.done_at, condition.done_by, condition.evidence = ledger.at, viewer.person, shown
        condition.save(only=condition.dirty_fields)
        check_by = answer_due(ledger.at, viewer.company.zone, viewer.company.working_calendar)
        data = {"evidence": condition.evidence_digest, "check_by": int(check_by.timestamp())}
        ledger.append("condition.done", ("decision", decision.id), {"condition": condition.id, **data})
    return condition


def verify(viewer: Viewer, number: int, condition_id: int, *, at: datetime) -> Condition:
    """Confirm as vCISO that a to-do is really done; never by whoever did it, or decided.

    :raises NotAllowed: when the same person did it, or made the decision.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        condition = find_one(decision, condition_id)
        if condition.done_at is None or condition.verified_at is not None or condition.state in GONE:
            raise WrongState("Only a to-do that is done, and not checked yet, can be checked.")
        if condition.done_by_id == viewer.person.id:
            raise NotAllowed("You did this yourself, so somebody else checks it.")
        require_reviewer(viewer, decision)
        condition.verified_at = ledger.at
        condition.save(only=condition.dirty_fields)
        ledger.append("condition.verified", ("decision", decision.id), {"condition": condition.id})
    return condition


def move(
    viewer: Viewer, number: int, condition_id: int, due_on: date, *, reason: str, at: datetime
) -> Condition:
    """Give a to-do another date, as vCISO, with the reason.

    :raises Invalid: when the day is past, or no reason is given.
    :raises NotAllowed: when this person made the decision.
    """
    viewer.require(Act.GIVE_VERDICT)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        require_reviewer(viewer, decision)
        if due_on < local_day(at, viewer.company.zone):
            raise Invalid("That day is past.", {"due_on": "Choose today or a later day."})
        words = required(reason, "reason", "Say why another day is right, in one line.")
        condition.due_on = due_on
        condition.save(only=condition.dirty_fields)
        word = keep_word(viewer, condition, "moved", words, ledger.at)
        data = {"condition": condition.id, "due_on": due_on.isoformat(), "word": word}
        ledger.append("condition.moved", ("decision", decision.id), data)
    return condition


def find_one(decision: Decision, condition_id: int) -> Condition:
    """Return one of a decision's to-dos.

    :raises NotFound: when the decision has none with this id.
    """
    for condition in of(decision):
        if condition.id == condition_id:
            return condition
    raise NotFound("There is no such to-do.")


@contextmanager
def on_open(
    viewer: Viewer, number: int, condition_id: int, at: datetime
) -> Iterator[tuple[Ledger, Decision, Condition]]:
    """Run one act on a to-do that stands and is not done.

    :raises WrongState: when it is done, or no longer asked for.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        condition = find_one(decision, condition_id)
        if condition.state in GONE:
            raise WrongState("That to-do is no longer asked for.")
        if condition.done_at is not None:
            raise WrongState("That to-do is done already.")
        yield ledger, decision, condition


def require_reviewer(viewer: Viewer, decision: Decision) -> None:
    """Refuse somebody who made the decision: what an OK asks for is not theirs to ease or to check.

    :raises NotAllowed: for whoever decided it.
    """
    if gates.has_decided(decision, viewer.person.id):
        raise NotAllowed("You decided this yourself, so somebody else answers for its security.")


def required(text: str, field: str, message: str) -> str:
    """Return words that must be given, cleaned.

    :raises Invalid: under `field`, when they are missing.
    """
    words = clean_text(text).strip()[:LONGEST]
    if not words:
        raise Invalid(message, {field: message})
    return words


def keep_word(
    viewer: Viewer, condition: Condition, kind: str, text: str, at: datetime, *, why: str = ""
) -> dict[str, Any]:
    """Keep what was said on a to-do, within the act it was said with; return what the event says of it."""
    word = ConditionWord.create(
        company=condition.company_id,
        decision_id=condition.decision_id,
        condition_id=condition.id,
        kind=kind,
        why=why,
        text=text,
        person=viewer.person.id,
        at=at,
    )
    return {"word": word.id, "row": word.row_digest}
