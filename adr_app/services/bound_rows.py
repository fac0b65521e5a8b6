"""Rows that later acts may still touch, against all the acts on them: to-dos, risks taken, what was said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from adr_app.models.decisions import Comment
from adr_app.models.reviews import Condition, RiskAcceptance, RiskQuestion

PAGE = 200
"""How many rows are read at a time."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry that does not verify: its number (0 for none), its kind and a sentence."""

    seq: int
    kind: str
    message: str


class Broken(Exception):
    """Something does not verify; `found` says what."""

    def __init__(self, seq: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.found = Break(seq, kind, message)


@dataclass(slots=True)
class _Promise:
    """What the record says of one row: the entry that made it, its digest, and what later acts left in it."""

    seq: int
    digest: str
    later: dict[str, Any] = field(default_factory=dict)


_TABLES: dict[str, tuple[Any, str]] = {
    "condition": (Condition, "a to-do"),
    "risk": (RiskAcceptance, "a risk that was taken"),
    "question": (RiskQuestion, "a question to leadership"),
    "remark": (Comment, "what somebody said"),
}
"""Each kind of row with its table and how a sentence calls it."""


class Promises:
    """What a company's entries, followed in order, promise of rows that the database lets change."""

    def __init__(self) -> None:
        self.made: dict[str, dict[int, _Promise]] = {kind: {} for kind in _TABLES}

    def follow(self, seq: int, at: int, actor: int | None, kind: str, data: dict[str, Any]) -> None:
        """Take in one entry; `at` is in seconds since 1970."""
        if said := data.get("said"):
            self.made["remark"].setdefault(said["comment"], _Promise(seq, said["row"]))
        if kind == "review.verdict":
            for todo in data.get("conditions") or ():
                self.made["condition"].setdefault(
                    todo["condition"], _Promise(seq, todo["row"], {"due_on": todo["due_on"]})
                )
        elif kind == "risk.asked":
            self.made["question"].setdefault(data["question"], _Promise(seq, data["row"]))
        elif kind == "risk.accepted":
            self.made["risk"].setdefault(data["acceptance"], _Promise(seq, data["row"]))
        elif kind == "risk.ended":
            self._later("risk", data["acceptance"], ended_at=at)
        elif kind == "condition.done":
            self._later(
                "condition", data["condition"], done_at=at, done_by=actor, evidence=data.get("evidence")
            )
        elif kind == "condition.verified":
            self._later("condition", data["condition"], verified_at=at)
        elif kind == "condition.moved":
            self._later("condition", data["condition"], due_on=data["due_on"])

    def _later(self, kind: str, key: int, **changed: Any) -> None:
        if key in self.made[kind]:
            self.made[kind][key].later.update(changed)

    def check(self, company_id: int) -> None:
        """Compare the rows of a company with what was promised of them.

        :raises Broken: naming the entry that made the first row that differs, is gone or was added.
        """
        for kind, (table, what) in _TABLES.items():
            left = dict(self.made[kind])
            for row in in_order(table, table.id, company_id):
                promise = left.pop(row.id, None)
                if promise is None:
                    raise Broken(0, f"{kind} added", f"There is {what} that no entry of the record made.")
                if not _as_promised(row, promise):
                    raise Broken(
                        promise.seq,
                        f"{kind} changed",
                        f"What entry {promise.seq} recorded, {what}, was changed afterwards.",
                    )
            if left:
                seq = min(promise.seq for promise in left.values())
                raise Broken(
                    seq, f"{kind} missing", f"What entry {seq} recorded, {what}, is no longer there."
                )


def _as_promised(row: Any, promise: _Promise) -> bool:
    try:
        return bool(row.row_digest == promise.digest) and _later_of(row, promise.later)
    except (AttributeError, TypeError, ValueError):  # nothing this product could have written
        return False


def _later_of(row: Any, later: dict[str, Any]) -> bool:
    """Return whether what later acts change in a row is what they left in it."""
    if isinstance(row, RiskAcceptance):
        return _epoch(row.ended_at) == later.get("ended_at")
    if not isinstance(row, Condition):
        return True
    done = (_epoch(row.done_at), row.done_by_id, _epoch(row.verified_at))
    due = row.due_on.isoformat() if row.due_on else None
    evidence = row.evidence_digest if row.done_at or row.evidence else None
    return (*done, due, evidence) == (
        *(later.get("done_at"), later.get("done_by"), later.get("verified_at")),
        *(later["due_on"], later.get("evidence")),
    )


def _epoch(at: Any) -> int | None:
    return int(at.timestamp()) if at else None


def in_order(model: Any, key: Any, company_id: int) -> Iterator[Any]:
    """Yield a company's rows by `key`, reading `PAGE` at a time.

    A driver may fetch a whole answer at once, so pages are what keeps a long record out of memory. A row
    that cannot even be decoded has lost what it held: it comes with its key alone.
    """
    last = -(2**31)
    while True:
        page = model.company == company_id, key > last
        keys = [row[0] for row in model.select(key).where(*page).order_by(key).limit(PAGE).tuples()]
        if not keys:
            return
        try:
            rows = list(model.select().where(*page, key <= keys[-1]).order_by(key))
        except (ValueError, OverflowError):
            rows = [_one(model, key, company_id, value) for value in keys]
        yield from rows
        last = keys[-1]


def _one(model: Any, key: Any, company_id: int, value: int) -> Any:
    try:
        return model.get(model.company == company_id, key == value)
    except (ValueError, OverflowError):
        return model(**{key.name: value})
