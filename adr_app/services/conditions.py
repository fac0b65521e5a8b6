"""To-dos that came with a security OK: done by anybody who works on it, checked by the vCISO."""

from datetime import date, datetime
from typing import Any

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.reviews import Condition, Verdict
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer
from adr_app.services.record import acting

MOST = 20
"""To-dos with one answer: more than that is a no."""


def cleaned(typed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the typed to-dos that have a text, cleaned: text, risk, due_on, before_go_live, owner_name.

    :raises Invalid: naming the field of each wrong date.
    """
    kept, problems = [], {}
    for index, todo in enumerate(typed[:MOST]):
        text = clean_text(str(todo.get("text", ""))).strip()[:1000]
        if not text:
            continue
        due = str(todo.get("due_on", "")).strip()
        try:
            due_on = date.fromisoformat(due) if due else None
        except ValueError:
            problems[f"todo-{index}-due_on"] = "Give a day as year-month-day, such as 2026-12-01."
            continue
        if due_on is None and not todo.get("before_go_live"):
            problems[f"todo-{index}-due_on"] = "Say by which day, or that it must be done before go-live."
        kept.append(
            {
                "text": text,
                "risk": clean_text(str(todo.get("risk", ""))).strip()[:1000],
                "due_on": due_on,
                "before_go_live": bool(todo.get("before_go_live")),
                "owner_name": " ".join(clean_text(str(todo.get("owner", ""))).split())[:200],
            }
        )
    if problems:
        raise Invalid("A to-do needs a date.", problems)
    return kept


def attach(given: Verdict, wanted: list[dict[str, Any]]) -> list[Condition]:
    """Store the to-dos that come with an answer, within the act that gives it."""
    return [
        Condition.create(company=given.company_id, decision_id=given.decision_id, verdict_id=given.id, **todo)
        for todo in wanted
    ]


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
    """
    viewer.require(Act.DRAFT)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        condition = find_one(decision, condition_id)
        if condition.done_at is not None:
            raise WrongState("That to-do is done already.")
        condition.done_at, condition.done_by = ledger.at, viewer.person
        condition.evidence = clean_text(evidence).strip()[:2000]
        condition.save(only=condition.dirty_fields)
        ledger.append(
            "condition.done",
            ("decision", decision.id),
            {"condition": condition.id, "evidence": condition.evidence_digest},
        )
    return condition


def verify(viewer: Viewer, number: int, condition_id: int, *, at: datetime) -> Condition:
    """Confirm as vCISO that a to-do is really done; never by whoever did it.

    :raises NotAllowed: when the same person did it.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        condition = find_one(decision, condition_id)
        if condition.done_at is None or condition.verified_at is not None:
            raise WrongState("Only a to-do that is done, and not checked yet, can be checked.")
        if condition.done_by_id == viewer.person.id:
            raise NotAllowed("You did this yourself, so somebody else checks it.")
        condition.verified_at = ledger.at
        condition.save(only=condition.dirty_fields)
        ledger.append("condition.verified", ("decision", decision.id), {"condition": condition.id})
    return condition


def move(viewer: Viewer, number: int, condition_id: int, due_on: date, *, at: datetime) -> Condition:
    """Give a to-do another date, as vCISO.

    :raises Invalid: when the day is past.
    """
    viewer.require(Act.GIVE_VERDICT)
    if due_on < local_day(at, viewer.company.zone):
        raise Invalid("That day is past.", {"due_on": "Choose today or a later day."})
    with acting(viewer.company.id, at=at, actor=viewer.person.id) as ledger:
        decision = find(viewer, number)
        condition = find_one(decision, condition_id)
        if condition.done_at is not None:
            raise WrongState("That to-do is done already.")
        condition.due_on = due_on
        condition.save(only=condition.dirty_fields)
        ledger.append(
            "condition.moved",
            ("decision", decision.id),
            {"condition": condition.id, "due_on": due_on.isoformat()},
        )
    return condition


def find_one(decision: Decision, condition_id: int) -> Condition:
    """Return one of a decision's to-dos.

    :raises NotFound: when the decision has none with this id.
    """
    for condition in of(decision):
        if condition.id == condition_id:
            return condition
    raise NotFound("There is no such to-do.")
