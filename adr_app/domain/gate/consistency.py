"""Findings about what records say, each by itself and all together; nothing here knows of files or git."""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from adr_app.domain.documents import Link, Record
from adr_app.domain.documents.selection import UNFILLED
from adr_app.domain.gate.facts import Facts
from adr_app.domain.gate.findings import Finding

Exists = Callable[[str], bool]
"""Tells whether there is a file or folder at a path relative to the folder that is checked."""

_BY_NOTE = {
    "status-unknown": "status-unknown",
    "status-template": "template-unfilled",
    "status-disagrees": "status-twice",
    "status-superseded": "status-left-behind",
    "date-impossible": "date-impossible",
    "date-ambiguous": "date-ambiguous",
    "metadata": "front-matter",
    "encoding": "encoding",
}
"""Which rule a remark of the reader belongs to; the others are found here from all records together."""

_COMPLETE = frozenset({"accepted", "proposed"})
"""Records with one of these statuses must have every part that the team requires."""

_NOT_IN_FORCE = frozenset({"proposed", "draft", "rejected"})


def findings(facts: Mapping[str, Facts], exists: Exists) -> list[Finding]:
    """Return everything that is wrong with the records, sorted by path and line."""
    found: set[Finding] = set()
    for path, known in facts.items():
        found.update(_of_one(path, known))
        found.update(_broken(path, known, exists))
        found.update(_replacements(path, known.record, facts))
    found.update(_numbers(known.record for known in facts.values()))
    return sorted(found)


def of_skipped(path: str, reason: str) -> list[Finding]:
    """Return what a file that is no record is reproached with: only that it is one left unfilled."""
    unfilled = reason == UNFILLED
    return [Finding(path, 1, "template-unfilled", f"The file is still {reason}.")] if unfilled else []


def _of_one(path: str, known: Facts) -> Iterable[Finding]:
    record = known.record
    noted = set()
    for note in record.warnings:
        if note.code in _BY_NOTE:
            noted.add(note.code)
            yield Finding(path, max(note.line, 1), _BY_NOTE[note.code], note.message)
    if record.status is None and not noted & {"status-unknown", "status-template"}:
        yield Finding(path, 1, "status-unstated")
    if record.status in _COMPLETE:
        for name in known.missing:
            yield Finding(path, 1, "section-missing", name)
    if known.elsewhere and "status-disagrees" not in noted:
        line, said = known.elsewhere
        detail = f"It is read as “{record.status or 'not stated'}”, and here it says “{said}”."
        yield Finding(path, line, "status-twice", detail)
    for key in known.twice:
        yield Finding(path, 1, "key-twice", key)


def _numbers(records: Iterable[Record]) -> Iterable[Finding]:
    """Yield a finding for every record whose number another one of its folder has too."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        if record.number is not None:
            folder = posixpath.dirname(record.path)
            if record.path.casefold().endswith(("/readme.md", "/index.md")):
                folder = posixpath.dirname(folder)
            held[folder, record.number.lstrip("0") or "0"].append(record.path)
    for (_, number), paths in held.items():
        if len(paths) > 1:
            yield from (Finding(path, 1, "number-twice", number) for path in paths)


def _broken(path: str, known: Facts, exists: Exists) -> Iterable[Finding]:
    folder = posixpath.dirname(path)
    for line, address in known.links:
        # What begins with a slash is an address of the site that shows the records, not of this folder.
        if not address.startswith("/") and not exists(posixpath.normpath(posixpath.join(folder, address))):
            yield Finding(path, line, "link-broken", address)
    said = {address for _, address in known.links}
    for link in known.record.links:
        external = "://" in link.target or any(address in link.target for address in said)
        if link.path is None and link.kind == "supersedes" and not external:
            yield Finding(path, max(link.line, 1), "link-broken", link.target[:120])


def _replacements(path: str, record: Record, facts: Mapping[str, Facts]) -> Iterable[Finding]:
    """Yield what is odd about who replaces whom, as this record tells it."""
    for link in record.links:
        if link.kind != "supersedes" or link.path is None or link.path == path or link.path not in facts:
            continue
        other = facts[link.path].record
        line = max(link.line, 1)
        if link.inward and not link.part and other.status in _NOT_IN_FORCE:
            yield Finding(path, line, "replaced-too-early", link.path)
        elif not _named_back(link, path, other) and (link.inward or record.status == "accepted"):
            yield Finding(path, line, "replaced-one-sided", link.path)


def _named_back(link: Link, path: str, other: Record) -> bool:
    return any(x.kind == "supersedes" and x.path == path and x.inward != link.inward for x in other.links)
