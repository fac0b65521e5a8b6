"""The outside firms of a company: made when a text first names them, and what is known of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from peewee import Query, fn

from adr_app.domain.digest import clean_text
from adr_app.domain.errors import Invalid, NotFound
from adr_app.domain.vendors import HEALTH, HEALTH_CONTRACT, Known, known
from adr_app.domain.worktime import local_day
from adr_app.models.decisions import Decision
from adr_app.models.events import Event, EventSubject
from adr_app.models.flags import SpanRow
from adr_app.models.vendors import DecisionVendor, Vendor, VendorAgreement, VendorAssessment
from adr_app.services import vendor_confidence
from adr_app.services.decision_rows import visible
from adr_app.services.lists import standings
from adr_app.services.people import Viewer
from adr_app.services.restricted import hidden_from
from adr_app.services.systems import folded

MAX_NAME = 200
MOST_DECISIONS = 200
"""How many decisions the page of one firm lists."""


def named(company_id: int, names: Iterable[str]) -> list[Vendor]:
    """Return a company's outside firms with these names, in their order, made where they are new.

    Part of the act that names them: call it inside that act, which holds the company's row.
    """
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(folded(name), name)
    if not wanted:
        return []
    rows = Vendor.select().where(Vendor.company == company_id, Vendor.folded.in_(list(wanted)))
    found = {vendor.folded: vendor for vendor in rows}
    for key, name in wanted.items():
        if key not in found:
            found[key] = Vendor.create(company=company_id, name=name, folded=key)
    return [found[key] for key in wanted]


def facts(company_id: int, zone: str, firms: Sequence[Vendor]) -> tuple[Known, ...]:
    """Return what an act carries of some firms, in their order."""
    if not firms:
        return ()
    ends: dict[int, list[date | None]] = {}
    rows = VendorAgreement.select(VendorAgreement.vendor_id, VendorAgreement.ends_on).where(
        VendorAgreement.company == company_id,
        VendorAgreement.vendor_id.in_([firm.id for firm in firms]),
        VendorAgreement.kind == HEALTH_CONTRACT,
        VendorAgreement.ended_at.is_null(),
    )
    for row in rows:
        ends.setdefault(row.vendor_id, []).append(row.ends_on)
    return tuple(known(firm.id, firm.data, ends.get(firm.id, ()), zone) for firm in firms)


def subjects(facts_of: Iterable[Known]) -> list[tuple[str, int]]:
    """Return what else an act that writes a text is about: the firms that the text names."""
    return [("vendor", firm.id) for firm in facts_of]


def decisions_naming(company_id: int, vendor_id: int) -> list[tuple[str, int]]:
    """Return the decisions that name a firm or once did, as an act names them: that text may be in force."""
    told = (
        Event.select(Event.subject_id)
        .join(
            EventSubject,
            on=(EventSubject.company_id == Event.company_id) & (EventSubject.seq == Event.seq),
        )
        .where(
            EventSubject.company_id == company_id,
            EventSubject.subject_type == "vendor",
            EventSubject.subject_id == vendor_id,
            Event.subject_type == "decision",
        )
        .distinct()
    )
    listed = DecisionVendor.select(DecisionVendor.decision_id).where(
        DecisionVendor.company == company_id, DecisionVendor.vendor_id == vendor_id
    )
    ids = {row[0] for query in (told, listed) for row in query.tuples()}
    return [("decision", key) for key in sorted(ids)]


def visible_to(viewer: Viewer) -> Query:
    """Return the company's outside firms, in alphabetical order, as far as this person may know.

    A firm that nobody listed is as open as the decisions that name it: who may not see restricted ones knows
    of those firms that others name.
    """
    company = viewer.company.id
    rows = Vendor.select().where(Vendor.company == company).order_by(Vendor.folded)
    if viewer.sees_restricted:
        return rows
    naming = DecisionVendor.select(DecisionVendor.vendor_id).where(DecisionVendor.company == company)
    if hidden := hidden_from(viewer):
        naming = naming.where(DecisionVendor.decision_id.not_in(hidden))
    return rows.where((Vendor.listed == True) | Vendor.id.in_(naming))  # noqa: E712


def is_told_in_confidence(viewer: Viewer, name: str) -> bool:
    """Return whether something is said of a firm that only those read who see restricted decisions."""
    vendor = Vendor.get_or_none(Vendor.company == viewer.company.id, Vendor.folded == folded(name))
    return vendor is not None and vendor_confidence.is_kept_from(viewer, vendor)


def find(viewer: Viewer, name: str) -> Vendor:
    """Return the firm with this name, in any spelling.

    :raises NotFound: when the company has no such firm, or none that this person may know of.
    """
    vendor = visible_to(viewer).where(Vendor.folded == folded(name)).first()
    if vendor is None:
        raise NotFound("There is no such page.")
    return vendor


def check_name(typed: str) -> str:
    """Return a firm's name on one line.

    :raises Invalid: under `name`.
    """
    name = " ".join(clean_text(typed, "name").split())
    message = ""
    if not name:
        message = "Type the name of the firm."
    elif "," in name or ";" in name:
        message = "Leave commas and semicolons out: decisions name firms with commas between them."
    elif len(name) > MAX_NAME:
        message = f"Shorten the name to {MAX_NAME} characters; it has {len(name)}."
    if message:
        raise Invalid(message, {"name": message})
    return name


@dataclass(slots=True)
class Sheet:
    """One firm with its papers, newest first, and what is to be done about them on a day."""

    vendor: Vendor
    today: date
    agreements: list[VendorAgreement] = field(default_factory=list)
    assessments: list[VendorAssessment] = field(default_factory=list)
    decisions: int = 0

    @property
    def running(self) -> list[VendorAgreement]:
        """Return the agreements that hold today."""
        return [a for a in self.agreements if a.ended_at is None and not is_over(a.ends_on, self.today)]

    @property
    def lacks_contract(self) -> bool:
        """Return whether the firm touches patient data and no health-data contract allows it today."""
        return HEALTH in self.vendor.data and not any(a.kind == HEALTH_CONTRACT for a in self.running)

    @property
    def assessment(self) -> VendorAssessment | None:
        """Return the last assessment, valid or not."""
        return self.assessments[0] if self.assessments else None

    @property
    def assessment_overdue(self) -> bool:
        """Return whether the last assessment no longer holds today."""
        return self.assessment is not None and is_over(self.assessment.valid_until, self.today)


def is_over(day: date | None, today: date) -> bool:
    """Return whether a last day lies behind."""
    return day is not None and day < today


def sheets(viewer: Viewer, at: datetime, *, names: Sequence[str] | None = None) -> list[Sheet]:
    """Return the company's firms with their papers (only those with some `names`), as far as one may know.

    How many decisions name each is counted too, in a constant number of queries.
    """
    query = visible_to(viewer)
    if names is not None:
        query = query.where(Vendor.folded.in_([folded(name) for name in names]))
    return with_papers(viewer, query if names is None or names else (), at)


def with_papers(viewer: Viewer, firms: Iterable[Vendor], at: datetime) -> list[Sheet]:
    """Return some firms of the company with their papers, in a constant number of queries.

    What was said of a firm in confidence is left out, as if nobody had said it.
    """
    today = local_day(at, viewer.company.zone)
    found = {vendor.id: Sheet(vendor, today) for vendor in firms}
    if not found:
        return []
    told = vendor_confidence.told_to(viewer, [sheet.vendor for sheet in found.values()])
    for key, open_to in told.items():
        if not open_to.described:
            found[key].vendor.does, found[key].vendor.data = "", []
    for name, table in vendor_confidence.PAPERS.items():
        rows = table.select().where(table.company == viewer.company.id, table.vendor_id.in_(list(found)))
        order = table.id.desc()
        if table is VendorAssessment:
            rows = rows.order_by(table.assessed_on.desc(), order)
        else:
            rows = rows.order_by(order)
        for row in rows:
            sheet = found[row.vendor_id]
            if row.vendor_id not in told or (name, row.id) in told[row.vendor_id].papers:
                (sheet.agreements if name == "agreement" else sheet.assessments).append(row)
    count = DecisionVendor.select(DecisionVendor.vendor_id, fn.COUNT(DecisionVendor.id)).where(
        DecisionVendor.company == viewer.company.id, DecisionVendor.vendor_id.in_(list(found))
    )
    if hidden := hidden_from(viewer):
        count = count.where(DecisionVendor.decision_id.not_in(hidden))
    for key, number in count.group_by(DecisionVendor.vendor_id).tuples():
        found[key].decisions = number
    return list(found.values())


def decisions_of(viewer: Viewer, vendor: Vendor, at: datetime) -> list[tuple[Decision, SpanRow | None]]:
    """Return the decisions whose newest text names a firm, newest first, each with its standing."""
    naming = DecisionVendor.select(DecisionVendor.decision_id).where(
        DecisionVendor.company == viewer.company.id, DecisionVendor.vendor_id == vendor.id
    )
    rows = visible(viewer).where(Decision.id.in_(naming)).order_by(Decision.number.desc())
    found = list(rows.limit(MOST_DECISIONS))
    held = standings(viewer.company.id, [row.id for row in found], at)
    return [(row, held.get(row.id)) for row in found]


def count_known(viewer: Viewer) -> int:
    """Return how many outside firms the company has that this person may know of."""
    return int(visible_to(viewer).count())


def pages_of(viewer: Viewer, names: Sequence[str]) -> dict[str, str]:
    """Return, by each of some names as typed, the name under which a firm is kept that one may know of."""
    keys = {name: folded(name) for name in names}
    rows = visible_to(viewer).where(Vendor.folded.in_(list(keys.values())))
    kept = {row.folded: row.name for row in rows}
    return {name: kept[key] for name, key in keys.items() if key in kept}
