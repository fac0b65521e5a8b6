"""What the person who imports should know of one record: what is unclear in it, and where that stands."""

from adr_app.domain.documents import places
from adr_app.domain.documents.dates import find_day
from adr_app.domain.documents.family import Look
from adr_app.domain.documents.inline import plain
from adr_app.domain.documents.links import MOST_LINKS, where_too_many
from adr_app.domain.documents.numbers import split_heading
from adr_app.domain.documents.record import Note
from adr_app.domain.documents.shelf import letters
from adr_app.domain.documents.structure import is_section_name
from adr_app.domain.documents.titles import is_placeholder, tidy


def remarks(
    look: Look, found: list[places.Place], place: places.Place | None, status: str | None, disagree: bool
) -> list[Note]:
    """Return the remarks on what one record states."""
    notes = _status_notes(found, place, status, disagree)
    notes += _number_notes(look)
    notes += _title_notes(look)
    notes += _date_notes(look)
    line = where_too_many(look.document)
    if line is not None:
        notes.append(
            Note(line + 1, "links-many", f"Only the first {MOST_LINKS} links of this text are followed.")
        )
    return notes


def _number_notes(look: Look) -> list[Note]:
    heading = next((h for h in look.document.headings if h.level <= 2), None)
    said = split_heading(plain(heading.text))[0] if heading and look.name.number else None
    if heading is None or said is None or int(float(said)) == int(float(look.name.number or 0)):
        return []
    text = f"The file's name has the number {look.name.number}, its heading {said}; we took the name's."
    return [Note(heading.line + 1, "number-disagrees", text)]


def _title_notes(look: Look) -> list[Note]:
    given = look.matter.get("title")
    heading = next((h for h in look.document.headings if h.level == 1), None)
    if not isinstance(given, str) or heading is None or is_section_name(heading.name):
        return []
    one, other = (tidy(plain(text), look.name.number)[0] or "" for text in (given, heading.text))
    if not one or not other or letters(one) == letters(other) or is_placeholder(heading.text):
        return []
    text = f"The front matter's title is “{one[:80]}”, the heading's “{other[:80]}”; we took the first."
    return [Note(heading.line + 1, "title-disagrees", text)]


def _date_notes(look: Look) -> list[Note]:
    given = look.matter.get("date")
    field = next((one for one in look.header if one.key == "date"), None)
    if not isinstance(given, str) or field is None:
        return []
    one, other = find_day(given), find_day(plain(field.value))
    if one is None or other is None or not one.text or not other.text or one.text == other.text:
        return []
    text = f"The front matter's date is {one.text}, the header's {other.text}; we took the first."
    return [Note(field.line + 1, "date-disagrees", text)]


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
