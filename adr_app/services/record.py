"""The one way to act: a transaction that holds the company's row, appends an event and renews flags."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adr_app.domain.digest import canonical_json
from adr_app.domain.errors import NotFound
from adr_app.domain.events import check_data
from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.models.base import database, insert_rows, is_sqlite, writing
from adr_app.models.events import Event, EventSubject
from adr_app.models.people import Company
from adr_app.services.people import Viewer, require_still

Subject = tuple[str, int]

VERSION = 2
"""Of what entries say: since the second, every row that people read is bound by the acts on it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as it was put into the record."""

    seq: int
    actor: int | None
    kind: str
    subject: Subject
    data: Mapping[str, Any]


class Ledger:
    """The company's record while one act holds it; `at` is the moment of the act."""

    def __init__(self, company: Company, at: datetime, actor: int | None, *, many: bool = False) -> None:
        self.company = company
        self.at: datetime = max(at.replace(microsecond=0), company.last_event_at)
        self.actor = actor
        self.touched: list[Subject] = []
        self.appended = 0
        self.last: Act | None = None
        self._many = many
        self._events: list[dict[str, Any]] = []
        self._subjects: list[dict[str, Any]] = []
        self._tree = CompactRange.from_json(company.tree)

    def append(
        self,
        kind: str,
        subject: Subject,
        data: Mapping[str, Any] | None = None,
        also: Iterable[Subject] = (),
    ) -> int:
        """Append one event about `subject` (and `also` about others) and return its number."""
        data = dict(data or {})
        check_data(kind, data)
        others = [other for other in dict.fromkeys(also) if other != subject]
        seq = self.company.last_seq + 1
        body = canonical_json(
            {
                "v": VERSION,
                "company": self.company.id,
                "seq": seq,
                "at": int(self.at.timestamp()),
                "actor": self.actor,
                "kind": kind,
                "subject": list(subject),
                "also": [list(other) for other in others],
                "data": data,
            }
        )
        leaf = leaf_hash(body)
        self._tree = self._tree.append(leaf)
        event = {
            "company": self.company.id,
            "seq": seq,
            "at": self.at,
            "actor_id": self.actor,
            "kind": kind,
            "subject_type": subject[0],
            "subject_id": subject[1],
            "body": body,
            "leaf": leaf,
            "root": self._tree.root(),
        }
        self._events.append(event)
        self._subjects += [
            {"company": self.company.id, "subject_type": name, "subject_id": key, "seq": seq}
            for name, key in (subject, *others)
        ]
        if not self._many:
            self._write()
        self.company.last_seq = seq
        self.company.last_event_at = self.at
        self.appended += 1
        self.last = Act(seq, self.actor, kind, subject, data)
        self.touched.extend((subject, *others))
        return seq

    def _write(self) -> None:
        insert_rows(Event, self._events)
        insert_rows(EventSubject, self._subjects)
        self._events, self._subjects = [], []

    def close(self) -> None:
        """Save where the record stands now."""
        self._write()
        self.company.tree = self._tree.to_json()
        self.company.save(only=self.company.dirty_fields)


@contextmanager
def acting(company_id: int, *, at: datetime, actor: int | None, many: bool = False) -> Iterator[Ledger]:
    """Run one act of a company: one transaction, one event, its flags renewed before it ends.

    The company's row is held for the whole act, so the record has no gaps and no two acts interleave.
    `many` is for imports, which append one event per file; these are written together at the end.

    :raises NotFound: when there is no such company.
    :raises RuntimeError: when the body appended no event, or several without `many`.
    """
    from adr_app.services import flags, notices

    with writing():
        ledger = Ledger(hold(company_id), at, actor, many=many)
        yield ledger
        if ledger.appended != 1 and not (many and ledger.appended):
            raise RuntimeError(f"one act appends one event; this one appended {ledger.appended}")
        ledger.close()
        flags.renew(ledger.company, ledger.touched, ledger.at)
        if ledger.last is not None and not many:
            notices.tell(ledger.company, ledger.last, ledger.at)


@contextmanager
def acting_as(viewer: Viewer, *, at: datetime, many: bool = False) -> Iterator[Ledger]:
    """Run one act of somebody at a company, who holds their roles still while the company is held.

    Every act of a person goes through here: who may do it is asked when the page is made, and whether they
    are still who they were then is asked once more when nobody else can change it.

    :raises NotAllowed: when a role that they came with is over.
    """
    with acting(viewer.company.id, at=at, actor=viewer.person.id, many=many) as ledger:
        require_still(viewer, ledger.at)
        yield ledger


def hold(company_id: int) -> Company:
    """Hold the company's row until this transaction ends: nobody else can write meanwhile.

    :raises NotFound: when there is no such company.
    """
    query = Company.select().where(Company.id == company_id)
    company: Company | None = (query if is_sqlite(database) else query.for_update()).first()
    if company is None:
        raise NotFound("There is no such company.")
    return company
