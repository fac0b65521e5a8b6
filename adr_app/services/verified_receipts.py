"""What is kept of checks and receipts of the record, against the acts by which they were kept."""

from adr_app.models.events import company_happenings
from adr_app.models.people import Company
from adr_app.models.record_checks import Receipt, RecordCheck
from adr_app.services.bound_rows import Promise, check_row, check_rows, in_order, missing


def check_receipts(company: Company) -> None:
    """Compare receipts, and those checks that were acts, with the record; other checks are beside it.

    :raises Broken: at the first row that differs.
    """
    acts = [act for act in company_happenings(company.id) if act.kind.startswith("record.")]
    told = {a.data["receipt"]: Promise(a.seq, a.data["row"]) for a in acts if "receipt" in a.data}
    check_rows("receipt", in_order(Receipt, Receipt.id, company.id), told)
    checks = {a.data["check"]: a for a in acts if "check" in a.data}
    rows = in_order(RecordCheck, RecordCheck.id, company.id, RecordCheck.id.in_(sorted(checks)))
    for row in rows:
        act = checks.pop(row.id)
        check_row("check", row, Promise(act.seq, act.data["row"]))
    if checks:
        raise missing("check", min(act.seq for act in checks.values()))
