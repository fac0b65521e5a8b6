"""Receipts of a company's record: given out, shown again, compared when one comes back, and when due."""

from dataclasses import dataclass
from datetime import datetime

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.flags import company_spans
from adr_app.domain.merkle import CompactRange, leaf_hash
from adr_app.domain.permissions import Act
from adr_app.domain.receipts import line_in
from adr_app.models.events import Event, company_happenings
from adr_app.models.people import Company, Person
from adr_app.models.record_checks import Receipt
from adr_app.services.bound_rows import in_order
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as
from adr_app.services.verification import Kept, current, kept_root

LONGEST_KEEPER = 120
SHOWN = 10
STALE = "receipt-stale"


def give(viewer: Viewer, keeper: str, *, at: datetime) -> Receipt:
    """Give out a receipt of the record as it stands, before this act, to whoever keeps it.

    :raises NotAllowed: when the viewer may not.
    :raises Invalid: when nobody is named who keeps it.
    """
    viewer.require(Act.GIVE_RECEIPT)
    name = " ".join(clean_text(keeper, "keeper").split())
    message = "" if name else "Say who keeps it: somebody outside, such as your auditor."
    if len(name) > LONGEST_KEEPER:
        message = f"Shorten this to {LONGEST_KEEPER} characters."
    if message:
        raise Invalid(message, {"keeper": message})
    with acting_as(viewer, at=at) as ledger:
        now = current(ledger.company)
        made: Receipt = Receipt.create(
            company=viewer.company.id,
            person=viewer.person.id,
            at=ledger.at,
            entries=now.entries,
            root=now.root,
            keeper=name,
        )
        told = {"receipt": made.id, "row": made.row_digest}
        ledger.append("record.receipt-given", ("company", viewer.company.id), told)
    return made


def find(viewer: Viewer, entries: int) -> Receipt:
    """Return the receipt that stands for so many entries.

    :raises NotFound: when none was given out after that entry.
    """
    query = (
        Receipt.select(Receipt, Person)
        .join(Person)
        .where(Receipt.company == viewer.company.id, Receipt.entries == entries)
    )
    # An address may hold any number: one that the record has not come to is not looked for.
    found: Receipt | None = query.first() if entries <= viewer.company.last_seq else None
    if found is None:
        raise NotFound("There is no such page.")
    return found


def given(viewer: Viewer) -> list[Receipt]:
    """Return the last receipts that were given out, newest first, each with who gave it."""
    return list(
        Receipt.select(Receipt, Person)
        .join(Person)
        .where(Receipt.company == viewer.company.id)
        .order_by(Receipt.entries.desc())
        .limit(SHOWN)
    )


def known(viewer: Viewer, kept: Kept) -> Receipt | None:
    """Return the receipt that was given out with exactly this line, or None."""
    found: Receipt | None = (
        Receipt.select()
        .where(
            Receipt.company == viewer.company.id,
            Receipt.entries == kept.entries,
            Receipt.root == kept.root,
        )
        .first()
    )
    return found


def is_due(company: Company, at: datetime) -> bool:
    """Return whether a receipt is due at `at`: none for thirty days in which something happened."""
    spans = company_spans(company_happenings(company.id), apart=True)
    on = any(s.code == STALE and s.starts <= at and (s.ends is None or at < s.ends) for s in spans)
    if not on:
        return False
    last = Receipt.select().where(Receipt.company == company.id).order_by(Receipt.entries.desc()).first()
    # The entry right after those it stands for is that it was given out.
    return last is None or bool(company.last_seq > last.entries + 1)


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of a receipt that came back: whether the record begins as it says, and if not, why."""

    kept: Kept
    holds: bool
    why: str = ""


def compare(viewer: Viewer, text: str) -> Compared:
    """Compare a pasted receipt with the record: its first entries, computed anew from what they hold.

    :raises Invalid: when no receipt can be made out in the text, or more than one.
    """
    line = line_in(text)
    if not line:
        message = "Paste one receipt, or its line: a number, a colon and 64 letters and digits."
        raise Invalid(message, {"receipt": message})
    kept = kept_root(line)
    tree, last = CompactRange(), viewer.company.last_seq
    if kept.entries > last:
        return Compared(kept, holds=False, why=f"the record has only {last} entries")
    for event in in_order(Event, Event.seq, viewer.company.id, Event.seq <= kept.entries):
        tree = tree.append(leaf_hash(bytes(event.body or b"")))
    if tree.size != kept.entries or tree.root().hex() != kept.root:
        return Compared(kept, holds=False, why="its first entries are not the ones the receipt stands for")
    return Compared(kept, holds=True)
