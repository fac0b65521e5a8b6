"""What was said of an outside firm in confidence: beside restricted decisions, and nowhere else.

A firm becomes known to somebody by an open decision that names it. What was said of it before, beside
decisions that they may not see, stays with those who see them until the firm is listed. Each act on a firm is
also about the decisions that named it then, so the record itself says how open it was.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from adr_app.models.events import Event, EventSubject
from adr_app.models.vendors import Vendor, VendorAgreement, VendorAssessment
from adr_app.services.people import Viewer
from adr_app.services.restricted import hidden_from

PAPERS = {"agreement": VendorAgreement, "assessment": VendorAssessment}
"""The papers of a firm, by what the act that records one calls it."""

RECORDS = {"vendor.agreed": "agreement", "vendor.assessed": "assessment"}
"""Which act records which paper."""


@dataclass(slots=True)
class Told:
    """What of a firm somebody may read: whether its description, and which of its papers."""

    described: bool = True
    papers: set[tuple[str, int]] = field(default_factory=set)


def told_to(viewer: Viewer, firms: Iterable[Vendor]) -> dict[int, Told]:
    """Return what this person may read of those firms of which they may not read all, in two queries."""
    unlisted = [firm.id for firm in firms if not firm.listed]
    hidden = set(hidden_from(viewer)) if unlisted else set()
    if not hidden:
        return {}
    acts = EventSubject.select(EventSubject.seq).where(
        EventSubject.company == viewer.company.id,
        EventSubject.subject_type == "vendor",
        EventSubject.subject_id.in_(unlisted),
    )
    found = {key: Told() for key in unlisted}
    of_firms = (Event.company == viewer.company.id) & (Event.subject_type == "vendor")
    for event in Event.select().where(of_firms, Event.seq.in_(acts)).order_by(Event.seq):
        told, opens = found[event.subject_id], bool(_decisions(event) - hidden)
        if event.kind == "vendor.described":
            told.described = opens
        elif name := RECORDS.get(event.kind):
            told.papers |= {(name, event.data[name])} if opens else set()
    return found


def is_kept_from(viewer: Viewer, firm: Vendor) -> bool:
    """Return whether something is said of a firm that this person may not read."""
    told = told_to(viewer, [firm]).get(firm.id)
    if told is None:
        return False
    papers: set[tuple[str, int]] = set()
    for name, table in PAPERS.items():
        rows = table.select(table.id).where(table.company == firm.company_id, table.vendor_id == firm.id)
        papers |= {(name, row[0]) for row in rows.tuples()}
    return bool(papers - told.papers or (not told.described and (firm.does or firm.data)))


def in_confidence(viewer: Viewer, acts: Iterable[Event]) -> set[int]:
    """Return the numbers of those acts on outside firms that this person must not read of."""
    of_firms = [event for event in acts if event.subject_type == "vendor"]
    hidden = set(hidden_from(viewer)) if of_firms else set()
    if not hidden:
        return set()
    firms = {event.subject_id for event in of_firms}
    listed = Vendor.select(Vendor.id).where(
        Vendor.company == viewer.company.id,
        Vendor.id.in_(firms),
        Vendor.listed == True,  # noqa: E712
    )
    opened = {row[0] for row in listed.tuples()}
    return {
        event.seq for event in of_firms if event.subject_id not in opened and not _decisions(event) - hidden
    }


def _decisions(event: Event) -> set[int]:
    """Return the decisions that an act was about too."""
    return {key for name, key in json.loads(bytes(event.body))["also"] if name == "decision"}
