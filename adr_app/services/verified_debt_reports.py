"""Reports of time lost, tickets, and readings of other tools, against the acts on them."""

from peewee import SQL, fn

from adr_app.models.debt import DebtItem
from adr_app.models.debt_reports import DebtReport, DebtTicket
from adr_app.models.people import Company, System
from adr_app.models.readings import ExternalReading
from adr_app.services.bound_rows import Promise, check_rows, in_order, keys_in_pages
from adr_app.services.flags import events_about


def check_debt_reports(company: Company) -> None:
    """Compare every report of time lost and every ticket of a debt item with the acts on them.

    :raises Broken: at the first row that differs.
    """
    for ids in keys_in_pages(company.id, "debt", DebtItem):
        reports: dict[int, Promise] = {}
        tickets: dict[int, Promise] = {}
        events = events_about(company.id, ids, "debt")
        for key in ids:
            for event in events.get(key, ()):
                data = event.data
                match event.kind:
                    case "debt.reported":
                        columns = {"debt_id": key, "minutes": data["minutes"], "lost_on": data["on"]}
                        columns["taken_back_at"] = None
                        made = data["report"]
                        reports[made["report"]] = Promise(event.seq, made["row"], columns)
                    case "debt.report-taken-back" if data["report"] in reports:
                        reports[data["report"]].later(event.seq, taken_back_at=event.at)
                    case "debt.ticket-linked":
                        made = data["ticket"]
                        tickets[made["ticket"]] = Promise(event.seq, made["row"], {"debt_id": key})
                    case "debt.ticket-unlinked":
                        tickets.pop(data["ticket"], None)
        for kind, table, told in (("report", DebtReport, reports), ("ticket", DebtTicket, tickets)):
            check_rows(kind, in_order(table, table.id, company.id, table.debt_id.in_(ids)), told)
    for kind, table in (("report", DebtReport), ("ticket", DebtTicket)):
        there = DebtItem.select(SQL("1")).where(
            DebtItem.company == table.company, DebtItem.id == table.debt_id
        )
        if table.select().where(table.company == company.id, ~fn.EXISTS(there)).exists():
            check_rows(kind, [table(id=0)], {})


def check_readings(company: Company) -> None:
    """Compare what other tools measured on the company's systems with the acts that took it, or took it back.

    :raises Broken: at the first row that differs.
    """
    for ids in keys_in_pages(company.id, "system", System):
        told: dict[int, Promise] = {}
        by_act: dict[int, list[int]] = {}
        events = events_about(company.id, ids, "system")
        for key in ids:
            for event in events.get(key, ()):
                if event.kind == "system.readings-taken":
                    for reading, row in event.data["readings"]:
                        columns = {"system_id": key, "seq": event.seq, "taken_back_at": None}
                        told[reading] = Promise(event.seq, row, columns)
                        by_act.setdefault(event.seq, []).append(reading)
                elif event.kind == "system.readings-taken-back":
                    for reading in by_act.get(event.data["of"], ()):
                        told[reading].later(event.seq, taken_back_at=event.at)
        rows = in_order(ExternalReading, ExternalReading.id, company.id, ExternalReading.system_id.in_(ids))
        check_rows("reading", rows, told)
    there = System.select(SQL("1")).where(
        System.company == ExternalReading.company, System.id == ExternalReading.system_id
    )
    lost = ExternalReading.select().where(ExternalReading.company == company.id, ~fn.EXISTS(there))
    if lost.exists():
        check_rows("reading", [ExternalReading(id=0)], {})
