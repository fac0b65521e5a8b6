"""Readings of other tools on a system: taken from a file or from SonarQube, shown as lines, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from adr_app.domain import reading_files
from adr_app.domain.errors import NotFound
from adr_app.domain.permissions import Act
from adr_app.domain.readings import METRICS, Point, Reading, Step, completed, difference, one_a_day, steps
from adr_app.domain.worktime import local_day
from adr_app.models import readings as tables
from adr_app.models.base import insert_all, next_ids, writing
from adr_app.models.people import System
from adr_app.models.readings import ExternalReading
from adr_app.services import systems
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as, hold

MOST_LOOKED_AT = 4_000
"""The newest readings of a system that its page is made from: five years of fifteen metrics a week."""

MOST_POINTS = 120
"""Points of a line that is drawn, the newest ones."""

MOST_TAKEN = 20
"""How many times of reading a page lists."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest value of one metric of one tool, and the one before, where it is known.

    `change` is the difference in thousandths where the two can be compared, else `broken` says why not.
    """

    tool: str
    metric: str
    unit: str
    point: Point
    before: Point | None
    change: int | None
    broken: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Readings that one act took: its number, what they are of, how many there are, and who took them."""

    seq: int
    tools: tuple[str, ...]
    on: date
    count: int
    taken_by: int
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one tool over time, with the places where it breaks."""

    tool: str
    metric: str
    unit: str
    points: tuple[Point, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a system by other tools: the newest of each metric, one line, and what was taken."""

    system: System
    newest: tuple[Newest, ...]
    line: Line | None
    takings: tuple[Taking, ...]


def take_file(
    viewer: Viewer, name: str, content: bytes, typed: Mapping[str, str], *, at: datetime
) -> list[Reading]:
    """Take what a file of another tool says of a system; return what is new, nothing where all is known.

    `typed` may hold `version`, `settings` and `on` (a day), for what the file does not say.

    :raises Invalid: under `file`, `version`, `settings` or `on`.
    :raises NotFound: when this person knows of no such system here.
    """
    viewer.require(Act.TAKE_READINGS)
    systems.find(viewer, name)
    return take(viewer, name, reading_files.read(content), typed, at=at)


def take(
    viewer: Viewer, name: str, found: Sequence[Reading], typed: Mapping[str, str], *, at: datetime
) -> list[Reading]:
    """Take readings of a system, as `take_file` does, whatever they were read from."""
    viewer.require(Act.TAKE_READINGS)
    today = local_day(at, viewer.company.zone)
    whole = [completed(one, typed, today) for one in found]
    if not any(one.measures for one in whole):
        raise reading_files.refused("there is no number in it")
    with writing():
        hold(viewer.company.id)  # so that nobody takes the same readings in between
        system = systems.find(viewer, name)
        new = [one for one in whole if not _is_known(system, one)]
        if new:
            _store(viewer, system, new, at)
    return new


def take_back(viewer: Viewer, name: str, seq: int, *, at: datetime) -> None:
    """Take back what one act took, such as readings of another system: it stays in the record, unshown.

    :raises NotFound: when no act with this number took readings of this system that stand.
    """
    viewer.require(Act.TAKE_READINGS)
    with acting_as(viewer, at=at) as ledger:
        system = systems.find(viewer, name)
        changed = (
            ExternalReading.update(taken_back_at=ledger.at)
            .where(
                ExternalReading.company == viewer.company.id,
                ExternalReading.system_id == system.id,
                ExternalReading.seq == seq,
                ExternalReading.taken_back_at.is_null(),
            )
            .execute()
        )
        if not changed:
            raise NotFound("There are no such readings.")
        ledger.append("system.readings-taken-back", ("system", system.id), {"of": seq})


