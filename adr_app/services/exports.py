"""Giving a log back: as files in a format of others, as a website that opens from disk, as an archive."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from adr_app.domain.decisions import Status
from adr_app.domain.documents.shelf import Shelf
from adr_app.domain.documents.writers import FORMATS, WHOLE, Fields, Format, Security, markdown, site, spelled
from adr_app.domain.errors import Invalid
from adr_app.domain.gate.statement import statement_name
from adr_app.domain.permissions import Act
from adr_app.domain.reviews import VERDICTS
from adr_app.domain.revisions import BY_NAME
from adr_app.models.base import snapshot
from adr_app.services import export_folder
from adr_app.services.export_fields import fields_of_row, standing_words
from adr_app.services.export_folder import Written
from adr_app.services.export_places import Places
from adr_app.services.export_rows import Log, Row
from adr_app.services.laid_out import html_of
from adr_app.services.packing import unpacked
from adr_app.services.people import Viewer
from adr_app.services.signing import Signer
from adr_app.services.statements import NoSignOff, statement_for

SITE = "site"
CODES = (*FORMATS, *WHOLE, SITE)
"""Every format by its code; the first is the usual one."""

IN_MEMORY = 8_000_000
"""Bytes of an archive that are held in memory; a larger one is put into a temporary file."""

_STYLE = Path(__file__).resolve().parent.parent / "static" / "site.css"
_PARTS = ("plain_words", "decision", "drivers", "context", "body", "consequences", "cost_of_not_deciding")
_BODY = "Text"


def run(
    viewer: Viewer,
    folder: Path,
    *,
    code: str,
    restricted: bool = False,
    force: bool = False,
    spelling: str = "superseded",
    bom: bool = False,
    key: Signer | None = None,
    at: datetime,
) -> dict[str, Any]:
    """Write the log into a folder and return what was done.

    Only what this person may see is written, and what is restricted only where that is asked for; how many
    were left out is reported. Writing again changes only what changed. With `key`, the vCISO's OK is written
    beside every file whose exact text it is on.

    :raises Invalid: for a format that is not in `CODES`.
    :raises WrongState: when the folder holds anything else, unless `force` is given.
    """
    viewer.require(Act.READ)
    if not force:
        export_folder.require_ours(folder, viewer.company.slug)
    with snapshot():
        log = Log(viewer, at, restricted=restricted)
        files = _files(log, code, spelling=spelling, bom=bom, key=key)
        facts = {"company": viewer.company.slug, "format": code}
        counts = export_folder.fill(folder, files, facts)
    return {
        "format": code,
        "folder": str(folder),
        "decisions": len(log.known),
        "left_out": log.left_out,
        "as_they_came": counts.originals,
        "written": counts.written,
        "unchanged": counts.unchanged,
        "removed": counts.removed,
    }


def archive(viewer: Viewer, at: datetime) -> IO[bytes]:
    """Return all that this person may see as a ZIP: MADR 4 and a table for spreadsheets.

    The work grows with the log; the memory does not. The caller closes what it gets.
    """
    viewer.require(Act.READ)
    held = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    stamp = max(at, datetime(1980, 1, 1, tzinfo=at.tzinfo)).timetuple()[:6]
    with snapshot(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        log = Log(viewer, at, restricted=True)
        for code, bom in (("madr4", False), ("csv", True)):
            for file in _files(log, code, bom=bom):
                packed.writestr(zipfile.ZipInfo(file.path, stamp), file.content, zipfile.ZIP_DEFLATED)
    small = held.tell() <= IN_MEMORY
    held.seek(0)
    if not small:
        return held
    with held:
        return io.BytesIO(held.read())  # needs no closing, and whoever is given it may forget to


def _files(
    log: Log, code: str, *, spelling: str = "superseded", bom: bool = False, key: Signer | None = None
) -> Iterator[Written]:
    if code in FORMATS:
        return _each(log, spelled(FORMATS[code], spelling), key)
    if code in WHOLE:
        return _whole(log, code, bom)
    if code == SITE:
        return _site(log)
    raise Invalid("There is no such format.", {"format": f"Choose one of {', '.join(CODES)}."})


def _each(log: Log, format: Format, key: Signer | None) -> Iterator[Written]:
    """Yield one file for each decision, and an index that names them all."""
    places = Places(log, format.name, format.label)
    lines = []
    for rows in log.batches():
        for row in rows:
            original, known, text = _original(places, row, format), log.known[row.decision.id], row.revision
            content = content_of(places, row, format) if original is None else original
            path = places.paths[row.decision.id]
            lines.append(markdown.indexed(_facts(row, path, log)))
            facts = (known.reference, text.number, text.digest, original is not None, row.decision.status)
            yield Written(path, content, *facts)
            if key is not None and (said := signed(row, content, path, key, log)):
                yield Written(statement_name(path), said.encode())
    yield Written("README.md", markdown.index(lines, log.viewer.company.name, _note(log)).encode())


def content_of(places: Places, row: Row, format: Format, number: int | None = None) -> bytes:
    """Return a decision's file in a format; `number` is the one in its name where that is not the log's."""
    source = places.log.known[row.decision.id].source
    fields = _fields(places, row, places.shelf(source) if source else None)
    own = row.file is None and number is not None
    return format.write(replace(fields, number=number) if own else fields).encode()


def signed(row: Row, content: bytes, path: str, key: Signer, log: Log) -> str:
    """Return the vCISO's OK on exactly this text as a signed statement, or nothing where there is none.

    Nothing of a restricted decision is signed for those who have only the files.
    """
    if row.decision.restricted or not any(VERDICTS[verdict.code].clears for verdict in row.verdicts):
        return ""
    row.decision.company = log.viewer.company
    try:
        return statement_for(row.decision, content.decode("utf-8-sig"), log.at, path=path, key=key)
    except (NoSignOff, UnicodeDecodeError):
        return ""


def _original(places: Places, row: Row, format: Format) -> bytes | None:
    """Return the bytes of the file that a decision came from, where they say all that is to be said."""
    if row.content is None or row.file is None or row.file.format != format.reads_as:
        return None
    return unpacked(row.content) if places.is_as_it_came(row) else None


def _whole(log: Log, code: str, bom: bool) -> Iterator[Written]:
    """Yield the one file that holds every decision."""
    format = WHOLE[code]
    places = Places(log, FORMATS["madr4"].name, None)
    decisions = (_fields(places, row) for rows in log.batches() for row in rows)
    text = "".join(format.pieces(decisions))
    mark = "\ufeff" if bom and code == "csv" else ""
    yield Written(format.file, f"{mark}{text}".encode())


def _site(log: Log) -> Iterator[Written]:
    """Yield the pages of a website."""
    company = log.viewer.company.name
    places = Places(log, site.name, None)
    places.paths = {
        id: site.name(Fields(known.title, reference=known.reference)) for id, known in log.known.items()
    }
    listed: list[Fields] = []
    for rows in log.batches(html=True):
        for row in rows:
            fields = _fields(places, row)
            yield Written(fields.path, site.page(fields, company, _parts(row)).encode(), fields.reference)
            listed.append(site.listed(fields))
    yield Written("index.html", site.index(listed, company, _note(log)).encode())
    yield Written("site.css", _STYLE.read_bytes())


def _parts(row: Row) -> Iterator[tuple[str, str]]:
    laid_out = html_of(row.revision)
    for name in _PARTS:
        if html := laid_out.get(name):
            yield (_BODY if name == "body" else BY_NAME[name].label), html


def _fields(places: Places, row: Row, shelf: Shelf | None = None) -> Fields:
    """Return a decision for writing; without `shelf`, with every relation, also those its text states."""
    found = fields_of_row(row, places.stated(row), places.log.viewer.company.zone, shelf)
    return replace(found, path=places.paths[row.decision.id])


def _facts(row: Row, path: str, log: Log) -> Fields:
    """Return what an index says of a decision."""
    status, day = row.decision.status, row.decision.decided_on
    return Fields(
        row.revision.title,
        reference=row.decision.ref,
        status=None if status == Status.UNSTATED else str(status),
        date=day.isoformat() if day else None,
        security=Security(standing_words(row.standing, log.viewer.company.zone)),
        path=path,
    )


def _note(log: Log) -> str:
    if not log.left_out:
        return ""
    one = log.left_out == 1
    return f"{log.left_out} restricted {'decision is' if one else 'decisions are'} left out."
