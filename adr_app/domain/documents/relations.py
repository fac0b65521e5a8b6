"""Settle what the links of a record mean, and what follows where it is replaced."""

from dataclasses import replace

from adr_app.domain.documents.extraction import Draft
from adr_app.domain.documents.links import unique
from adr_app.domain.documents.record import Link, Note, changed
from adr_app.domain.documents.shelf import Shelf


def resolve_links(path: str, draft: Draft, shelf: Shelf) -> None:
    """Find the record that each link of one means; what fits no record keeps its words, with a warning."""
    stated: list[Link] = []
    notes: list[Note] = []
    for link in draft.record.links:
        found = shelf.find(link.target, path)
        if found is None and link.note:
            continue
        partly = link.part or (draft.partly and link.kind == "supersedes" and link.inward)
        stated.append(replace(link, path=found, part=partly))
        if found is None and (link.kind == "supersedes" or "://" not in link.target):
            text = f"No record fits “{link.target[:80]}”; the text is kept."
            notes.append(Note(link.line, "link-unresolved", text))
    links = unique(stated)
    related = {link.path for link in links}
    for address in draft.mentions:
        other = shelf.find(address, path)
        if other and other not in related:
            related.add(other)
            links += (Link("mentions", False, address, other),)
    if draft.record.links or links:
        warnings = (*draft.record.warnings, *dict.fromkeys(notes))
        draft.record = changed(draft.record, links=links, warnings=warnings)
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
