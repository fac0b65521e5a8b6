"""Debt items with their links, reasons, estimates and what was asked about them, against the acts on them."""

from collections.abc import Mapping
from typing import Any

from peewee import SQL, fn

from adr_app.domain.debt_estimates import Estimate, ThreePoint
from adr_app.domain.decisions import debt_reference
from adr_app.domain.events import Happening
from adr_app.models.debt import DebtItem, DebtLink, DebtRemark
from adr_app.models.debt_carries import DebtCarry
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.models.people import System
from adr_app.services.bound_rows import (
    Broken,
    Promise,
    check_row,
    check_rows,
    in_order,
    keys_in_pages,
    missing,
)
from adr_app.services.flags import events_about
from adr_app.services.systems import name_digest


def check_debt(company_id: int) -> None:
    """Compare a company's debt items, and all that belongs to them, with the acts on them.

    :raises Broken: at the first row that differs.
    """
    for ids in keys_in_pages(company_id, "debt", DebtItem):
        _items(company_id, ids)
    _strays(company_id)


def _items(company_id: int, ids: list[int]) -> None:
    events = events_about(company_id, ids, "debt")
    told: dict[int, Promise] = {}
    named: dict[int, str] = {}
    links: dict[tuple[int, int, str], int] = {}
    remarks: dict[tuple[int, int], str] = {}
    estimates: dict[tuple[int, int], Promise] = {}
    carries: dict[int, Promise] = {}
    for key in ids:
        for event in events.get(key, ()):
            act = event.happening()
            _follow(act, told, links)
            if act.kind == "debt.noted":
                named[key] = f"debt item {debt_reference(act.data['number'])}"
            if "why" in act.data:
                remarks[key, act.seq] = act.data["why"]
            if act.kind == "debt.analysed":
                estimates[key, act.seq] = _estimated(act)
            if "carry" in act.data:
                carry = act.data["carry"]
                carries[carry["carry"]] = Promise(act.seq, carry["row"], {"debt_id": key})
    rows = {row.id: row for row in in_order(DebtItem, DebtItem.id, company_id, DebtItem.id.in_(ids))}
    systems = System.select(System.id, System.folded).where(
        System.company == company_id, System.id.in_({row.system_id for row in rows.values()} - {None})
    )
    names = dict(systems.tuples())
    for key, row in rows.items():
        # Not a column of the table, but shown as one: whose name it is, is in the row's digest.
        row.called = name_digest(names[row.system_id]) if row.system_id in names else None
        if key not in told:
            raise Broken(0, "debt added", "There is a debt item that no entry of the record made.")
        check_row("debt", row, told[key], named[key])
    for key, promise in told.items():
        if key not in rows:
            raise missing("debt", promise.seq, named[key])
    _links(company_id, ids, links, told)
    _remarks(company_id, ids, remarks)
    _estimates(company_id, ids, estimates)
    rows_of = in_order(DebtCarry, DebtCarry.id, company_id, DebtCarry.debt_id.in_(ids))
    check_rows("debt carry", rows_of, carries)


def _follow(act: Happening, told: dict[int, Promise], links: dict[tuple[int, int, str], int]) -> None:
    data, key = act.data, act.subject[1]
    promise = told.setdefault(key, Promise(act.seq))
    promise.later(act.seq, changed_at=act.at)
    if "called" in data:
        promise.columns["called"] = data["called"]
    promise.digest = data.get("row", promise.digest)
    decision = data.get("decision")
    if act.kind == "debt.unlinked":
        links.pop((key, data["decision"], data["role"]), None)
    elif decision is not None:
        links.setdefault((key, decision, data.get("role", "repaid_by")), act.seq)


def _estimated(act: Happening) -> Promise:
    """Return what an act says of its estimate; one from before there was detail holds its two numbers."""
    bound = act.data.get("estimate")
    columns: dict[str, Any] = {"person_id": act.actor, "at": act.at}
    if bound is not None:
        return Promise(act.seq, bound["row"], columns)
    columns |= dict.fromkeys(("fix_low", "fix_likely", "fix_high"), act.data["fix_days"])
    columns |= dict.fromkeys(("loss_low", "loss_likely", "loss_high"), act.data["monthly_loss"])
    plain = Estimate(ThreePoint.of(0), ThreePoint.of(0))
    beside = ("chance", "growth", "fix_growth", "months", "left_over", "avoided")
    columns |= {name: getattr(plain, name) for name in beside}
    columns |= {"growth_reason": "", "avoided_reason": "", "note": "", "confidence": "guess"}
    return Promise(act.seq, None, columns)


def _estimates(company_id: int, ids: list[int], told: Mapping[tuple[int, int], Promise]) -> None:
    left = dict(told)
    for row in in_order(DebtEstimate, DebtEstimate.id, company_id, DebtEstimate.debt_id.in_(ids)):
        promise = left.pop((row.debt_id, row.seq), None)
        if promise is None:
            check_rows("debt estimate", [row], {})
        else:
            check_row("debt estimate", row, promise)
    if left:
        raise missing("debt estimate", min(seq for _, seq in left))


def _links(
    company_id: int,
    ids: list[int],
    links: Mapping[tuple[int, int, str], int],
    told: Mapping[int, Promise],
) -> None:
    rows = in_order(DebtLink, DebtLink.id, company_id, DebtLink.debt_id.in_(ids))
    held = {(row.debt_id, row.decision_id, row.role) for row in rows}
    for debt, _, _ in sorted(held - links.keys()):
        seq = told[debt].seq
        raise Broken(
            seq, "debt link added", f"A debt item is linked to a decision as no entry says up to entry {seq}."
        )
    if gone := links.keys() - held:
        seq = min(links[key] for key in gone)
        raise Broken(
            seq, "debt link missing", f"The link between a debt item and a decision of entry {seq} is gone."
        )


def _remarks(company_id: int, ids: list[int], told: Mapping[tuple[int, int], str]) -> None:
    left: dict[tuple[int, int], Any] = dict(told)
    for row in in_order(DebtRemark, DebtRemark.id, company_id, DebtRemark.debt_id.in_(ids)):
        why = left.pop((row.debt_id, row.seq), None)
        if why is None:
            check_rows("debt remark", [row], {})
        check_row("debt remark", row, Promise(row.seq, why))
    if left:
        raise missing("debt remark", min(seq for _, seq in left))


def _strays(company_id: int) -> None:
    """Look for rows of debt items that there are none of."""
    tables = {"debt link": DebtLink, "debt remark": DebtRemark}
    tables |= {"debt estimate": DebtEstimate, "debt carry": DebtCarry}
    for kind, table in tables.items():
        there = DebtItem.select(SQL("1")).where(
            DebtItem.company == table.company, DebtItem.id == table.debt_id
        )
        if table.select().where(table.company == company_id, ~fn.EXISTS(there)).exists():
            raise Broken(0, f"{kind} added", "Something belongs to a debt item that there is none of.")
