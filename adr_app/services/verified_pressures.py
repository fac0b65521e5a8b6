"""What presses a company, its duties and profile, and answers to which role comes first, against the acts."""

from collections.abc import Iterator
from typing import Any

from adr_app.models.people import Company
from adr_app.services.bound_rows import Promise, check_rows, in_order, keys_in_pages
from adr_app.services.bound_tables import BOUND
from adr_app.services.flags import events_about

SUBJECTS = {
    "profile": "profile",
    "pressure": "pressure",
    "pressure_order": "order of pressures",
    "obligation": "duty",
    "first_role": "first role",
}
"""What acts are about, each with the kind of row that it is."""

BESIDE = {"met": "met duty", "choice": "choice of role"}
"""What acts name that is a row beside what they are about, by the key they name it with."""


def check_pressures(company: Company) -> None:
    """Compare every such row with the last act that wrote it.

    :raises Broken: at the first row that differs.
    """
    beside: dict[str, dict[int, Promise]] = {kind: {} for kind in BESIDE.values()}
    for subject, kind in SUBJECTS.items():
        table = BOUND[kind].table
        for ids in keys_in_pages(company.id, subject, table):
            told: dict[int, Promise] = {}
            for key, events in events_about(company.id, ids, subject).items():
                for event in events:
                    _follow(event, subject, key, told, beside)
            check_rows(kind, in_order(table, table.id, company.id, table.id.in_(ids)), told)
    for kind, promises in beside.items():
        table = BOUND[kind].table
        check_rows(kind, in_order(table, table.id, company.id), promises)


def _follow(
    event: Any, subject: str, key: int, told: dict[int, Promise], beside: dict[str, dict[int, Promise]]
) -> None:
    data = event.data
    for name, kind in BESIDE.items():
        if name in data and event.subject_type == subject:
            beside[kind][data[name]] = Promise(event.seq, data["row"])
            return
    for found, row in _written(event, subject):
        if found == key:
            told[key] = Promise(event.seq, row)


def _written(event: Any, subject: str) -> Iterator[tuple[int, str]]:
    """Yield the rows of a kind that an act wrote: that which it is about, and those written with it."""
    data = event.data
    if event.subject_type == subject:
        yield event.subject_id, data["row"]
    elif subject == "profile" and data.get("profile"):
        yield data["profile"]["profile"], data["profile"]["row"]
    elif subject == "pressure":
        yield from ((one["pressure"], one["row"]) for one in data.get("pressures", ()))