def sheet(viewer: Viewer, name: str, tool: str = "", metric: str = "") -> Sheet:
    """Return what other tools said of a system; the line is that of `tool` and `metric`, else the first.

    :raises NotFound: when this person knows of no such system here.
    """
    system = systems.find(viewer, name)
    rows = list(
        tables.standing(viewer.company.id, system.id)
        .order_by(ExternalReading.read_on.desc(), ExternalReading.id.desc())
        .limit(MOST_LOOKED_AT)
    )[::-1]
    lines: dict[tuple[str, str], list[ExternalReading]] = {}
    for row in rows:
        lines.setdefault((row.tool, row.metric), []).append(row)
    keys = sorted(lines, key=_place)
    chosen = (tool, metric) if (tool, metric) in lines else next(iter(keys), None)
    return Sheet(
        system,
        tuple(_newest(*key, lines[key]) for key in keys),
        _line(*chosen, lines[chosen]) if chosen else None,
        tuple(_takings(rows)[:MOST_TAKEN]),
    )


def with_days(viewer: Viewer) -> list[tuple[System, date | None]]:
    """Return the systems that this person may know of, by name, each with the day of its newest reading."""
    days = tables.newest_days(viewer.company.id)
    known = list(systems.known(viewer))
    return [(one, days.get(one.id)) for one in known]


def _is_known(system: System, one: Reading) -> bool:
    """Return whether a tool said all of this of that day already: a file is often sent twice."""
    rows = tables.standing(system.company_id, system.id).where(
        ExternalReading.tool == one.tool,
        ExternalReading.version == one.version,
        ExternalReading.settings == one.settings,
        ExternalReading.read_on == one.on,
    )
    said = {row.metric: row.value for row in rows.order_by(ExternalReading.id)}
    return all(said.get(measure.metric) == measure.value for measure in one.measures)


def _store(viewer: Viewer, system: System, new: Sequence[Reading], at: datetime) -> None:
    with acting_as(viewer, at=at) as ledger:
        pairs = [(one, measure) for one in new for measure in one.measures]
        ids = next_ids(ExternalReading, len(pairs))
        rows = [
            ExternalReading(
                id=key,
                company=viewer.company.id,
                system_id=system.id,
                seq=ledger.company.last_seq + 1,
                tool=one.tool,
                version=one.version,
                settings=one.settings,
                metric=measure.metric,
                value=measure.value,
                unit=measure.unit,
                read_on=one.on,
                taken_by=viewer.person.id,
                taken_at=ledger.at,
            )
            for key, (one, measure) in zip(ids, pairs, strict=True)
        ]
        insert_all(rows)
        told = {"readings": [[row.id, row.row_digest] for row in rows]}
        ledger.append("system.readings-taken", ("system", system.id), told)


def _place(key: tuple[str, str]) -> tuple[str, int, str]:
    """Return where a metric stands: those known here first, in the order of their table."""
    known = list(METRICS)
    return (key[0].casefold(), known.index(key[1]) if key[1] in known else len(known), key[1])


def _point(row: ExternalReading) -> Point:
    return Point(row.read_on, row.value, row.version, row.settings)


def _newest(tool: str, metric: str, rows: list[ExternalReading]) -> Newest:
    points = one_a_day(map(_point, rows))
    last, before = points[-1], points[-2] if len(points) > 1 else None
    broken = difference(before, last) if before else ""
    change = last.value - before.value if before and not broken else None
    return Newest(tool, metric, rows[-1].unit, last, before, change, broken)


def _line(tool: str, metric: str, rows: list[ExternalReading]) -> Line:
    points = one_a_day(map(_point, rows))[-MOST_POINTS:]
    return Line(tool, metric, rows[-1].unit, tuple(points), tuple(steps(points)))


def _takings(rows: Sequence[ExternalReading]) -> list[Taking]:
    """Return the acts that took some readings, the newest first."""
    by_act: dict[int, list[ExternalReading]] = {}
    for row in rows:
        by_act.setdefault(row.seq, []).append(row)
    return [
        Taking(
            seq,
            tuple(dict.fromkeys(f"{row.tool} {row.version}" for row in some)),
            max(row.read_on for row in some),
            len(some),
            some[0].taken_by_id,
            some[0].taken_at,
        )
        for seq, some in sorted(by_act.items(), reverse=True)
    ]
