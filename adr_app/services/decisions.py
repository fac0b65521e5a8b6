"""A decision's life: propose, accept, take back, reject, withdraw, replace; each one act."""

from datetime import date, datetime
from typing import Any

from adr_app.domain.acceptance import Seen, Way
from adr_app.domain.decisions import (
    IMPLEMENTATION,
    TAKE_BACK_WITHIN,
    Move,
    Status,
    moves_from,
    transition,
)
from adr_app.domain.errors import Invalid, NotAllowed, WrongState
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import clean
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.services import deciders, gates, links, sampling, vendors, working_copies
from adr_app.services.claims import claim_in
from adr_app.services.decision_rows import find, revision
from adr_app.services.drafts import begin, put_in_force, show_newest, write
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as
from adr_app.services.summaries import summary, told
from adr_app.services.waiting import ask_afterwards, close_reviews, wait_as_recorded


def may_move(viewer: Viewer, decision: Decision) -> list[Move]:
    """Return the moves this person may make on a decision now, in table order."""
    author = decision.author_id == viewer.person.id
    return [t.move for t in moves_from(Status(decision.status)) if viewer.may(t.needs, is_author=author)]


def record_decided(
    viewer: Viewer,
    typed: dict[str, Any],
    *,
    answers: dict[str, str] | None = None,
    took_part: bool = False,
    replaces: int | None = None,
    part: bool = False,
    note: str = "",
    copy: int | None = None,
    at: datetime,
) -> Decision:
    """Record a decision that was already made; whether the vCISO took part is claimed, not confirmed.

    `replaces` is the number of a decision that leaves force by it, whole, or only a `part` that `note`
    names. `copy` is the working copy it was finished from, which is dropped.

    :raises Invalid: naming the field: when the day is missing or in the future, when the vCISO is said to
        have taken part and nobody is engaged, or when what it replaces is not in force.
    """
    viewer.require(Act.ACCEPT)
    text = clean(typed, answers)
    today = local_day(at, viewer.company.zone)
    problems = {}
    if not text.fields["decided_on"]:
        problems["decided_on"] = "Say on which day it was decided."
    elif date.fromisoformat(text.fields["decided_on"]) > today:
        problems["decided_on"] = "That day has not come yet. Record it as “not decided yet” instead."
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    with acting_as(viewer, at=at) as ledger:
        decision = begin(ledger, text, author=viewer.person.id, status=Status.ACCEPTED)
        written = write(ledger, decision, text, by=viewer.person.id)
        decision.in_force = written.number
        decision.accepted_at, decision.accepted_by = ledger.at, viewer.person
        decision.save(only=decision.dirty_fields)
        made: dict[str, Any] = {"supersedes": []}
        if replaces is not None:
            made = links.replace_at_once(viewer, decision, replaces, part=part, note=note, at=ledger.at)
        claim = claim_in(ledger, viewer, decision) if took_part else None
        ledger.append(
            "decision.recorded",
            ("decision", decision.id),
            {
                **told(written, ledger.at),
                "required": gates.needs_ok(decision),
                "decided_on": text.fields["decided_on"],
                "sole": False,
                **made,
                "way": Way.RECORDED,
                "deciders": deciders.of_recorded(viewer, text.fields["decided_by"], ledger.at),
                "claim": claim,
                "reference": decision.number,
                **_lot(decision, ledger),
            },
            also=_told_to(written, made["supersedes"]),
        )
        working_copies.forget(viewer, copy)
    return decision


