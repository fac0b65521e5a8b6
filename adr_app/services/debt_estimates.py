"""Estimate a debt, or estimate it anew: each estimate is kept, and the newest counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adr_app.domain.debt import ESTIMATE, Move, State
from adr_app.domain.debt_estimates import WHOLE, Estimate, ThreePoint, clean_estimate, clean_estimate_words
from adr_app.domain.debt_typed import clean
from adr_app.domain.errors import Invalid
from adr_app.domain.money import minor_units
from adr_app.models.debt import DebtItem
from adr_app.models.debt_estimates import DebtEstimate, columns_of, history_of, newest_of
from adr_app.services.debt import check_gained
from adr_app.services.debt_rows import (
    COLUMNS,
    called,
    changing,
    check_seen,
    drop_outdated,
    find,
    needed,
    owners,
    settle,
    system_of,
    taken_from_security,
)
from adr_app.services.people import Viewer
from adr_app.services.record import Ledger

BESIDE = ("system", "owner", "kind", "intent", "care", "benefit")
"""What the form of an estimate asks besides its numbers."""

NUMBERS = ("fix_days", "monthly_loss")
"""The two that are enough."""


def analyse(
    viewer: Viewer, number: int, *, detail: Mapping[str, str] | None = None, seen: str | None = None,
    at: datetime, **typed: str,
) -> DebtItem:  # fmt: skip
    """Estimate an item, or estimate it anew.

    `typed` are `NUMBERS` in working days, the name of its system and the id of who answers for it; the first
    time also how it was taken on: `intent`, `care`, `benefit`, and its `kind` if another. `detail` is what
    `adr_app.domain.debt_estimates.clean_estimate` reads beside the two numbers.

    :raises Invalid: naming everything that is missing or cannot be saved.
    :raises WrongState: when the item is closed.
    :raises Stale: when somebody else estimated it meanwhile.
    """
    with changing(viewer, number, at) as (ledger, item):
        fields, estimate, words = _read(viewer, item, {**typed, **(detail or {})}, ledger.at)
        check_seen(item, ESTIMATE, seen, newest_seq(item))
        concerned = item.concerns_security
        before = {name: getattr(item, COLUMNS.get(name, name)) for name in (*NUMBERS, "kind", "system")}
        if item.state == State.IDENTIFIED:
            item.state = State.ANALYSED
        item.system_id, item.owner = system_of(viewer, fields["system"]), fields["owner"]
        item.fix_days, item.monthly_loss = on_average(estimate)
        for name in ("kind", "intent", "care", "benefit"):
            if name in fields:
                setattr(item, name, fields[name])
        told: dict[str, Any] = {"fix_days": item.fix_days, "monthly_loss": item.monthly_loss}
        told |= {"owner": fields["owner"], "system": item.system_id, **settle(ledger, item)}
        told |= taken_from_security(viewer, item, concerned, ledger.at)
        told |= called(item, fields["system"])
        changed = {name for name, value in before.items() if value != getattr(item, COLUMNS.get(name, name))}
        told |= drop_outdated(ledger, item, changed, concerned=concerned)
        _keep(ledger, item, estimate, words, told)
    return find(viewer, number)


def _read(
    viewer: Viewer, item: DebtItem, typed: Mapping[str, str], at: datetime
) -> tuple[dict[str, Any], Estimate, dict[str, str]]:
    """Return what was typed beside the numbers, the numbers, and the words beside them.

    :raises Invalid: naming everything that is missing or cannot be saved, of all three.
    """
    problems: dict[str, str] = {}
    beside = {name: typed[name] for name in BESIDE if name in typed}
    wanted = [name for name in needed(viewer, item, Move.ESTIMATE, at) if name not in NUMBERS]
    fields: dict[str, Any] = {}
    estimate, words = Estimate(ThreePoint.of(0), ThreePoint.of(0)), {}
    try:
        fields = clean(beside, needed=wanted)
        _check_owner(viewer, fields, at)
        if "benefit" in wanted or item.state == State.IDENTIFIED:
            check_gained({"kind": item.kind, "intent": item.intent, "benefit": item.benefit, **fields})
    except Invalid as refusal:
        problems |= refusal.fields
    try:
        estimate = clean_estimate(typed, minor=minor_units(viewer.company.currency))
    except Invalid as refusal:
        problems |= refusal.fields
    try:
        words = clean_estimate_words(typed)
    except Invalid as refusal:
        problems |= refusal.fields
    if problems:
        raise Invalid("This cannot be saved yet.", problems)
    return fields, estimate, words


def _check_owner(viewer: Viewer, fields: Mapping[str, Any], at: datetime) -> None:
    if fields.get("owner") not in dict(owners(viewer, at)):
        message = "Choose somebody who has a role here now."
        raise Invalid("This cannot be saved yet.", {"owner": message})


def on_average(estimate: Estimate) -> tuple[int, int]:
    """Return what a fix costs, and what is lost each month, on average, in hundredths of a working day.

    A three-point estimate counts as its weighted mean (PERT: the likely value four times), a loss by its
    chance; half a hundredth is rounded up. Lists and sums show this.
    """
    fix = estimate.fix.low + 4 * estimate.fix.likely + estimate.fix.high
    loss = (estimate.loss.low + 4 * estimate.loss.likely + estimate.loss.high) * estimate.chance
    return (2 * fix + 6) // 12, (2 * loss + 6 * WHOLE) // (12 * WHOLE)


def _keep(
    ledger: Ledger, item: DebtItem, estimate: Estimate, words: Mapping[str, str], told: dict[str, Any]
) -> None:
    row = DebtEstimate(
        company=item.company_id,
        debt_id=item.id,
        seq=ledger.company.last_seq + 1,
        person=ledger.actor,
        at=ledger.at,
        currency=ledger.company.currency,
        **columns_of(estimate),
        **words,
    )
    row.save(force_insert=True)
    told["estimate"] = {"estimate": row.id, "row": row.row_digest}
    ledger.append("debt.analysed", ("debt", item.id), told)


def newest_seq(item: DebtItem) -> int:
    """Return the number of the act that estimated an item last, 0 where none did: what a form has seen."""
    found = newest(item)
    return 0 if found is None else int(found.seq)


def newest(item: DebtItem) -> DebtEstimate | None:
    """Return the estimate of an item that counts, or None where nobody made one."""
    return newest_of(item.company_id, item.id)


def history(item: DebtItem) -> list[DebtEstimate]:
    """Return every estimate of an item with who made it, the newest first."""
    return history_of(item.company_id, item.id)
