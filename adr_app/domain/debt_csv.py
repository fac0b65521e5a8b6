"""Technical debt as a table for spreadsheets (RFC 4180): its columns, how cells are written and read.

A cell that a spreadsheet would run is written so that it is text, and read back as it was.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from adr_app.domain.errors import Invalid
from adr_app.domain.values import dataclass

COLUMNS: dict[str, str] = {
    "reference": "Reference",
    "title": "What is owed",
    "kind": "Kind",
    "state": "Standing",
    "system": "System",
    "owner": "Answers for it",
    "symptoms": "What it looks like",
    "impact": "What it does to the business",
    "benefit": "What we got for it",
    "intent": "Taken on knowingly",
    "care": "Thought through",
    "security": "Concerns security",
    "review_on": "Look at it again on",
    "obligation_on": "It must be fixed by",
    "fix_days": "Working days to fix",
    "fix_low": "Fix: at least",
    "fix_high": "Fix: at most",
    "monthly_loss": "Working days lost each month",
    "loss_low": "Loss: at least",
    "loss_high": "Loss: at most",
    "chance": "Felt in so many of 100 months",
    "growth": "How it grows",
    "growth_reason": "Why it grows",
    "fix_growth": "Fix gets dearer, % a month",
    "months": "Months the fix takes",
    "left_over": "Loss that stays, %",
    "avoided": "Loss avoided each month",
    "currency": "Currency",
    "avoided_reason": "How that was reckoned",
    "confidence": "How sure",
    "note": "Note on the estimate",
    "actual_days": "Working days it took",
    "incurred_by": "Decisions that led to it",
    "repaid_by": "Decisions that repay it",
    "revealed_by": "Decisions that showed it",
    "accepted_by": "Decisions to live with it",
    "tickets": "Tickets",
    "noted_on": "Noted on",
    "noted_by": "Noted by",
    "closed_on": "Closed on",
    "starts_on": "Planned from",
    "monthly_work": "Working days a month set aside",
    "carried_until": "Lived with until",
    "reports": "Reports in 90 days",
    "observed": "Working days really lost each month",
}
"""Every column by its code, in order, with its name in the table."""

ONLY_READ = frozenset(
    {
        *("noted_on", "noted_by", "closed_on", "starts_on", "monthly_work", "carried_until"),
        *("reports", "observed"),
    }
)
"""Columns that say what acts brought about: an import passes over them."""

MOST_COLUMNS = 2 * len(COLUMNS)
"""How many names row 1 may hold for each that is wrong to be told of."""

MOST_ROWS = 400
MOST_BYTES = 2 * 1024 * 1024
MOST_IN_CELL = 32_000
"""What one import takes: each row is an act or more, and nobody else can write meanwhile.

Spreadsheets hold 32,767 characters in a cell.
"""

_BEGINS_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_WAS_QUOTED = re.compile(r"''*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-[0-9]{1,12}(?:\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the row as a spreadsheet counts (names are row 1), the column's name."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: its columns by code, and its rows by their numbers, each by column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


class Unreadable(Invalid):
    """A table whose names or shape cannot be read; `problems` are the cells, where it is cells."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message, {"file": message})
        self.problems = tuple(problems)


def line(cells: Iterable[str]) -> str:
    """Return one line of cells, each defused, ended by CR LF."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return held.getvalue()


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet runs: what would begin a formula gets an apostrophe before it.

    What begins with apostrophes and then as a formula gets one more, so that `as_written` knows which is
    whose. A negative number is one, and stays.
    """
    cell = cell.replace("\0", "")
    return f"'{cell}" if _BEGINS_FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def as_written(cell: str) -> str:
    """Return a cell as it was before `defused`."""
    return cell[1:] if _WAS_QUOTED.match(cell) and not _NUMBER.fullmatch(cell) else cell


def read(content: bytes) -> Table:
    """Return the table in a file: with commas, semicolons or tabs, in UTF-8 or UTF-16 with its mark.

    :raises Unreadable: saying what to do, and naming the cells where it is some.
    """
    text = decoded(content)
    try:
        records = _records(text)
    except csv.Error as error:
        raise Unreadable(f"This file is no table of CSV: {error}.") from None
    if not records:
        raise Unreadable("This file is empty. Begin with the template.")
    columns = _columns(records[0])
    rows, problems = [], []
    for number, cells in enumerate(records[1:], 2):
        if not any(as_written(cell).strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            problems.append(Problem(number, "", "This row has more cells than there are names in row 1."))
        long = [
            columns[place] for place, cell in enumerate(cells[: len(columns)]) if len(cell) > MOST_IN_CELL
        ]
        problems += [
            Problem(number, COLUMNS[one], f"Shorten this to {MOST_IN_CELL:,} characters.") for one in long
        ]
        rows.append((number, {name: as_written(cell) for name, cell in zip(columns, cells, strict=False)}))
    if problems:
        raise Unreadable("Some rows do not fit the names in row 1.", problems)
    if not rows:
        raise Unreadable("There is no row below the names of the columns.")
    return Table(columns, tuple(rows))


def decoded(content: bytes) -> str:
    """Return the text of a file.

    :raises Unreadable: when it is too large, or in no encoding that can be told for sure.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1024 // 1024} megabytes. Split it.")
    coding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(coding)
    except UnicodeDecodeError:
        raise Unreadable(
            "This file is not in UTF-8, so letters would be wrong. Save it as “CSV UTF-8” and send it again."
        ) from None
    if "\0" in text:
        raise Unreadable("This file holds bytes that are no text. Save the table as “CSV UTF-8”.")
    return text


def _records(text: str) -> list[list[str]]:
    """Return the records of a table, read with the separator by which most of its names are known."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(",;\t", key=lambda one: sum(_code(name) is not None for name in _split(first, one)))
    records = []
    for record in csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=separator, strict=True):
        records.append(record)
        if len(records) > MOST_ROWS + 1:
            raise Unreadable(f"This table has more than {MOST_ROWS:,} rows. Split it into several files.")
    return records


def _split(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []


def _columns(names: list[str]) -> tuple[str, ...]:
    last = max((place for place, name in enumerate(names, 1) if name.strip()), default=0)
    names = names[:last]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"Row 1 has {len(names):,} columns; a table has {len(COLUMNS)} at most.")
    found: list[str] = []
    problems = []
    for name in names:
        code = _code(name)
        if code is None:
            problems.append(Problem(1, name.strip()[:60] or "(empty)", "There is no such column."))
        elif code in found:
            problems.append(Problem(1, COLUMNS[code], "This column is there twice."))
        else:
            found.append(code)
    if "title" not in found:
        problems.append(Problem(1, COLUMNS["title"], "This column is missing."))
    if problems:
        raise Unreadable("The names in row 1 are not those of the template.", problems)
    return tuple(found)


_BY_NAME = {name.casefold(): code for code, name in COLUMNS.items()} | {code: code for code in COLUMNS}


def _code(name: str) -> str | None:
    return _BY_NAME.get(" ".join(as_written(name).split()).casefold())
