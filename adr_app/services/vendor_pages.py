"""The register of outside firms, page by page: those first that want something done, then by name."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from peewee import Expression, Query, Value

from adr_app.domain.vendors import HEALTH
from adr_app.domain.worktime import local_day
from adr_app.models.vendors import Vendor, VendorAssessment
from adr_app.services.people import Viewer
from adr_app.services.vendors import Sheet, visible_to, with_papers

PAGE = 50
"""Firms on one page."""

LACKS, OVERDUE, REST = range(3)
"""Where a firm stands: without the contract its data needs, to be looked at again, all else."""

_PLACE = re.compile(r"([012])\.(.{1,400})")


@dataclass(slots=True)
class Page:
    """Some firms with their papers, and the place after which the next page begins."""

    sheets: list[Sheet] = field(default_factory=list)
    after: str = ""


def page(viewer: Viewer, at: datetime, place: str = "") -> Page:
    """Return a page of the firms that somebody may know of; a place that is none is the beginning."""
    found = _PLACE.fullmatch(place)
    begins = (int(found[1]), found[2]) if found else (LACKS, "")
    urgent = _urgent(viewer, at)
    first = [one for one in urgent if _key(one) > begins][: PAGE + 1]
    left = PAGE + 1 - len(first)
    name = begins[1] if begins[0] == REST else ""
    others = with_papers(viewer, by_name(viewer, {one.vendor.id for one in urgent}, name, left), at)
    sheets = [*first, *others]
    more, sheets = len(sheets) > PAGE, sheets[:PAGE]
    rank, folded = _key(sheets[-1]) if more else (0, "")
    return Page(sheets, f"{rank}.{folded}" if more else "")


def by_name(viewer: Viewer, besides: set[int], name: str, many: int) -> Query:
    """Return the query for so many firms after a name, in alphabetical order, less some."""
    query = visible_to(viewer).where(Vendor.folded > name)
    return query.where(Vendor.id.not_in(sorted(besides)) if besides else True).limit(many)


def _urgent(viewer: Viewer, at: datetime) -> list[Sheet]:
    """Return the firms that want something done, in the order of the register."""
    over = VendorAssessment.select(VendorAssessment.vendor_id).where(
        VendorAssessment.company == viewer.company.id,
        VendorAssessment.valid_until < local_day(at, viewer.company.zone),
    )
    patients = Expression(Vendor.data, "ILIKE", Value(f'%"{HEALTH}"%', converter=False))
    maybe = visible_to(viewer).where(patients | Vendor.id.in_(over))
    wants = [one for one in with_papers(viewer, maybe, at) if _key(one)[0] != REST]
    return sorted(wants, key=_key)


def _key(sheet: Sheet) -> tuple[int, str]:
    rank = LACKS if sheet.lacks_contract else OVERDUE if sheet.assessment_overdue else REST
    return rank, sheet.vendor.folded
