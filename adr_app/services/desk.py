"""The vCISO's first screen: what waits for an answer, by due time, and what was decided without one."""

from dataclasses import dataclass, field
from datetime import timedelta

from peewee import Query

from adr_app.domain.permissions import Role
from adr_app.models import tallies
from adr_app.models.decisions import Revision
from adr_app.models.people import Company, Engagement, Person
from adr_app.models.reviews import Claim, Condition, Review, RiskAcceptance
from adr_app.services.dashboard import WITHOUT_INPUT
from adr_app.services.homes import SHOWN, Mine, Row, open_questions, reviews_in, rows_of, without_input

DUE_WITHIN = timedelta(days=30)
QUIET_AFTER = timedelta(days=30)
WORDS_A_MINUTE = 180
MINUTES_TO_JUDGE = 3


@dataclass
class VcisoHome:
    """The vCISO's first screen."""

    answers: list[Row] = field(default_factory=list)
    more: int = 0
    minutes: int = 0
    claims: list[Row] = field(default_factory=list)
    decided: list[tuple[Company, int, Row | None]] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    due: list[Row] = field(default_factory=list)
    quiet: list[tuple[Company, int]] = field(default_factory=list)


def vciso_home(me: Mine) -> VcisoHome:
    """Return what waits for a vCISO, by due time, and what was decided without them."""
    ids = me.where(Role.VCISO)
    waiting = list(_waiting(me, ids).order_by(Review.due_at, Review.id).limit(SHOWN))
    claims = list(
        Claim.select(Claim, Person)
        .join(Person, on=(Claim.claimed_by == Person.id))
        .where(Claim.of == me.person.id, Claim.answered_at.is_null(), Claim.company.in_(ids))
        .order_by(Claim.claimed_at)
        .limit(SHOWN)
    )
    pairs = [("review", review, review.decision_id) for review in waiting]
    pairs += [("claim", claim, claim.decision_id) for claim in claims]
    pairs += [("question", r, r.decision_id) for r in reviews_in(ids, "question", me.person.id)]
    pairs += [("leadership", q, q.decision_id) for q in open_questions(ids)]
    pairs += [("todo", c, c.decision_id) for c in _due_conditions(me, ids)]
    pairs += [("risk", r, r.decision_id) for r in _ending_risks(me, ids)]
    rows = rows_of(me, ids, pairs)
    answers = [row for row in rows if row.what == "review"]
    newest = _revisions(answers)
    return VcisoHome(
        answers=[Row(r.company, r.decision, r.what, (r.about, newest.get(r.decision.id))) for r in answers],
        more=max(0, _waiting(me, ids).count() - len(answers)),
        minutes=sum(minutes_to_judge(newest.get(row.decision.id)) for row in answers),
        claims=[row for row in rows if row.what == "claim"],
        decided=_decided_without(me, ids),
        waiting=[row for row in rows if row.what in ("question", "leadership")],
        due=[row for row in rows if row.what in ("todo", "risk")],
        quiet=[
            (me.companies[key], (me.at - me.companies[key].last_event_at).days)
            for key in ids
            if me.at - me.companies[key].last_event_at >= QUIET_AFTER
        ],
    )


def _waiting(me: Mine, ids: list[int]) -> Query:
    """Return the reviews that wait for a person, and those that wait for somebody who is no longer vCISO."""
    engaged = (
        Engagement.running(me.at)
        .select(Engagement.person)
        .where(Engagement.company == Review.company, Engagement.role == Role.VCISO)
    )
    return (
        Review.select(Review, Person)
        .join(Person, on=(Review.asked_of == Person.id))
        .where(
            Review.company.in_(ids),
            Review.state == "waiting",
            (Review.asked_of == me.person.id) | Review.asked_of.not_in(engaged),
        )
    )


def minutes_to_judge(newest: Revision | None) -> int:
    """Return about how many minutes a plain answer takes: reading, and a moment to think."""
    return MINUTES_TO_JUDGE + round((newest.words if newest else 0) / WORDS_A_MINUTE)


def _revisions(rows: list[Row]) -> dict[int, Revision]:
    """Return the newest text of each row's decision, in one query."""
    if not rows:
        return {}
    latest = {row.decision.id: row.decision.latest for row in rows}
    found = Revision.select().where(
        Revision.company.in_({row.company.id for row in rows}), Revision.decision_id.in_(list(latest))
    )
    return {row.decision_id: row for row in found if row.number == latest[row.decision_id]}


def _due_conditions(me: Mine, ids: list[int]) -> list[Condition]:
    return list(
        Condition.select()
        .where(
            Condition.company.in_(ids),
            Condition.done_at.is_null(),
            Condition.due_on <= (me.at + DUE_WITHIN).date(),
        )
        .order_by(Condition.due_on, Condition.id)
        .limit(SHOWN)
    )


def _ending_risks(me: Mine, ids: list[int]) -> list[RiskAcceptance]:
    return list(
        RiskAcceptance.select()
        .where(
            RiskAcceptance.company.in_(ids),
            RiskAcceptance.ended_at.is_null(),
            RiskAcceptance.until > me.at,
            RiskAcceptance.until <= me.at + DUE_WITHIN,
        )
        .order_by(RiskAcceptance.until, RiskAcceptance.id)
        .limit(SHOWN)
    )


def _decided_without(me: Mine, ids: list[int]) -> list[tuple[Company, int, Row | None]]:
    counts = tallies.running_in(ids, "flag", [WITHOUT_INPUT], me.at)
    spans = without_input(me, ids, counts)
    rows = rows_of(me, ids, [("ask", span, span.subject_id) for span in spans])
    newest: dict[int, Row] = {}
    for row in rows:
        newest.setdefault(row.company.id, row)
    return [
        (me.companies[key], counts[key][WITHOUT_INPUT], newest.get(key))
        for key in sorted(ids, key=lambda key: -counts[key][WITHOUT_INPUT])
        if counts[key][WITHOUT_INPUT]
    ]
