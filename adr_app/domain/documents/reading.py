"""Read a folder's records together: numbers, day order and links can only be told from all of them."""

import posixpath
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import replace

from adr_app.domain.documents.dates import Day, settle, usual_order, written_order
from adr_app.domain.documents.dating import Dated
from adr_app.domain.documents.extraction import Draft, extract, extract_part
from adr_app.domain.documents.families import FAMILIES
from adr_app.domain.documents.family import MOST_PARTS, Part, Settings
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import Note, Record, stem_of
from adr_app.domain.documents.relations import resolve_links
from adr_app.domain.documents.room import Memory, Room
from adr_app.domain.documents.shelf import Known, Shelf
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.surroundings import Surroundings, why_not
from adr_app.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read below one folder: every file is in `records` or in `skipped` (path and reason), once."""

    records: tuple[Record, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def files(self) -> int:
        """Return how many files were looked at; several records in a file are one file."""
        return len({path for path, _ in self.skipped} | {record.file for record in self.records})

    @property
    def warnings(self) -> list[tuple[str, Note]]:
        """Return all remarks with the path they belong to."""
        return [(record.path, note) for record in self.records for note in record.warnings]


def read_records(
    sources: Mapping[str, Source | str],
    skipped: Mapping[str, str] | None = None,
    settings: Mapping[str, Settings] | None = None,
    *,
    homes: set[str] | None = None,
    keep: Callable[[Record], Record] | None = None,
) -> Reading:
    """Read files by their relative paths; `skipped` are those that were refused before, with the reason.

    A source may be the reason why it is none. `homes` are the folders that are one record each, by default
    those that `sources` show. `keep` gets each record once its own file is read and returns what is kept of
    it: with sources that are decoded one by one, no two texts need be in memory at a time.

    `settings` are the contents of settings files (see `families.SETTINGS`). A file of several records is
    among the skipped, with that as its reason; its records stand under its path, `#` and a name of their own.
    """
    reader = Reader(sources, skipped, settings, homes=homes, keep=keep)
    return Reading(tuple(reader.records()), tuple(sorted(reader.skipped.items())))


_LEFT_OUT = ("options", "drivers", "context", "decision", "consequences", "extra_sections")
"""What of a record is not told in brief."""


class Reader:
    """Reads files one by one, and tells what they say once what only all together show is known.

    The arguments are those of `read_records`; `room` is where is kept what must still be known of a file that
    was read, by default in memory. Where it is to be `brief`, records come without their sections and what is
    said of their options; `whole` returns them with all of it. `skipped` are the files that are no records,
    with the reason.
    """

    def __init__(
        self,
        sources: Mapping[str, Source | str],
        skipped: Mapping[str, str] | None = None,
        settings: Mapping[str, Settings] | None = None,
        *,
        homes: set[str] | None = None,
        keep: Callable[[Record], Record] | None = None,
        room: Room | None = None,
        brief: bool = False,
    ) -> None:
        room = room or Memory()
        self.skipped = dict(skipped or {})
        self._sources, self._keep = sources, keep
        self._drafts: MutableMapping[str, Draft] = room.mapping("drafts")
        self._counted = room.index("counted")
        self._shelf = Shelf(room=room)
        self._unsettled = False
        self._around = Surroundings(sources, settings or {}, homes)
        for path in sorted(sources):
            for found in _read(path, sources[path], self._around, brief=brief):
                if isinstance(found, str):
                    self.skipped[path] = found
                else:
                    self._take(found)

    def __contains__(self, path: object) -> bool:
        return path in self._drafts

    def records(self) -> Iterator[Record]:
        """Yield every record, in the order of the paths of their files."""
        orders = self._orders() if self._unsettled else {}
        for path, draft in self._drafts.items():
            if draft.dated is not None:
                order = orders.get(posixpath.dirname(path))
                _settle(draft, draft.dated, order if draft.day_first is None else draft.day_first)
            resolve_links(path, draft, self._shelf)
            self._warn_of_duplicate(path, draft)
            yield _in_its_file(draft)

    def whole(self, record: Record) -> Record:
        """Return a record that was read in brief with its sections and options, from its file read anew."""
        drafts = _read(record.file, self._sources[record.file], self._around)
        for one in (draft.record for draft in drafts if isinstance(draft, Draft)):
            if one.path == record.path:
                return replace(record, **{name: getattr(one, name) for name in _LEFT_OUT})
        return record

    def _take(self, draft: Draft) -> None:
        if self._keep is not None:
            draft.record = self._keep(draft.record)
        record = draft.record
        self._unsettled = self._unsettled or (draft.dated is not None and _is_unsettled(draft.dated.day))
        self._shelf.add(record.path, Known(record.number_value, record.title or "", record.scope))
        if record.number_value is not None:
            self._counted.add(_counted_as(record), record.path)
        self._drafts[record.path] = draft

    def _orders(self) -> dict[str, bool | None]:
        """Return for each folder whether the day comes first, by its own dates, else by all there are."""
        # Numbers tell the order of records within a folder only, so they have no say for all of them.
        overall = usual_order((None, named, day) for _, (_, named, day) in self._written())
        if overall is None:
            texts = (source.text for source in self._sources.values() if isinstance(source, Source))
            overall = written_order(texts)
        by_folder: dict[str, list[tuple[int | None, str | None, Day]]] = {}
        for folder, written in self._written():
            by_folder.setdefault(folder, []).append(written)
        own = {folder: usual_order(days) for folder, days in by_folder.items()}
        return {folder: overall if order is None else order for folder, order in own.items()}

    def _written(self) -> Iterator[tuple[str, tuple[int | None, str | None, Day]]]:
        for path, draft in self._drafts.items():
            if draft.dated is not None:
                folder, _, name = path.rpartition("/")
                yield folder, (draft.record.number_value, read_name(name).day, draft.dated.day)

    def _warn_of_duplicate(self, path: str, draft: Draft) -> None:
        number = draft.record.number_value
        first = None if number is None else self._counted.first(_counted_as(draft.record))
        if first not in (None, path):
            note = Note(1, "number-twice", f"The number {number} is also that of {first}; both are kept.")
            draft.record = replace(draft.record, warnings=(*draft.record.warnings, note))


def _is_unsettled(day: Day) -> bool:
    return day.text is None and not day.impossible


def _counted_as(record: Record) -> str:
    """Return what no two records should share: their scope, the topic in their name and their number."""
    topic = read_name(stem_of(posixpath.basename(record.path))).topic
    return f"{record.scope}\0{topic}\0{record.number_value}"


def _read(
    path: str, source: Source | str, around: Surroundings, *, brief: bool = False
) -> Iterator[Draft | str]:
    """Yield the records of one file, and why the file itself is none."""
    if isinstance(source, str):
        yield source
        return
    parts = _parts(path, source)
    if len(parts) > MOST_PARTS:
        yield f"it holds more than {MOST_PARTS} decisions, the most that are read of one file; split it"
        return
    for part in parts:
        yield extract_part(path, part, around, brief=brief)
    yield _several(parts) or why_not(path) or extract(path, source, around, brief=brief)


def _parts(path: str, source: Source) -> list[Part]:
    for family in FAMILIES:
        if family.parts is not None and (found := family.parts(path, source)):
            return found
    return []


def _several(parts: list[Part]) -> str | None:
    """Return why a file that holds several records is not one itself, or None when it holds none."""
    if not parts:
        return None
    return f"a file of {len(parts)} decisions; each is listed under this path and a name of its own"


def _in_its_file(draft: Draft) -> Record:
    """Return the record of a part with its lines counted in the whole file."""
    record, before = draft.record, draft.before
    if draft.one_line:
        notes = tuple(replace(note, line=before + 1) for note in record.warnings)
        return replace(record, warnings=notes, links=tuple(replace(x, line=before + 1) for x in record.links))
    if not before:
        return record
    notes = tuple(replace(note, line=note.line + before) for note in record.warnings)
    return replace(
        record, warnings=notes, links=tuple(replace(x, line=x.line + before) for x in record.links)
    )


def _settle(draft: Draft, dated: Dated, order: bool | None) -> None:
    day = settle(dated.day, order)
    if day != draft.record.date:
        draft.record = replace(draft.record, date=day)
    said = dated.raw.strip()[:60]
    if dated.day.text is not None or (day is not None and draft.day_first is not None):
        return
    if dated.day.impossible:
        code, message = (
            "date-impossible",
            f"There is no such day: “{said}”; the text is kept, no date is set.",
        )
    elif day is None and not dated.day.first:
        code, message = "date-ambiguous", f"A month is no day: “{said}”; the text is kept, no date is set."
    elif day is None:
        code, message = "date-ambiguous", f"Day and month cannot be told apart: “{said}”; no date is set."
    else:
        first = "day" if day == settle(dated.day, True) else "month"
        code, message = (
            "date-order",
            f"“{said}” could be two days; read with the {first} first, as the other files have it: {day}.",
        )
    note = Note(dated.line + 1, code, message)
    draft.record = replace(draft.record, warnings=(*draft.record.warnings, note))
