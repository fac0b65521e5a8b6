"""Write decisions in other people's formats: one small module for each, listed here.

A writer is a pure function from `Fields` to text. Adding a format is one module and one line of the table.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from adr_app.domain.documents.writers import adr_tools, csv_rows, json_adr, log4brains, madr2, madr4, wording
from adr_app.domain.documents.writers.fields import Fields, Relation, Security
from adr_app.domain.values import dataclass

__all__ = ["FORMATS", "WHOLE", "Fields", "Format", "Relation", "Security", "Whole", "spelled"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of files, one for each decision.

    `reads_as` is what our reader calls it: a file read as that is given back as it came. `label` names
    another decision in a link, by its file (path from the top) and number.
    """

    code: str
    words: str
    reads_as: str
    write: Callable[[Fields], str]
    name: Callable[[Fields], str]
    label: Callable[[str, int | None], str]


def _by_number(path: str, number: int | None) -> str:
    return f"ADR-{number:04}" if number is not None else _by_file(path, number)


def _by_file(path: str, number: int | None) -> str:
    return path.removesuffix(".md")


FORMATS = {
    found.code: found
    for found in (
        Format("madr4", "MADR 4", "madr4", madr4.write, wording.numbered_name, _by_number),
        Format("madr2", "MADR 2", "madr2", madr2.write, wording.numbered_name, _by_number),
        Format("adr-tools", "adr-tools", "nygard", adr_tools.write, wording.numbered_name, _by_number),
        Format("log4brains", "log4brains", "log4brains", log4brains.write, log4brains.name, _by_file),
    )
}
"""Every format of files by its code; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One format that takes the whole log in one file, written piece by piece."""

    code: str
    words: str
    file: str
    pieces: Callable[[Iterable[Fields]], Iterator[str]]


WHOLE = {
    found.code: found
    for found in (
        Whole("json-adr", "JSON-ADR 1.0.0", "decisions.json", json_adr.pieces),
        Whole("csv", "CSV for spreadsheets", "decisions.csv", csv_rows.pieces),
    )
}
"""Every format of one file for all, by its code."""


def spelled(found: Format, spelling: str) -> Format:
    """Return adr-tools' format with another spelling of superseded; others stay as they are."""
    if found.code != "adr-tools":
        return found
    write = partial(adr_tools.write, spelling=spelling)
    return Format(found.code, found.words, found.reads_as, write, found.name, found.label)
