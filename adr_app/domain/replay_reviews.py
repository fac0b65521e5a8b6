"""What the rows of reviews and of claims must say: replayed from the acts on their decision."""

from datetime import date, datetime
from typing import NamedTuple

from adr_app.domain.event_kinds import HANDING_OVER
from adr_app.domain.events import Happening
from adr_app.domain.timeline_states import CompanyState, DecisionState
from adr_app.domain.worktime import answer_due, day_of, due_after_change, due_after_turn, instant

OPEN = frozenset({"waiting", "question"})
_CLOSING = frozenset(
    {"decision.rejected", "decision.withdrawn", "decision.reopened", "decision.deprecated", "review.asked"}
)
_LEFT_OPEN = frozenset({"no-answer", "unasked", "emergency"})
"""Ways to accept that leave a review waiting."""


class ReviewRow(NamedTuple):
    """What the row of one review must say; `seq` is the last act that touched it."""

    seq: int
    asked_by: int | None
    asked_of: int | None
    asked_at: datetime
    due_at: datetime
    emergency: bool
    look_on: date | None = None
    state: str = "waiting"
    closed_at: datetime | None = None
    taken_at: datetime | None = None


class ClaimRow(NamedTuple):
    """What the row of one claim must say; `seq` is the last act that touched it."""

    seq: int
    of: int
    on: date | None
    claimed_by: int | None
    claimed_at: datetime
    yes: bool | None = None
    answered_at: datetime | None = None


Reviews = dict[int, ReviewRow]
Claims = dict[int, ClaimRow]


def follow_claims(claims: Claims, act: Happening) -> None:
    """Change `claims`, by id, as an act on their decision does."""
    data = act.data
    if act.kind == "review.claim-answered" and data["claim"] in claims:
        claims[data["claim"]] = claims[data["claim"]]._replace(
            seq=act.seq, yes=data["yes"], answered_at=act.at
        )
        return
    made = data if act.kind == "review.claimed" else data.get("claim")
    if not made or act.kind not in ("review.claimed", "decision.recorded", "decision.accepted"):
        return
    for key, row in claims.items():  # whoever did not answer an earlier one is not to answer it any more
        if key == max(claims):
            claims[key] = row._replace(seq=act.seq, answered_at=act.at)
    claims[made["claim"]] = ClaimRow(act.seq, made["of"], day_of(made["on"]), act.actor, act.at)


def follow_reviews(
    reviews: Reviews, act: Happening, before: DecisionState, after: DecisionState, company: CompanyState
) -> None:
    """Change `reviews`, by id, as an act on their decision does."""
    data = act.data
    if act.kind in _CLOSING or _ends_asking(act):
        _close(reviews, act)
    match act.kind:
        case "review.asked":
            due = instant(data["due_at"], company.zone) or act.at
            reviews[data["review"]] = ReviewRow(
                act.seq, act.actor, data["of"], act.at, due, bool(data["emergency"])
            )
        case "decision.accepted" | "decision.text-accepted" if data.get("review"):
            due = answer_due(act.at, company.zone, company.calendar, emergency_r3=after.level == 3)
            waiting = reviews.get(data["review"])
            if waiting is None:
                reviews[data["review"]] = ReviewRow(act.seq, act.actor, data.get("of"), act.at, due, True)
            elif not waiting.emergency:
                reviews[data["review"]] = waiting._replace(seq=act.seq, due_at=due, emergency=True)
        case "review.verdict":
            asks = data["code"] == "question"
            _open(reviews, act, state="question" if asks else "answered", closed_at=None if asks else act.at)
        case "review.look-on":
            _change(reviews, data["review"], act, look_on=day_of(data["on"]))
        case "review.taken":
            _change(reviews, data["review"], act, asked_of=act.actor, taken_at=act.at)
        case "review.replied":
            waiting = reviews.get(data["review"])
            if waiting is not None:
                due = due_after_turn(
                    *(waiting.due_at, before.turn_began or act.at, act.at, company.zone, company.calendar),
                    by_the_clock=waiting.emergency,
                )
                _change(reviews, data["review"], act, state="waiting", due_at=due)
        case "decision.taken-back" | "review.verdict-taken-back":
            _wait_again(reviews, act, after)


def follow_calendar(reviews: Reviews, act: Happening, company: CompanyState) -> None:
    """Change the days by which answers are due, as a change of the company's working days does."""
    if act.kind != "company.calendar-set":
        return
    for key, row in reviews.items():
        if row.state in OPEN and not row.emergency:
            was, now = company.calendar_was, company.calendar
            due = due_after_change(row.due_at, act.at, company.zone, was, now)
            if due != row.due_at:
                reviews[key] = row._replace(seq=act.seq, due_at=due)


def follow_handover(reviews: Reviews, act: Happening) -> None:
    """Let reviews lie with a successor, as handing a role over does."""
    for key in act.data.get("reviews") or () if act.kind in HANDING_OVER else ():
        _change(reviews, key, act, asked_of=act.data["of"], taken_at=act.at)


def _ends_asking(act: Happening) -> bool:
    if act.kind == "decision.accepted":
        return act.data.get("way") not in _LEFT_OPEN
    return act.kind == "decision.status-stated" and act.data["status"] not in ("accepted", "proposed")


def _wait_again(reviews: Reviews, act: Happening, after: DecisionState) -> None:
    ask = after.open_ask
    this = reviews.pop(ask.review, None) if ask else None
    _close(reviews, act)
    if ask is None or this is None:
        return
    state = "question" if after.is_question_open else "waiting"
    reviews[ask.review] = this._replace(
        seq=act.seq, state=state, closed_at=None, due_at=ask.due_at, emergency=ask.emergency
    )


def _close(reviews: Reviews, act: Happening) -> None:
    for key, row in reviews.items():
        if row.state in OPEN:
            reviews[key] = row._replace(seq=act.seq, state="closed", closed_at=act.at)


def _open(reviews: Reviews, act: Happening, **changed: object) -> None:
    """Change the review that waits for an answer or for the author, if there is one."""
    waiting = [key for key, row in reviews.items() if row.state in OPEN]
    if waiting:
        _change(reviews, max(waiting), act, **changed)


def _change(reviews: Reviews, key: int, act: Happening, **changed: object) -> None:
    if key in reviews:
        reviews[key] = reviews[key]._replace(seq=act.seq, **changed)  # type: ignore[arg-type]
