"""“The vCISO was in the meeting”: claimed by whoever recorded it, confirmed or denied by the vCISO."""

from datetime import date, datetime, timedelta
from typing import Any

from adr_app.domain.consulted import is_named
from adr_app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from adr_app.domain.permissions import Act, Role
from adr_app.domain.worktime import end_of_day, local_day
from adr_app.models.decisions import Decision, Revision
from adr_app.models.people import Engagement, Person
from adr_app.models.reviews import Claim
from adr_app.services import gates
from adr_app.services.decision_rows import find
from adr_app.services.people import Viewer, holder, holders
from adr_app.services.record import Ledger, acting_as


def claim_in(ledger: Ledger, viewer: Viewer, decision: Decision) -> dict[str, Any]:
    """Store a claim within another act and return what its event says.

    :raises Invalid: under `took_part`, where nobody is engaged as vCISO.
    """
    vciso = holder(viewer.company.id, Role.VCISO, ledger.at)
    if vciso is None:
        message = "Nobody is engaged as vCISO here now, so nobody can confirm it. Record it without."
        raise Invalid(message, {"took_part": message})
    claim = Claim.create(
        company=viewer.company.id,
        decision_id=decision.id,
        of=vciso.person_id,
        on=decision.decided_on,
        claimed_by=viewer.person.id,
        claimed_at=ledger.at,
    )
    return {"claim": claim.id, "of": vciso.person_id, "on": claim.on.isoformat()}


def claim(viewer: Viewer, number: int, *, on: date, of: int | None = None, at: datetime) -> Claim:
    """Claim that the vCISO took part in the meeting of a day; until confirmed it counts as no input.

    `of` is the person meant, where several are engaged. A claim that its vCISO left unanswered when they left
    is closed by making another.

    :raises WrongState: when a claim was made already, or nobody, or not who is meant, is engaged as vCISO.
    :raises Invalid: when the day has not come yet, or it was decided before.
    :raises NotAllowed: when nobody but the viewer is meant.
    """
    viewer.require(Act.DRAFT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        if not gates.is_decided(decision):
            raise WrongState("Ask the vCISO instead: nothing is decided yet.")
        earlier = latest(decision)
        vcisos = holders(viewer.company.id, Role.VCISO, ledger.at)
        if earlier is not None and not may_follow(earlier, vcisos):
            raise WrongState("The vCISO was asked about the meeting already.")
        if on > local_day(ledger.at, viewer.company.zone):
            raise Invalid("That day has not come yet.", {"on": "Give the day of the meeting."})
        if decision.decided_on is not None and on > decision.decided_on:
            message = "It was decided before that day. Ask the vCISO for a review instead."
            raise Invalid(message, {"on": message})
        if not vcisos:
            raise WrongState("Nobody is engaged as vCISO here, so nobody can confirm it.")
        meant = [one.person_id for one in vcisos if of in (None, one.person_id)]
        named = next((person for person in meant if person != viewer.person.id), None)
        if meant and named is None:
            raise NotAllowed("You would only confirm your own word. Whoever recorded it can name you.")
        if named is None:
            raise WrongState("Who is named is no longer engaged as vCISO here, so they cannot confirm it.")
        if earlier is not None:  # nobody is to answer it any more, not even who comes back
            earlier.answered_at = ledger.at
            earlier.save(only=[Claim.answered_at])
        made = Claim.create(
            company=viewer.company.id,
            decision_id=decision.id,
            of=named,
            on=on,
            claimed_by=viewer.person.id,
            claimed_at=ledger.at,
        )
        ledger.append(
            "review.claimed",
            ("decision", decision.id),
            {"claim": made.id, "of": made.of_id, "on": on.isoformat()},
        )
    return made


def may_follow(earlier: Claim, vcisos: list[Engagement]) -> bool:
    """Return whether another claim may follow one: its vCISO left without answering it."""
    return earlier.yes is None and gates.is_deserted(earlier, vcisos)


def suggested(decision: Decision, newest: Revision, vcisos: list[Engagement]) -> Person | None:
    """Return the vCISO whom a decision's file names as consulted, and who was that on the day it was decided.

    It is a suggestion and no input: whoever speaks for the record may claim it, and the vCISO answers.
    `vcisos` are those engaged now, each with its person: nobody else could answer.
    """
    consulted = newest.fields.get("consulted") or []
    if not (decision.imported and decision.decided_on and consulted and gates.is_decided(decision)):
        return None
    named = [one.person for one in vcisos if is_named(consulted, one.person.name, one.person.email)]
    named = [person for person in named if not gates.has_decided(decision, person.id)]
    if not named or latest(decision) is not None:
        return None
    day, zone = decision.decided_on, decision.company.zone
    held: Any = Engagement.select(Engagement.person).where(
        Engagement.company == decision.company_id,
        Engagement.role == Role.VCISO,
        Engagement.person.in_([person.id for person in named]),
        Engagement.starts_at < end_of_day(day, zone),
        Engagement.ends_at.is_null() | (Engagement.ends_at > end_of_day(day - timedelta(days=1), zone)),
    )
    then = {key for (key,) in held.tuples()}
    return next((person for person in named if person.id in then), None)


def answer_claim(viewer: Viewer, number: int, *, yes: bool, at: datetime) -> Claim:
    """Confirm or deny, as the vCISO named, that they took part in the meeting.

    :raises NotAllowed: when somebody else was named, or they decided it themselves.
    """
    viewer.require(Act.GIVE_VERDICT)
    with acting_as(viewer, at=at) as ledger:
        decision = find(viewer, number)
        found = latest(decision)
        if found is None:
            raise NotFound("There is no such question.")
        if found.yes is not None:
            raise WrongState("That was answered already; the record keeps the first answer.")
        if found.of_id != viewer.person.id:
            raise NotAllowed("Somebody else was named, so only they can answer that.")
        if gates.has_decided(decision, viewer.person.id):
            raise NotAllowed("You decided this yourself, so your word does not count as security input.")
        found.yes, found.answered_at = yes, ledger.at
        found.save(only=[Claim.yes, Claim.answered_at])
        ledger.append(
            "review.claim-answered",
            ("decision", decision.id),
            {"claim": found.id, "yes": yes, "engagement": viewer.vciso_engagement},
        )
    return found


def latest(decision: Decision) -> Claim | None:
    """Return the claim made about a decision, or None."""
    return (
        Claim.select()
        .where(Claim.company == decision.company_id, Claim.decision_id == decision.id)
        .order_by(Claim.id.desc())
        .first()
    )


def waiting_for(person_id: int, company_ids: list[int]) -> list[Claim]:
    """Return the claims this person has still to answer, in the companies where they are engaged."""
    return list(
        Claim.select()
        .where(Claim.of == person_id, Claim.answered_at.is_null(), Claim.company.in_(company_ids))
        .order_by(Claim.claimed_at, Claim.id)
    )