def _told_to(written: Revision, replaced: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return links.told_of(written.company_id, replaced) + vendors.subjects(written.named_vendors)


def propose(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Propose a draft; the text stands until it is taken back to draft."""
    return _move(viewer, number, Move.PROPOSE, "decision.proposed", at)


def reject(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Reject a proposed decision."""
    return _move(viewer, number, Move.REJECT, "decision.rejected", at)


def withdraw(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Withdraw a draft or a proposed decision."""
    return _move(viewer, number, Move.WITHDRAW, "decision.withdrawn", at)


def reopen(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Take a proposed, rejected or withdrawn decision back to draft."""
    return _move(viewer, number, Move.REVISE, "decision.reopened", at)


def deprecate(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Mark an accepted decision as no longer used, without a successor."""
    return _move(viewer, number, Move.DEPRECATE, "decision.deprecated", at)


def _move(viewer: Viewer, number: int, move: Move, kind: str, at: datetime) -> Decision:
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        step = transition(Status(decision.status), move)
        viewer.require(step.needs, is_author=decision.author_id == viewer.person.id)
        decision.status, decision.changed_at = step.target, ledger.at
        data: dict[str, Any] = {}
        if move is Move.PROPOSE:
            decision.proposed_at = ledger.at
            data = {k: v for k, v in summary(revision(decision)).items() if k != "level"}
        else:
            close_reviews(decision, ledger.at)
        decision.save(only=decision.dirty_fields)
        ends = move in (Move.REJECT, Move.DEPRECATE)
        also = links.leaning_on(viewer.company.id, [decision.id]) if ends else []
        ledger.append(kind, ("decision", decision.id), data, also=also)
    return decision


def accept(
    viewer: Viewer,
    number: int,
    *,
    base: int,
    reason: str = "",
    emergency: bool = False,
    seen: Seen | None = None,
    at: datetime,
) -> Decision:
    """Accept a proposed decision, on the version that was shown.

    `seen` is how it stood on the page that it is accepted from, where there was one.

    :raises WrongState: when something is still needed, or how it stands changed since, saying what.
    :raises Invalid: when a reason is needed and missing.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        step = transition(Status(decision.status), Move.ACCEPT)
        viewer.require(step.needs)
        if decision.latest != base:
            raise WrongState("Its text changed since you opened the page. Read the new version first.")
        found = gates.gate_for(viewer, decision, ledger.at)
        gates.check_seen(decision, seen, found)
        way = gates.way_of(found, reason, emergency=emergency)
        written = revision(decision)
        superseded = links.take_effect(decision, ledger.at)
        decision.status, decision.changed_at = links.status_in_force(decision), ledger.at
        decision.in_force = written.number
        decision.accepted_at, decision.accepted_by = ledger.at, viewer.person
        decision.decided_on = decision.decided_key = _decided_day(decision, ledger.at, viewer.company.zone)
        decision.save(only=decision.dirty_fields)
        asked = ask_afterwards(viewer, decision, ledger.at) if way is Way.EMERGENCY else {}
        if way not in (Way.NO_ANSWER, Way.UNASKED, Way.EMERGENCY):
            close_reviews(decision, ledger.at)
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        ledger.append(
            "decision.accepted",
            ("decision", decision.id),
            {
                **summary(written),
                **said,
                "required": gates.needs_ok(decision),
                "way": way,
                "decided_on": decision.decided_on.isoformat(),
                "sole": found.sole,
                "supersedes": superseded,
                **asked,
                **_lot(decision, ledger),
                **gates.despite(found),
            },
            also=links.told_of(viewer.company.id, superseded),
        )
    return decision


def _lot(decision: Decision, ledger: Ledger) -> dict[str, int]:
    """Return which one of its quarter this is, where it is declared harmless by its author."""
    return {"nth": sampling.nth(ledger.company, ledger.at)} if decision.level == 0 else {}


def _decided_day(decision: Decision, at: datetime, zone: str) -> date:
    """Return the day an acceptance was decided on: the one typed, if it can be; else the day of the act.

    What is proposed here was not decided before it was written here, whatever day its text or its file says:
    or a day typed into a draft would make a decision older than the log that it was made in.
    """
    today, typed = local_day(at, zone), decision.decided_on
    if typed is None or not local_day(decision.created_at, zone) <= typed <= today:
        return today
    return typed


def take_back(viewer: Viewer, number: int, *, at: datetime) -> Decision:
    """Take an acceptance back: the same person, within ten minutes; both acts stay in the record.

    A review that the acceptance ended waits again, and one that it asked for is forgotten.

    :raises NotAllowed: when somebody else accepted it.
    :raises WrongState: when the ten minutes are over.
    """
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        step = transition(Status(decision.status), Move.TAKE_BACK)
        if decision.accepted_by_id != viewer.person.id:
            raise NotAllowed("Only the person who accepted it can take that back.")
        if ledger.at - decision.accepted_at > TAKE_BACK_WITHIN:
            raise WrongState(
                "The ten minutes are over. Replace it by a new decision, or mark it no longer used."
            )
        accepted = gates.state_of(decision).acceptance
        restored = links.undo_effect(decision, ledger.at)
        decision.status, decision.changed_at = step.target, ledger.at
        decision.in_force = decision.accepted_at = decision.accepted_by = None
        show_newest(decision)
        decision.save(only=decision.dirty_fields)
        ledger.append(
            "decision.taken-back",
            ("decision", decision.id),
            {"accepted_seq": accepted.seq if accepted else None, "restores": restored},
            also=[
                *(("decision", key) for key in restored),
                *links.leaning_on(viewer.company.id, restored),
            ],
        )
        wait_as_recorded(decision, gates.state_of(decision), ledger.at)
    return decision


def accept_text(
    viewer: Viewer,
    number: int,
    *,
    base: int,
    reason: str,
    emergency: bool = False,
    seen: Seen | None = None,
    at: datetime,
) -> Revision:
    """Put the newest text of an accepted decision in force without a new security OK, always with a reason.

    `seen` is how the new text stood on the page that it is accepted from, where there was one.

    :raises WrongState: when something is still needed, no newer text waits, or another one, or another
        standing of it, than was shown.
    :raises Invalid: when the reason is missing.
    """
    viewer.require(Act.ACCEPT)
    if not reason.strip():
        raise Invalid("Say in one line why.", {"reason": "Say why the new text holds without a new OK."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if (
            decision.status != Status.ACCEPTED
            or decision.in_force == decision.latest
            or decision.latest != base
        ):
            raise WrongState("There is no changed text waiting, or it changed again. Look at the page first.")
        found = gates.gate_for(viewer, decision, ledger.at)
        gates.check_seen(decision, seen, found)
        way = gates.way_of(found, reason, emergency=emergency)
        written = revision(decision)
        decision.changed_at = ledger.at
        put_in_force(decision, written)
        decision.save(only=decision.dirty_fields)
        asked = ask_afterwards(viewer, decision, ledger.at) if way is Way.EMERGENCY else {}
        said = gates.keep_reason(viewer, decision, reason, ledger.at)
        data = {**summary(written), **said, "required": gates.needs_ok(decision)}
        data |= {"way": way, **asked, **gates.despite(found)}
        ledger.append("decision.text-accepted", ("decision", decision.id), data)
    return written


def set_implementation(viewer: Viewer, number: int, state: str, *, at: datetime) -> Decision:
    """Note how far the work on a decision is."""
    viewer.require(Act.DRAFT)
    if state not in IMPLEMENTATION:
        raise Invalid("Choose how far the work is.", {"implementation": "Choose from the list."})
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        decision.implementation, decision.changed_at = state, ledger.at
        decision.save(only=decision.dirty_fields)
        ledger.append("decision.implementation-set", ("decision", decision.id), {"state": state})
    return decision
