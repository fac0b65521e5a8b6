"""What the row of a decision must say: replayed from the acts on it, beside what they amount to.

Lists and pages read rows, so whoever checks the record asks here what each row should hold. Days that only a
text states come with the texts, by the number of their version.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from adr_app.domain.decisions import Status
from adr_app.domain.events import Happening
from adr_app.domain.levels import level_after
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.timeline_acts import BIRTHS
from adr_app.domain.timeline_states import DecisionState
from adr_app.domain.worktime import day_of

DECIDED = frozenset({Status.ACCEPTED, Status.SUPERSEDED, Status.DEPRECATED})

_MOVES = frozenset(
    {
        *("decision.proposed", "decision.accepted", "decision.text-accepted", "decision.rejected"),
        *("decision.withdrawn", "decision.reopened", "decision.taken-back", "decision.deprecated"),
        *("decision.implementation-set", "decision.status-stated", "review.asked", "review.verdict"),
        *("review.verdict-taken-back", "review.same-meaning", "review.declared-harmless"),
        *("level.raised", "level.lowered"),
    }
)
"""Acts that move a decision up in a list of what changed last, beside those that write a text."""


class DecisionRow(NamedTuple):
    """What the row of one decision must say; `shown` is the version whose fields lists show.

    `seq` is the last act that touched the row.
    """

    seq: int = 0
    number: int | None = None
    status: str = ""
    level: int | None = None
    raised_level: int | None = None
    author: int | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    proposed_at: datetime | None = None
    accepted_by: int | None = None
    accepted_at: datetime | None = None
    decided_on: date | None = None
    latest: int = 0
    in_force: int | None = None
    implementation: str = "not-started"
    imported: bool = False

    @property
    def shown(self) -> int:
        """Return the number of the version that lists show: the one in force, else the newest."""
        return self.in_force or self.latest


def follow_row(
    row: DecisionRow,
    act: Happening,
    before: DecisionState,
    after: DecisionState,
    days: Mapping[int, date | None],
) -> DecisionRow:
    """Return what the row says after `act`, which took the decision from one state to another.

    `days` is the day of the decision that each version states, None where it states none.
    """
    if act.subject != ("decision", after.id):
        if after.status == before.status:
            return row
        return row._replace(seq=act.seq, status=after.status, changed_at=act.at)
    if act.kind in BIRTHS:
        row = row._replace(
            number=act.data.get("reference"), author=act.actor, created_at=act.at, imported=after.imported
        )
    row = _with_text(row, act, days)
    if act.kind in _MOVES:
        row = row._replace(changed_at=act.at)
    row = _moved(row, act, before, days)
    level, raised = level_after(after.level_acts)
    return row._replace(seq=act.seq, status=after.status, level=level, raised_level=raised)


def _with_text(row: DecisionRow, act: Happening, days: Mapping[int, date | None]) -> DecisionRow:
    """Follow a version that the act wrote: lists show it, unless another is in force."""
    number = act.data.get("number")
    if number is None or number <= row.latest:
        return row
    row = row._replace(latest=number, changed_at=act.at)
    return row if row.in_force is not None else row._replace(decided_on=days.get(number))


def _moved(
    row: DecisionRow, act: Happening, before: DecisionState, days: Mapping[int, date | None]
) -> DecisionRow:
    data, number = act.data, act.data.get("number")
    match act.kind:
        case "decision.proposed":
            return row._replace(proposed_at=act.at)
        case "review.asked" if before.status == Status.DRAFT:
            return row._replace(proposed_at=act.at)
        case "decision.recorded" | "decision.accepted":
            day = day_of(data.get("decided_on"))
            return row._replace(in_force=number, accepted_at=act.at, accepted_by=act.actor, decided_on=day)
        case "decision.status-stated":
            return _stated(row, act)
        case "decision.imported" | "decision.reimported" if not data.get("restated"):
            return _settled(row, act, days)
        case "decision.taken-back":
            row = row._replace(in_force=None, accepted_at=None, accepted_by=None)
            return row._replace(decided_on=days.get(row.latest))
        case "decision.implementation-set":
            return row._replace(implementation=data["state"])
    return _in_force(row, number, days) if number and _takes_effect(row, act, before) else row


def _takes_effect(row: DecisionRow, act: Happening, before: DecisionState) -> bool:
    """Return whether the act puts the version it names in force beside an acceptance that stands."""
    match act.kind:
        case "decision.text-accepted":
            return True
        case "decision.revised":
            return bool(act.data.get("in_force"))
        case "review.verdict":
            clears = VERDICTS[act.data["code"]].clears and before.status in DECIDED
            return clears and act.data["number"] != row.in_force
        case "review.same-meaning":
            return before.status in DECIDED
    return False


def _in_force(row: DecisionRow, number: int, days: Mapping[int, date | None]) -> DecisionRow:
    """A text that does not say when it was decided leaves the day that was known."""
    return row._replace(in_force=number, decided_on=days.get(number) or row.decided_on)


def _stated(row: DecisionRow, act: Happening) -> DecisionRow:
    row = row._replace(decided_on=day_of(act.data.get("decided_on")))
    if act.data.get("status") != Status.ACCEPTED:
        return row
    return row._replace(in_force=row.latest, accepted_at=act.at, accepted_by=act.actor)


def _settled(row: DecisionRow, act: Happening, days: Mapping[int, date | None]) -> DecisionRow:
    """Follow the status that a file states."""
    status, number = act.data.get("status"), act.data["number"]
    if status not in DECIDED:
        row = row._replace(in_force=None, accepted_at=None, accepted_by=None)
        return row._replace(decided_on=days.get(row.latest)) if number > 1 else row
    if status == Status.ACCEPTED:
        row = _in_force(row, number, days)
    return row._replace(in_force=row.in_force or number, accepted_at=row.accepted_at or act.at)
