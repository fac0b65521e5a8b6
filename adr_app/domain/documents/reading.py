"""Read a folder's records together: numbers, day order and links can only be told from all of them."""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from adr_app.domain.documents.dates import settle, usual_order, written_order
from adr_app.domain.documents.dating import Dated
from adr_app.domain.documents.extraction import Draft, Source, extract
from adr_app.domain.documents.links import unique
from adr_app.domain.documents.numbers import read_name
from adr_app.domain.documents.record import Link, Note, Record
from adr_app.domain.documents.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read below one folder: every file is in `records` or in `skipped` (path and reason), once."""

    records: tuple[Record, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def warnings(self) -> list[tuple[str, Note]]:
        """Return all remarks with the path they belong to."""
        return [(record.path, note) for record in self.records for note in record.warnings]


def read_records(
    sources: Mapping[str, Source | str],
    skipped: Mapping[str, str] | None = None,
    *,
    homes: set[str] | None = None,
    keep: Callable[[Record], Record] | None = None,
) -> Reading:
    """Read files by their relative paths; `skipped` are those that were refused before, with the reason.

    A source may be the reason why it is none. `homes` are the folders that are one record each, by default
    those that `sources` show. `keep` gets each record once its own file is read and returns what is kept of
    it: with sources that are decoded one by one, no two texts need be in memory at a time.
    """
    refused = dict(skipped or {})
    homes = record_folders(sources) if homes is None else homes
    drafts: dict[str, Draft] = {}
    for path in sorted(sources):
        source = sources[path]
        found = source if isinstance(source, str) else extract(path, source, homes)
        if isinstance(found, str):
            refused[path] = found
            continue
        if keep is not None:
            found.record = keep(found.record)
        drafts[path] = found
    _settle_dates(drafts, sources)
    _resolve_links(drafts)
    _warn_of_duplicates(drafts)
    return Reading(tuple(draft.record for draft in drafts.values()), tuple(sorted(refused.items())))


def record_folders(paths: Iterable[str]) -> set[str]:
    """Return the folders that are one record each: named as one with a read-me, or beside such folders."""
    folders = {
        posixpath.dirname(p) for p in paths if posixpath.basename(p).casefold() in ("readme.md", "index.md")
    }
    named = {f for f in folders if f and _is_record_name(posixpath.basename(f))}
    parents = [posixpath.dirname(folder) for folder in named]
    beside = {f for f in folders if f and parents.count(posixpath.dirname(f)) >= 3 and f not in parents}
    return named | beside


def _is_record_name(name: str) -> bool:
    read = read_name(name)
    return bool(read.day or (read.number and read.words and not name.casefold().startswith("v")))


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
                _settle(draft, draft.dated, overall if order is None else order)


def _order(group: list[Draft]) -> bool | None:
    names = ((read_name(posixpath.basename(d.record.path)).day, d) for d in group if d.dated)
    return usual_order((d.record.number_value, day, d.dated.day) for day, d in names if d.dated)


def _settle(draft: Draft, dated: Dated, order: bool | None) -> None:
    day = settle(dated.day, order)
    draft.record = replace(draft.record, date=day)
    if day is None:
        said = dated.raw.strip()[:60]
        if dated.day.impossible:
            note = Note(
                1, "date-impossible", f"There is no such day: “{said}”; the text is kept, no date is set."
            )
        else:
            note = Note(1, "date-ambiguous", f"Day and month cannot be told apart: “{said}”; no date is set.")
        draft.record = replace(draft.record, warnings=(*draft.record.warnings, note))


def _resolve_links(drafts: dict[str, Draft]) -> None:
    shelf = Shelf({path: (d.record.number_value, d.record.title or "") for path, d in drafts.items()})
    for path, draft in drafts.items():
        stated: list[Link] = []
        notes: list[Note] = []
        for link in draft.record.links:
            found = shelf.find(link.target, path)
            if found is None and link.note:
                continue
            partly = link.part or (draft.partly and link.kind == "supersedes" and link.inward)
            stated.append(replace(link, path=found, part=partly))
            if found is None and link.kind == "supersedes":
                notes.append(
                    Note(
                        link.line,
                        "link-unresolved",
                        f"No record fits “{link.target[:80]}”; the text is kept.",
                    )
                )
        links = unique(stated)
        related = {link.path for link in links}
        for address in draft.mentions:
            other = shelf.find(address, path)
            if other and other not in related:
                related.add(other)
                links += (Link("mentions", False, address, other),)
        draft.record = replace(
            draft.record, links=links, warnings=(*draft.record.warnings, *dict.fromkeys(notes))
        )
        _follow_relation(draft)


def _follow_relation(draft: Draft) -> None:
    """Let a stated successor decide: who is superseded as a whole is superseded, whatever else is said."""
    record = draft.record
    replaced = [x for x in record.links if x.kind == "supersedes" and x.inward and not x.part and not x.note]
    if replaced and record.status not in ("superseded", "rejected", "deprecated"):
        note = Note(
            replaced[0].line, "status-superseded", "The file names a successor, so it is read as superseded."
        )
        draft.record = replace(record, status="superseded", warnings=(*record.warnings, note))


def _warn_of_duplicates(drafts: dict[str, Draft]) -> None:
    seen: dict[tuple[str, int], str] = {}
    for path, draft in drafts.items():
        number = draft.record.number_value
        if number is None:
            continue
        first = seen.setdefault((posixpath.dirname(path), number), path)
        if first != path:
            note = Note(1, "number-twice", f"The number {number} is also that of {first}; both are kept.")
            draft.record = replace(draft.record, warnings=(*draft.record.warnings, note))
