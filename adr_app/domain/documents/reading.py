"""Read a folder's records together: numbers, day order and links can only be told from all of them."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from adr_app.domain.documents.dates import settle, usual_order, written_order
from adr_app.domain.documents.dating import Dated
from adr_app.domain.documents.extraction import Draft, extract, extract_part
from adr_app.domain.documents.families import FAMILIES
from adr_app.domain.documents.family import MOST_PARTS, Part, Settings
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import Note, Record, stem_of
from adr_app.domain.documents.relations import resolve_links
from adr_app.domain.documents.source import Source
from adr_app.domain.documents.surroundings import Surroundings, why_not


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
    refused = dict(skipped or {})
    around = Surroundings(sources, settings or {}, homes)
    drafts: dict[str, Draft] = {}
    for path in sorted(sources):
        for found in _read(path, sources[path], around):
            if isinstance(found, str):
                refused[path] = found
                continue
            if keep is not None:
                found.record = keep(found.record)
            drafts[found.record.path] = found
    _settle_dates(drafts, sources)
    resolve_links(drafts)
    _warn_of_duplicates(drafts)
    for draft in drafts.values():
        draft.record = _in_its_file(draft)
    return Reading(tuple(draft.record for draft in drafts.values()), tuple(sorted(refused.items())))


def _read(path: str, source: Source | str, around: Surroundings) -> Iterator[Draft | str]:
    """Yield the records of one file, and why the file itself is none."""
    if isinstance(source, str):
        yield source
        return
    parts = _parts(path, source)
    if len(parts) > MOST_PARTS:
        yield f"it holds more than {MOST_PARTS} decisions, the most that are read of one file; split it"
        return
    for part in parts:
        yield extract_part(path, part, around)
    yield _several(parts) or why_not(path) or extract(path, source, around)


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


def _settle_dates(drafts: dict[str, Draft], sources: Mapping[str, Source | str]) -> None:
    """Decide between day and month first, for each folder from its own dates, else from all there are."""
    by_folder: dict[str, list[Draft]] = {}
    for path, draft in drafts.items():
        if draft.dated:
            by_folder.setdefault(posixpath.dirname(path), []).append(draft)
    unsettled = any(
        d.dated and d.dated.day.text is None and not d.dated.day.impossible for d in drafts.values()
    )
    overall = _order(list(drafts.values())) if unsettled else None
    if unsettled and overall is None:
        overall = written_order(source.text for source in sources.values() if isinstance(source, Source))
    for group in by_folder.values():
        order = _order(group) if unsettled else None
        for draft in group:
            if draft.dated is not None:
                usual = overall if order is None else order
                _settle(draft, draft.dated, usual if draft.day_first is None else draft.day_first)


def _order(group: list[Draft]) -> bool | None:
    names = ((read_name(posixpath.basename(d.record.path)).day, d) for d in group if d.dated)
    return usual_order((d.record.number_value, day, d.dated.day) for day, d in names if d.dated)


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


def _warn_of_duplicates(drafts: dict[str, Draft]) -> None:
    seen: dict[tuple[str, str, int], str] = {}
    for path, draft in drafts.items():
        number = draft.record.number_value
        if number is None:
            continue
        first = seen.setdefault(
            (draft.record.scope, read_name(stem_of(posixpath.basename(path))).topic, number), path
        )
        if first != path:
            note = Note(1, "number-twice", f"The number {number} is also that of {first}; both are kept.")
            draft.record = replace(draft.record, warnings=(*draft.record.warnings, note))
