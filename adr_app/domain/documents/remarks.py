"""What the person who imports should know of one record: what is unclear in it, and where that stands."""

from adr_app.domain.documents import places
from adr_app.domain.documents.family import Look
from adr_app.domain.documents.links import MOST_LINKS, where_too_many
from adr_app.domain.documents.record import Note


def remarks(
    look: Look, found: list[places.Place], place: places.Place | None, status: str | None, disagree: bool
) -> list[Note]:
    """Return the remarks on what one record states."""
    notes = _status_notes(found, place, status, disagree)
    line = where_too_many(look.document)
    if line is not None:
        notes.append(
            Note(line + 1, "links-many", f"Only the first {MOST_LINKS} links of this text are followed.")
        )
    return notes


def _status_notes(
    found: list[places.Place], place: places.Place | None, status: str | None, disagree: bool
) -> list[Note]:
    if place is None:
        return []
    line = place.line + 1
    if any(p.stated.template for p in found) and status is None:
        return [Note(line, "status-template", "The status is still the template's list of choices.")]
    if status is None and place.raw.strip():
        return [
            Note(line, "status-unknown", f"These words state no status we know: “{place.raw.strip()[:80]}”.")
        ]
    if disagree:
        said = "; ".join(dict.fromkeys(f"{p.source}: {p.raw.strip()[:60]}" for p in found if p.stated.status))
        return [
            Note(
                line,
                "status-disagrees",
                f"The file states more than one status ({said}); we took “{status}”.",
            )
        ]
    return []
