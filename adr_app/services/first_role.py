"""Which role comes first: the answer is worked out, kept with what it was given for, and decided on."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adr_app.domain.errors import NotFound, WrongState
from adr_app.domain.first_role import REVIEW_AFTER_DAYS, Inputs, Result, advise
from adr_app.domain.first_role_words import Explanation, explain
from adr_app.domain.permissions import ROLE_NAMES, Act, Role
from adr_app.domain.values import dataclass
from adr_app.models.first_role import RoleAssessment, RoleChoice
from adr_app.services import pressures, profiles, role_inputs
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger, acting_as
from adr_app.services.typed import HIGHEST_ID, Typed

GAINS = {"no": "No", "yes": "Yes"}
"""Whether whoever asks gains by the answer, by code."""

AS = (Role.CTO, Role.VCISO, Role.LEADER)
"""The roles as which somebody asks, the one with most at stake first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given, and what leadership decided on it."""

    row: RoleAssessment
    choice: RoleChoice | None = None

    @property
    def told(self) -> Explanation:
        """The sentences as they were shown."""
        told = self.row.told
        watch = tuple((code, title, words) for code, title, words in told["watch"])
        return Explanation(**told | {"watch": watch, "changes": tuple(told["changes"])})

    @property
    def inputs(self) -> Inputs:
        """What it was given for."""
        return role_inputs.thawed(self.row.inputs)


def assess(
    viewer: Viewer,
    *,
    gains: str,
    interest: str,
    profile: Mapping[str, Any] | None = None,
    noted: Sequence[Mapping[str, Any]] = (),
    at: datetime,
) -> RoleAssessment:
    """Answer which role comes first, and keep the answer with everything it was given for.

    `profile` and `noted` (as `profiles.checked` and `pressures.checked` return them) are written down in the
    same act: a guided first run ends in one answer or in nothing.

    :raises NotAllowed: when the viewer may not, or their role ended meanwhile.
    :raises Invalid: where whoever asks does not say whether they gain by the answer.
    """
    viewer.require(Act.ASSESS_ROLES)
    typed = Typed({"gains": gains, "interest": interest})
    code = typed.one_of("gains", GAINS, "Say whether you gain by the answer.")
    said = typed.line("interest", "Say in one line what you gain." if code == "yes" else "")
    typed.check("This is not complete yet.")
    with acting_as(viewer, at=at) as ledger:
        beside = _written(viewer, profile, noted, ledger.at)
        row = _answered(viewer, ledger, code == "yes", said)
        told = {"assessment": row.id, "row": row.row_digest, "result": row.result, "rule": row.rule}
        also = [("pressure", one["pressure"]) for one in beside.get("pressures", ())]
        also += [("profile", beside["profile"]["profile"])] if "profile" in beside else []
        ledger.append("first-role.assessed", ("first_role", row.id), {**told, **beside}, also=also)
    return row


def _written(
    viewer: Viewer, profile: Mapping[str, Any] | None, noted: Sequence[Mapping[str, Any]], at: datetime
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if profile is not None and (made := profiles.make(viewer, dict(profile), at)) is not None:
        found["profile"] = {"profile": made.id, "row": made.row_digest}
    rows = [pressures.make(viewer, said, at) for said in noted]
    if rows:
        found["pressures"] = [{"pressure": row.id, "row": row.row_digest} for row in rows]
    return found


def _answered(viewer: Viewer, ledger: Ledger, gains: bool, interest: str) -> RoleAssessment:
    inputs = role_inputs.of_company(viewer.company, ledger.at)
    advice = advise(inputs)
    row: RoleAssessment = RoleAssessment.create(
        company=viewer.company.id,
        result=str(advice.result),
        rule=str(advice.rule),
        inputs=role_inputs.frozen(inputs),
        told=_plain(explain(inputs, advice)),
        gains=gains,
        interest=interest,
        person=viewer.person.id,
        person_name=viewer.person.name,
        role_name=next(ROLE_NAMES[role] for role in AS if role in viewer.roles),
        assessed_on=inputs.today,
        review_on=inputs.today + timedelta(days=REVIEW_AFTER_DAYS),
        at=ledger.at,
    )
    return row


def _plain(told: Explanation) -> dict[str, Any]:
    found = dataclasses.asdict(told)
    return found | {"watch": [list(one) for one in told.watch], "changes": list(told.changes)}


def choose(viewer: Viewer, key: int, *, followed: str, why: str, at: datetime) -> RoleChoice:
    """Decide for the company whether an answer is followed, with the reason.

    :raises NotAllowed: when the viewer is not in leadership, or no more.
    :raises NotFound: when there is no such answer.
    :raises WrongState: when leadership has decided on it, or a newer answer took its place.
    :raises Invalid: naming what is missing.
    """
    viewer.require(Act.CHOOSE_ROLE)
    find(viewer, key)
    typed = Typed({"followed": followed, "why": why})
    code = typed.one_of("followed", ("yes", "no"), "Say whether you follow it.")
    words = typed.line("why", "Say why, in one line.")
    typed.check("The decision is not complete yet.")
    with acting_as(viewer, at=at) as ledger:
        kept = find(viewer, key)
        if kept.choice is not None:
            raise WrongState(f"{kept.choice.person_name} has decided on this answer already.")
        last = newest(viewer)
        if last is not None and last.row.id != kept.row.id:
            raise WrongState("There is a newer answer. Decide on that one.")
        made: RoleChoice = RoleChoice.create(
            company=viewer.company.id,
            assessment_id=kept.row.id,
            followed=code == "yes",
            why=words,
            person=viewer.person.id,
            person_name=viewer.person.name,
            at=ledger.at,
        )
        told = {"choice": made.id, "assessment": kept.row.id, "followed": made.followed}
        ledger.append("first-role.chosen", ("first_role", kept.row.id), {**told, "row": made.row_digest})
    return made


def asked(company_ids: list[int]) -> dict[int, Result]:
    """Return the newest answer of those of some companies that keep one, in one query."""
    if not company_ids:
        return {}
    rows = RoleAssessment.select(RoleAssessment.company, RoleAssessment.result)
    rows = rows.where(RoleAssessment.company.in_(company_ids)).order_by(RoleAssessment.id)
    return {company: Result(result) for company, result in rows.tuples()}


def find(viewer: Viewer, key: int) -> Kept:
    """Return one answer of the company.

    :raises NotFound: when there is none.
    """
    mine = (RoleAssessment.company == viewer.company.id, RoleAssessment.id == key)
    row = RoleAssessment.get_or_none(*mine) if key < HIGHEST_ID else None
    if row is None:
        raise NotFound("There is no such page.")
    return _kept(viewer, [row])[0]


def newest(viewer: Viewer) -> Kept | None:
    """Return the last answer that was given, or None."""
    found = answers(viewer, 1)
    return found[0] if found else None


def answers(viewer: Viewer, most: int) -> list[Kept]:
    """Return the last answers, newest first, with what was decided on each, in two queries."""
    rows = RoleAssessment.select().where(RoleAssessment.company == viewer.company.id)
    return _kept(viewer, list(rows.order_by(RoleAssessment.id.desc()).limit(most)))


def _kept(viewer: Viewer, rows: list[RoleAssessment]) -> list[Kept]:
    choices = RoleChoice.select().where(
        RoleChoice.company == viewer.company.id, RoleChoice.assessment_id.in_([row.id for row in rows])
    )
    by_answer = {one.assessment_id: one for one in choices} if rows else {}
    return [Kept(row, by_answer.get(row.id)) for row in rows]
