"""Standards followed, catalogs loaded and safeguards that decisions touch, against the acts that said so."""

from typing import Any

from adr_app.models.controls import Catalog, CompanyFramework, Control, DecisionControl
from adr_app.models.events import Event
from adr_app.models.people import Company
from adr_app.services.bound_rows import Broken, in_order
from adr_app.services.frameworks import rows_digest

KINDS = (
    *("company.framework-followed", "company.framework-left", "company.catalog-loaded"),
    *("decision.mapped", "decision.unmapped"),
)


def check_controls(company: Company) -> None:
    """Compare what is kept of standards and safeguards with the acts.

    :raises Broken: at the first that differs.
    """
    followed: dict[Any, Any] = {}
    loaded: dict[Any, tuple[int, str]] = {}
    mapped: dict[Any, Any] = {}
    seq = 0
    for event in in_order(Event, Event.seq, company.id, Event.kind.in_(KINDS)):
        data, seq = event.data, event.seq
        key = (event.subject_id, data["framework"], data.get("control"))
        match event.kind:
            case "company.framework-followed":
                followed[data["framework"]] = seq
            case "company.framework-left":
                followed.pop(data["framework"], None)
            case "company.catalog-loaded":
                loaded[data["framework"]] = (seq, data["rows"])
            case "decision.mapped":
                mapped[key] = data["effect"]
            case _:
                mapped.pop(key, None)
    rows = in_order(CompanyFramework, CompanyFramework.id, company.id)
    if {row.framework for row in rows} != followed.keys():
        said = "The standards that the company follows are not those that were recorded"
        raise Broken(max(followed.values(), default=0), "standards changed", f"{said}.")
    touched = {
        (row.decision_id, row.framework, row.code): row.effect
        for row in in_order(DecisionControl, DecisionControl.id, company.id)
    }
    if touched != mapped:
        said = "What decisions do to safeguards is not what was recorded"
        raise Broken(seq, "safeguards changed", f"{said} (up to entry {seq}).")
    _catalogs(company.id, loaded)


def _catalogs(company_id: int, loaded: dict[Any, tuple[int, str]]) -> None:
    there: set[str] = set()
    for table in (Catalog, Control):
        query = table.select(table.framework).where(table.company == company_id).distinct()
        there |= {row[0] for row in query.tuples()}
    for key in sorted(there | loaded.keys()):
        seq, told = loaded.get(key, (0, ""))
        try:
            held = rows_digest(company_id, key)
        except (ValueError, TypeError):  # nothing this product could have written
            held = "unreadable"
        if held != told:
            said = f"The catalog that entry {seq} loaded" if seq else "A catalog that no entry loaded"
            raise Broken(seq, "catalog changed", f"{said} is not as it was recorded.")
