"""How the two advisers settle a to-do: the CTO agrees or contests, the vCISO keeps, changes or drops it.

Nothing here holds up the decision: an OK with to-dos is an OK at once. What waits is only whether a to-do
binds.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adr_app.domain.conditions import AGREED, OBJECTIONS, State, binds
from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.people import Person
from adr_app.models.reviews import Condition, ConditionWord, Verdict
from adr_app.services import conditions
from adr_app.services.conditions import keep_word, on_open, require_reviewer, required
from adr_app.services.people import Viewer


def agree(viewer: Viewer, number: int, condition_id: int, *, text: str = "", at: datetime) -> Condition:
    """Agree to a to-do as CTO, with a remark where there is one: it binds from now.

    :raises WrongState: when it binds already.
    :raises NotAllowed: for whoever asked for it.
    """
    viewer.require(Act.ANSWER_TODO)
    words = clean_text(text).strip()[: conditions.LONGEST]
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        _require_asked(viewer, condition, ledger.at)
        condition.state = State.AGREED
        condition.save(only=[Condition.state])
        data: dict[str, Any] = {"condition": condition.id}
        if words:
            data["word"] = keep_word(viewer, condition, "agreed", words, ledger.at)
        ledger.append("condition.agreed", ("decision", decision.id), data)
    return condition


def contest(
    viewer: Viewer, number: int, condition_id: int, *, why: str, text: str, at: datetime
) -> Condition:
    """Contest a to-do as CTO: it binds nobody until the vCISO keeps it, and leadership sees both sentences.

    :raises Invalid: when the kind of objection or the sentence is missing.
    :raises WrongState: when it binds already, or is contested.
    """
    viewer.require(Act.ANSWER_TODO)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        if why not in OBJECTIONS:
            raise Invalid("Choose what is wrong with it.", {"why": "Choose what is wrong with it."})
        words = required(text, "text", "Say why, in one sentence that leadership can read.")
        _require_asked(viewer, condition, ledger.at)
        if condition.state == State.CONTESTED:
            raise WrongState("This is contested already. The vCISO keeps, changes or drops it.")
        condition.state = State.CONTESTED
        condition.save(only=[Condition.state])
        word = keep_word(viewer, condition, "contested", words, ledger.at, why=why)
        data = {"condition": condition.id, "why": why, "word": word}
        ledger.append("condition.contested", ("decision", decision.id), data)
    return condition


def keep(viewer: Viewer, number: int, condition_id: int, *, reason: str, at: datetime) -> Condition:
    """Keep a contested to-do as vCISO, with the reason: it binds from now.

    :raises WrongState: when nobody contests it.
    """
    return _settle(viewer, number, condition_id, State.KEPT, reason, at)


def drop(viewer: Viewer, number: int, condition_id: int, *, reason: str, at: datetime) -> Condition:
    """Drop a to-do as vCISO, with the reason: nobody is asked for it any more."""
    return _settle(viewer, number, condition_id, State.DROPPED, reason, at)


def _settle(
    viewer: Viewer, number: int, condition_id: int, state: State, reason: str, at: datetime
) -> Condition:
    viewer.require(Act.GIVE_VERDICT)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        require_reviewer(viewer, decision)
        words = required(reason, "reason", "Say why, in one line.")
        if state == State.KEPT and condition.state != State.CONTESTED:
            raise WrongState("Nobody contests this to-do, so there is nothing to keep.")
        condition.state = state
        condition.save(only=[Condition.state])
        word = keep_word(viewer, condition, str(state), words, ledger.at)
        ledger.append(
            f"condition.{state}", ("decision", decision.id), {"condition": condition.id, "word": word}
        )
    return condition


def change(
    viewer: Viewer, number: int, condition_id: int, typed: Mapping[str, Any], *, reason: str, at: datetime
) -> Condition:
    """Put another to-do in the place of one, as vCISO; the older one stays in the record as it was.

    The new one is put to the CTO anew.

    :raises Invalid: naming what is missing, as with a new to-do.
    """
    viewer.require(Act.GIVE_VERDICT)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        require_reviewer(viewer, decision)
        words = required(reason, "reason", "Say what changed your mind, in one line.")
        todo = conditions.cleaned_one(typed, local_day(ledger.at, viewer.company.zone))
        given = Verdict.get(Verdict.company == condition.company_id, Verdict.id == condition.verdict_id)
        condition.state = State.CHANGED
        condition.save(only=[Condition.state])
        newer = conditions.put(given, todo, conditions.when_silence_binds(viewer, given, ledger.at))
        word = keep_word(viewer, condition, "changed", words, ledger.at)
        data = {"condition": condition.id, "newer": conditions.told(newer), "word": word}
        ledger.append("condition.changed", ("decision", decision.id), data)
    return newer


def assign(viewer: Viewer, number: int, condition_id: int, name: str, *, at: datetime) -> Condition:
    """Name who does a to-do that names nobody, or somebody else than before.

    :raises Invalid: when no name is given.
    """
    viewer.require(Act.DRAFT)
    with on_open(viewer, number, condition_id, at) as (ledger, decision, condition):
        words = " ".join(required(name, "owner", "Type a name.").split())[:200]
        condition.assigned_name = words
        condition.save(only=[Condition.assigned_name])
        data = {"condition": condition.id, "owner": condition.assigned_digest}
        ledger.append("condition.assigned", ("decision", decision.id), data)
    return condition


def _require_asked(viewer: Viewer, condition: Condition, at: datetime) -> None:
    """Refuse an answer of the CTO where it comes too late, or from whoever asked."""
    if binds(condition.state, condition.binds_at, at):
        settled = "You agreed on this" if condition.state in AGREED else "The time for an answer is over"
        raise WrongState(f"{settled}, so it binds. The vCISO can still change or drop it: say so below.")
    given = Verdict.get(Verdict.company == condition.company_id, Verdict.id == condition.verdict_id)
    if given.person_id == viewer.person.id:
        raise NotAllowed("You asked for this yourself, so somebody else answers it for technology.")


def words_on(decision: Decision) -> dict[int, list[ConditionWord]]:
    """Return what was said on each to-do of a decision, oldest first, each with its person."""
    rows = (
        ConditionWord.select(ConditionWord, Person)
        .join(Person, on=(ConditionWord.person == Person.id))
        .where(ConditionWord.company == decision.company_id, ConditionWord.decision_id == decision.id)
        .order_by(ConditionWord.id)
    )
    found: dict[int, list[ConditionWord]] = {}
    for row in rows:
        found.setdefault(row.condition_id, []).append(row)
    return found
