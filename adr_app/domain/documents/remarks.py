"""What the person who imports should know of one record: what is unclear in it, and where that stands."""

from adr_app.domain.documents import places
from adr_app.domain.documents.family import Look
from adr_app.domain.documents.record import Note


def remarks(
    look: Look, found: list[places.Place], place: places.Place | None, status: str | None, disagree: bool
) -> list[Note]:
    """Return the remarks on what one record states."""
    return _status_notes(found, place, status, disagree)


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
