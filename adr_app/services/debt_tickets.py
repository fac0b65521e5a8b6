"""Tickets elsewhere in which a debt item is worked on: linked by their address, which is never fetched."""

from datetime import datetime

from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.permissions import Act
from adr_app.domain.tickets import TRACKERS, parse_ticket
from adr_app.models.debt import DebtItem
from adr_app.models.debt_reports import DebtTicket
from adr_app.services import debt
from adr_app.services.debt_reports import touch
from adr_app.services.people import Viewer
from adr_app.services.record import acting_as

MOST = 20
"""Tickets of one item; what needs more is more than one item."""


def link(viewer: Viewer, number: int, address: str, *, at: datetime) -> DebtTicket:
    """Link an item to a ticket of GitHub, GitLab or Jira by its address.

    :raises Invalid: under `address`, when it is no such address, or is linked already.
    :raises NotFound: when there is no such item here.
    """
    viewer.require(Act.NOTE_DEBT)
    ticket = parse_ticket(address)
    with acting_as(viewer, at=at) as ledger:
        item = debt.find(viewer, number)
        there = of(viewer, item)
        if any(one.address == ticket.address for one in there):
            raise _refused(f"{ticket.label} is linked already.")
        if len(there) >= MOST:
            raise _refused(f"This item has {MOST} tickets. Note a second item for what is apart from it.")
        made = DebtTicket.create(
            company=viewer.company.id,
            debt_id=item.id,
            tracker=ticket.tracker,
            address=ticket.address,
            label=ticket.label,
        )
        touch(ledger, item)
        told = {"ticket": made.id, "row": made.row_digest}
        ledger.append("debt.ticket-linked", ("debt", item.id), {"ticket": told})
    return made


def unlink(viewer: Viewer, number: int, key: int, *, at: datetime) -> None:
    """Remove the link to a ticket.

    :raises NotFound: when this item has no such link.
    """
    viewer.require(Act.NOTE_DEBT)
    with acting_as(viewer, at=at) as ledger:
        item = debt.find(viewer, number)
        mine = (DebtTicket.company == viewer.company.id) & (DebtTicket.debt_id == item.id)
        if not DebtTicket.delete().where(mine & (DebtTicket.id == key)).execute():
            raise NotFound("There is no such link.")
        touch(ledger, item)
        ledger.append("debt.ticket-unlinked", ("debt", item.id), {"ticket": key})


def of(viewer: Viewer, item: DebtItem) -> list[DebtTicket]:
    """Return the tickets of an item in the order in which they were linked."""
    rows = DebtTicket.select().where(DebtTicket.company == viewer.company.id, DebtTicket.debt_id == item.id)
    return list(rows.order_by(DebtTicket.id))


def shown(ticket: DebtTicket) -> str:
    """Return a ticket in a few words: whose it is and which one, such as `GitHub larkspur/billing#12`."""
    return f"{TRACKERS[ticket.tracker]} {ticket.label}"


def _refused(message: str) -> Invalid:
    return Invalid("This cannot be saved yet.", {"address": message})
