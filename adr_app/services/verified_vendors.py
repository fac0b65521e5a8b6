"""A company's outside firms, the agreements with them and what was found of them, against the acts."""

from typing import Any

from adr_app.models.people import Company
from adr_app.models.vendors import Vendor, VendorAgreement, VendorAssessment
from adr_app.services.bound_rows import Promise, check_row, check_rows, in_order, keys_in_pages, missing
from adr_app.services.flags import events_about
from adr_app.services.systems import folded

UNSAID = Vendor(does="", data=[], listed=False).row_digest
"""What is known of a firm that a text names and of which nobody has said anything."""


def check_vendors(company: Company) -> None:
    """Compare everything that is kept of outside firms with the acts on them.

    :raises Broken: at the first row that differs.
    """
    made: dict[str, dict[int, Promise]] = {"agreement": {}, "assessment": {}}
    for ids in keys_in_pages(company.id, "vendor", Vendor):
        _firms(company.id, ids, made)
    for kind, table in (("agreement", VendorAgreement), ("assessment", VendorAssessment)):
        check_rows(kind, in_order(table, table.id, company.id), made[kind])


def _firms(company_id: int, ids: list[int], made: dict[str, dict[int, Promise]]) -> None:
    events = events_about(company_id, ids, "vendor")
    rows = {row.id: row for row in in_order(Vendor, Vendor.id, company_id, Vendor.id.in_(ids))}
    for key in ids:
        seq, said = 0, UNSAID
        for event in events.get(key, ()):
            seq, data = event.seq, event.data
            if event.kind == "vendor.described":
                said = data["row"]
            _papers(event, data, made)
        row = rows.get(key)
        if row is None:
            raise missing("vendor", seq)
        check_row("vendor", row, Promise(seq, said, {"folded": folded(row.name)}))


def _papers(event: Any, data: dict[str, Any], made: dict[str, dict[int, Promise]]) -> None:
    if event.kind == "vendor.agreed":
        made["agreement"][data["agreement"]] = Promise(event.seq, data["row"], {"ended_at": None})
    elif event.kind == "vendor.agreement-ended" and data["agreement"] in made["agreement"]:
        made["agreement"][data["agreement"]].later(event.seq, ended_at=event.at)
    elif event.kind == "vendor.assessed":
        made["assessment"][data["assessment"]] = Promise(event.seq, data["row"])
