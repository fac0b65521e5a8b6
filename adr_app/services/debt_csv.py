"""The table of technical debt: written for a spreadsheet, and read back in one act of all or nothing.

Each row is done by the acts of the pages, in one transaction around all of them: looking first does the same
and takes it back, so what it finds is what an import would do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adr_app.domain.debt import CARES, INTENTS, KINDS, LINK_ROLES, STATE_NAMES, State
from adr_app.domain.debt_csv import COLUMNS, ONLY_READ, Problem, Table, decoded, line, read
from adr_app.domain.debt_estimates import CONFIDENCE, GROWTH, OWN
from adr_app.domain.errors import Invalid, NotFound, Refused
from adr_app.domain.permissions import Act
from adr_app.models.base import writing
from adr_app.models.debt import DebtItem
from adr_app.services import debt, debt_csv_rows, debt_estimates, debt_links, debt_tickets
from adr_app.services.debt_rows import owners
from adr_app.services.people import Viewer
from adr_app.services.record import hold

BOM = "\ufeff"
"""A mark at the beginning by which spreadsheets know UTF-8."""

MOST_PROBLEMS = 100
TEXTS = (*debt.TEXT, *debt.DETAILS)
ESTIMATE = (
    *("fix_days", "fix_low", "fix_high", "monthly_loss", "loss_low", "loss_high", "chance", "growth"),
    *("growth_reason", "fix_growth", "months", "left_over", "avoided", "currency", "avoided_reason"),
    *("confidence", "note"),
)
"""Columns that make an estimate."""

EXAMPLE = {
    "title": "Backups were never tried",
    "kind": KINDS["infrastructure"],
    "system": "Billing",
    "symptoms": "Nobody knows whether one can be restored.",
    "intent": INTENTS["inadvertent"],
    "care": CARES["prudent"],
    "fix_days": "12",
    "monthly_loss": "1.5",
}


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do: numbers of rows, what is wrong by cell, and columns passed over."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    stored: bool = False


class _TakenBack(Exception):
    """What was done is to be taken back."""


def export(viewer: Viewer, at: datetime) -> Iterator[str]:
    """Yield the table of all items, line by line: the names of the columns first."""
    yield BOM + line(COLUMNS.values())
    for row in debt_csv_rows.cells(viewer, at):
        yield line(row[code] for code in COLUMNS)


def template(viewer: Viewer) -> str:
    """Return a table to fill in: the columns that an import takes, and one row as an example."""
    codes = [code for code in COLUMNS if code not in ONLY_READ and code != "state"]
    example = EXAMPLE | {"owner": viewer.person.name}
    return BOM + line(COLUMNS[code] for code in codes) + line(example.get(code, "") for code in codes)


def load(viewer: Viewer, content: bytes, *, at: datetime, dry: bool = False) -> Outcome:
    """Import a table: all of it, or nothing where anything is wrong; with `dry`, nothing in any case.

    A row without a reference notes an item; one with a reference changes that item where it says otherwise,
    and what is empty is emptied, where it may be. Links and tickets are added, never removed.

    :raises NotAllowed: when the viewer may not import.
    :raises Unreadable: when the file is no such table.
    """
    viewer.require(Act.IMPORT)
    table = read(content)
    done = Outcome(passed_over=[COLUMNS[code] for code in table.columns if code in ONLY_READ])
    try:
        with writing():
            hold(viewer.company.id)  # so that nobody changes an item in between
            _Rows(viewer, table, at, done).run()
            if dry or done.problems:
                raise _TakenBack
    except _TakenBack:
        return done
    done.stored = True
    return done


def text_of(content: bytes) -> str:
    """Return the text of a table that was read, to be sent again in a form."""
    return decoded(content)


class _Rows:
    """Goes through the rows of one table, doing what each says."""

    def __init__(self, viewer: Viewer, table: Table, at: datetime, done: Outcome) -> None:
        self.viewer, self.table, self.at, self.done = viewer, table, at, done
        self.owners: dict[str, list[int]] = {}
        for key, name in owners(viewer, at):
            self.owners.setdefault(name.casefold(), []).append(key)
        self.seen: set[int] = set()

    def run(self) -> None:
        """Do every row, each alone: what is wrong with one does not hide what is wrong with the next."""
        for number, cells in self.table.rows:
            if len(self.done.problems) >= MOST_PROBLEMS:
                return
            try:
                with writing():
                    what = self._row(cells)
            except Invalid as refusal:
                told = refusal.fields or {"": str(refusal)}
                self.done.problems += [
                    Problem(number, COLUMNS.get(_COLUMN.get(name, name), ""), message)
                    for name, message in told.items()
                ]
            except Refused as refusal:
                self.done.problems.append(Problem(number, COLUMNS["reference"], str(refusal)))
            else:
                setattr(self.done, what, getattr(self.done, what) + 1)

    def _row(self, cells: Mapping[str, str]) -> str:
        typed = {code: _coded(code, cell) for code, cell in cells.items() if code not in ONLY_READ}
        if not typed.get("reference", "").strip():
            self._note(typed)
            return "new"
        return "changed" if self._change(self._item(typed["reference"]), typed, cells) else "same"

    def _note(self, typed: dict[str, str]) -> None:
        """Note an item, with all that its row says of it."""
        state = typed.get("state", "")
        allowed = {"", State.IDENTIFIED, State.ANALYSED, State.REPAID}
        if state not in allowed:
            raise _wrong("state", "A new item is noted, estimated or repaid; it comes further on its page.")
        known = {name: typed.get(name, "") for name in debt.TEXT}
        known["kind"] = known["kind"] or "other"
        concerns = typed.get("security") == "yes"
        item = debt.note(
            self.viewer,
            title=known["title"],
            kind=known["kind"],
            system=known["system"],
            symptoms=known["symptoms"],
            security=concerns,
            at=self.at,
        )
        details = {name: typed[name] for name in debt.DETAILS if typed.get(name)}
        if details:
            debt.revise(self.viewer, item.number, **known, details=details, at=self.at)
        if any(typed.get(name) for name in ESTIMATE) or state == State.ANALYSED:
            self._estimate(item, typed)
        self._link(item, typed, {})
        if state == State.REPAID:
            debt.repay(self.viewer, item.number, actual_days=typed.get("actual_days", ""), at=self.at)

    def _change(self, item: DebtItem, typed: dict[str, str], cells: Mapping[str, str]) -> bool:
        """Change an item where its row says otherwise; return whether it does."""
        (now,) = debt_csv_rows.of(self.viewer, [item], self.at)
        coded = {code: _coded(code, cell) for code, cell in now.items()}
        other = {code for code, cell in typed.items() if _same(cell) != _same(coded[code])}
        if fixed := other & {"state", "actual_days"}:
            code = min(fixed)
            raise _wrong(code, f"This is “{now[code] or 'empty'}” now. It changes on the item's own page.")
        if other & set(TEXTS):
            whole = {name: typed.get(name, coded[name]) for name in TEXTS}
            texts = {name: whole.pop(name) for name in debt.TEXT}
            debt.revise(self.viewer, item.number, **texts, details=whole, at=self.at)
        if other & {*ESTIMATE, "owner"}:
            self._estimate(item, {**coded, **typed})
        self._link(item, {code: typed[code] for code in other}, coded)
        return bool(other - {"reference"})

    def _estimate(self, item: DebtItem, typed: Mapping[str, str]) -> None:
        currency = typed.get("currency", "").strip().upper()
        if typed.get("avoided") and currency and currency != self.viewer.company.currency:
            raise _wrong("currency", f"The company reckons in {self.viewer.company.currency}.")
        detail = {name: typed.get(name, "") for name in ESTIMATE if name not in ("currency", "growth")}
        numbers = {name: detail.pop(name) for name in debt_estimates.NUMBERS}
        growth = typed.get("growth", "")
        detail |= {"growth": growth} if growth in GROWTH else {"growth": OWN, "growth_own": growth}
        if not growth:
            detail["growth"] = "same"
        beside = {name: typed.get(name, "") for name in ("system", "intent", "care", "benefit")}
        beside["kind"] = typed.get("kind") or item.kind
        beside["owner"] = self._owner(typed.get("owner", ""))
        debt_estimates.analyse(self.viewer, item.number, detail=detail, at=self.at, **numbers, **beside)

    def _owner(self, name: str) -> str:
        found = self.owners.get(" ".join(name.split()).casefold(), [])
        if name.strip() and len(found) != 1:
            why = "Two people here are called so." if found else "Nobody with a role here is called so."
            raise _wrong("owner", f"{why} Choose on the item's page, or name somebody else.")
        return str(found[0]) if found else ""

    def _link(self, item: DebtItem, typed: Mapping[str, str], now: Mapping[str, str]) -> None:
        for role in LINK_ROLES:
            there = set(_words(now.get(role, "")))
            for named in dict.fromkeys(_words(typed.get(role, ""))):
                if named not in there:
                    number = debt_links.typed_decision(self.viewer, named, role)
                    debt_links.link(self.viewer, item.number, number or 0, role, at=self.at)
        there = set(now.get("tickets", "").split())
        for address in dict.fromkeys(typed.get("tickets", "").split()):
            if address not in there:
                debt_tickets.link(self.viewer, item.number, address, at=self.at)

    def _item(self, text: str) -> DebtItem:
        digits = text.strip().upper().removeprefix("TD-")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
        if number in self.seen:
            raise _wrong("reference", "This item has a row above already.")
        try:
            found = debt.find(self.viewer, number)
        except NotFound:
            raise _wrong("reference", "There is no such item here. Leave it empty for a new one.") from None
        self.seen.add(number)
        return found


_COLUMN = {"growth_own": "growth", "address": "tickets", "decision": "incurred_by", "role": "incurred_by"}
"""Fields of forms by other names than the columns that they are typed in."""

_WORDS: dict[str, Mapping[str, str]] = {
    "kind": KINDS,
    "state": {str(code): words for code, words in STATE_NAMES.items()},
    "intent": INTENTS,
    "care": CARES,
    "confidence": CONFIDENCE,
    "growth": {code: words for code, (words, _) in GROWTH.items()},
    "security": {"yes": "yes", "": "no"},
}


def _coded(code: str, cell: str) -> str:
    """Return a cell as the forms of pages send it: a choice by its code, whichever way it was written."""
    choices, typed = _WORDS.get(code), cell.strip()
    if choices is None or not typed:
        return cell.strip() if code != "symptoms" else cell
    folded = typed.casefold()
    found = [key for key, words in choices.items() if folded in (key.casefold(), words.casefold())]
    if found:
        return found[0]
    if code == "growth":
        return typed
    listed = ", ".join(f"“{words}”" for words in choices.values())
    raise _wrong(code, f"Write one of {listed}.")


def _same(cell: str) -> str:
    """Return what of a cell counts when it is compared: spreadsheets change line ends and outer space."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _words(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace(";", ",").split(",") if part.strip()]


def _wrong(code: str, message: str) -> Invalid:
    return Invalid("This cannot be saved yet.", {code: message})
