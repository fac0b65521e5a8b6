"""What was decided before the log and never checked: the queue that a vCISO sorts, what counts most first.

Only decisions in force stand in it: what was replaced or is no longer used raises nothing and takes no
answer. What somebody asked a full review for stands apart, as a line of a list is not enough to judge it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from peewee import SQL, EnclosedNodeList, Expression, Query, Value

from adr_app.domain.errors import WrongState
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.security import LEVEL_NAMES
from adr_app.domain.standing import standing_at
from adr_app.domain.timeline import fold
from adr_app.domain.timeline_states import Moment
from adr_app.models.comments import Comment
from adr_app.models.decisions import Decision, Revision
from adr_app.models.events import happenings
from adr_app.services import flags, gates, restricted
from adr_app.services.decision_rows import visible
from adr_app.services.list_filters import Wanted, filtered
from adr_app.services.people import Viewer

OLDER = "inherited-not-assessed"
"""The flag of what is older than the log, or of unknown date, and was never checked."""

PAGE = 20
"""Decisions on one page: a sitting."""

FULL_REVIEW = max(LEVEL_NAMES)
_STANDINGS = frozenset({"inherited", "date-unknown"})
_PLACE = re.compile(r"(\d)\.(\d{4}-\d\d-\d\d)\.(\d{1,9})(\.back)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One decision with its newest text, and the reason somebody gave for looking at it closely."""

    decision: Decision
    text: Revision
    why_closely: str = ""

    @property
    def text_waits(self) -> bool:
        """Return whether a newer text waits beside the one in force: an answer would be on that one."""
        return bool(self.decision.in_force != self.decision.latest)


@dataclass(slots=True)
class Page:
    """Some rows, with the places of the pages before and after them, empty where there is none."""

    rows: list[Row] = field(default_factory=list)
    newer: str = ""
    older: str = ""


def count(viewer: Viewer, at: datetime) -> int:
    """Return how many decisions are older than the log and unchecked, as far as this person may know."""
    running = restricted.running(viewer, restricted.hidden_from(viewer), "flag", at)
    return sum(n for (code, _), n in running.items() if code == OLDER)


def page(viewer: Viewer, at: datetime, *, place: str = "", closely: bool = False) -> Page:
    """Return one page: what can be sorted, or with `closely` what needs a full review.

    `place` is where a page before it ended, as `Page` says; what is none is the beginning.
    """
    found = _PLACE.fullmatch(place)
    back = found is not None and found[4] is not None
    rows = list(wanted(viewer, at, place=place, closely=closely))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if back:
        rows.reverse()
    shown = Page(_rows(viewer, rows, closely=closely))
    if rows:
        shown.newer = f"{_place(rows[0])}.back" if (more if back else found is not None) else ""
        shown.older = _place(rows[-1]) if (more or back) else ""
    return shown


def numbered(viewer: Viewer, numbers: Iterable[int]) -> dict[int, Decision]:
    """Return the decisions with some numbers that this person may know of, by number."""
    possible = [number for number in numbers if number < 2**31]
    rows = visible(viewer).where(Decision.number.in_(possible)) if possible else []
    return {row.number: row for row in rows}


def require_unchecked(decision: Decision, at: datetime) -> None:
    """Refuse what quick sorting would do to a decision that somebody dealt with meanwhile; within an act.

    :raises WrongState: saying who answered, and what.
    """
    moment = fold(decision.id, happenings(decision.company_id, decision.id))
    if moment is not None and moment.state.holds and _is_unchecked(moment, at):
        return
    given = [one for one in gates.standing_verdicts(decision) if VERDICTS[one.code].is_input]
    if given:
        said = VERDICTS[given[-1].code].button.removesuffix("…").removesuffix(", because")
        raise WrongState(f"{given[-1].person_name} answered this meanwhile: {said}.")
    raise WrongState("This is no longer among what is older than this log and unchecked.")


def _is_unchecked(moment: Moment, at: datetime) -> bool:
    return standing_at(moment.state, moment.company, at).code in _STANDINGS


def wanted(viewer: Viewer, at: datetime, *, place: str, closely: bool) -> Query:
    """Return the query for the rows of a page and one more, which tells whether there is another page."""
    found = _PLACE.fullmatch(place)
    back = found is not None and found[4] is not None
    return _in_order(_waiting(viewer, at, closely=closely), found, back=back).limit(PAGE + 1)


def _waiting(viewer: Viewer, at: datetime, *, closely: bool) -> Query:
    query = filtered(viewer, Wanted(flag=OLDER), at, leads=Decision.stakes)
    if closely:
        # Spelled as the index of these is, or SQLite would not see that it serves.
        return query.where(SQL(f'"t1"."level" = {FULL_REVIEW}'))
    return query.where(Decision.level.is_null() | (Decision.level < FULL_REVIEW))


def _in_order(query: Query, place: re.Match[str] | None, *, back: bool) -> Query:
    """Return the rows that follow a place: what hangs most on first, then the newest."""
    keys = (Decision.stakes, Decision.decided_key, Decision.id)
    if place is not None:
        beyond = [Value(v, converter=False) for v in (int(place[1]), place[2], int(place[3]))]
        query = query.where(
            Expression(EnclosedNodeList(list(keys)), ">" if back else "<", EnclosedNodeList(beyond))
        )
    return query.order_by(*(key.asc() if back else key.desc() for key in keys))


def _place(row: Decision) -> str:
    return f"{row.stakes}.{row.decided_key.isoformat()}.{row.id}"


def _rows(viewer: Viewer, decisions: list[Decision], *, closely: bool) -> list[Row]:
    if not decisions:
        return []
    ids = [row.id for row in decisions]
    newest = (
        Revision.select(Revision.decision_id, Revision.number, Revision.fields, Revision.answers)
        .join(Decision, on=(Decision.id == Revision.decision_id) & (Decision.latest == Revision.number))
        .where(Revision.company == viewer.company.id, Revision.decision_id.in_(ids))
    )
    texts = {row.decision_id: row for row in newest}
    why = _why_closely(viewer.company.id, ids) if closely else {}
    for row in decisions:
        row.company = viewer.company
    return [Row(row, texts[row.id], why.get(row.id, "")) for row in decisions]


def _why_closely(company_id: int, ids: list[int]) -> dict[int, str]:
    """Return the last reason that was given for a closer look, by decision, where one was."""
    said: dict[int, int] = {}
    for key, events in flags.events_about(company_id, ids).items():
        for event in events:
            if event.kind == "level.raised" and (words := event.data.get("said")):
                said[key] = words["comment"]
    rows = Comment.select().where(Comment.company == company_id, Comment.id.in_(list(said.values())))
    return {row.decision_id: row.text for row in rows} if said else {}
