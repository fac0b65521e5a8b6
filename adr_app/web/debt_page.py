"""The page of one debt item, and the forms of its own that change it: what they show, also when refused."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request

from adr_app.domain.debt import (
    CARES,
    ESTIMATE,
    GONE,
    INTENTS,
    KINDS,
    LINK_ROLES,
    MOVES,
    STATE_NAMES,
    Move,
    moves_from,
)
from adr_app.domain.debt_days import Days, due, may_be_checked_from
from adr_app.domain.debt_estimates import CONFIDENCE, GROWTH, WHOLE, growth_word, share_text
from adr_app.domain.debt_verdicts import WORDS as WORDS_OF_VERDICTS
from adr_app.domain.errors import Invalid, Stale
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.models.debt import DebtItem
from adr_app.models.debt_estimates import DebtEstimate
from adr_app.services import debt, debt_carries, debt_estimates, debt_history, debt_links, people, systems
from adr_app.services.debt_numbers import judged_one
from adr_app.services.debt_rows import is_vciso_engaged, may_take_from_security, owners, stamp, today_of
from adr_app.web import debt_estimate_fields, debt_report_rows
from adr_app.web.access import Answer, now
from adr_app.web.debt_addresses import address_of
from adr_app.web.debt_verdicts import said
from adr_app.web.debt_words import worth
from adr_app.web.filters import day, money, plural, sentence

WORDS = {
    "state_names": STATE_NAMES,
    "kinds": KINDS,
    "roles": LINK_ROLES,
    "intents": INTENTS,
    "cares": CARES,
    "gone": GONE,
}
"""What every page of this feature calls things."""


def saved(act: Callable[[], DebtItem], template: str, number: int, names: tuple[str, ...]) -> Answer:
    """Run the act of a form of its own; when refused, show the form again with everything typed."""
    try:
        act()
    except Invalid as refusal:
        return form_page(template, debt.find(g.viewer, number), request.form, names, refusal.fields), 422
    except Stale as refusal:
        item = debt.find(g.viewer, number)
        return form_page(template, item, request.form, names, meanwhile=str(refusal)), 409
    flash("Saved.", "success")
    return redirect(address_of(number))


def done(act: Callable[[], object], number: int, form: str, words: str) -> Answer:
    """Run an act of the item's page; when refused, show the page again with everything typed."""
    try:
        act()
    except Invalid as refusal:
        return item_page(number, form=form, errors=refusal.fields), 422
    flash(words, "success")
    return redirect(address_of(number))


def item_page(number: int, *, form: str = "", errors: dict[str, str] | None = None) -> str:
    """Return the page of one item; `form` is the act that was refused, with its `errors`."""
    viewer, at = g.viewer, now()
    item = debt.find(viewer, number)
    today = today_of(viewer, at)
    standing = item.standing(today)
    judged = judged_one(viewer, number, at)
    moves = [move for move in moves_from(standing) if viewer.may(MOVES[move].who)]
    if item.concerns_security and not may_take_from_security(viewer, at):
        moves = [move for move in moves if move not in (Move.NOT_DEBT, Move.WRITE_OFF)]
    checked_from = (
        may_be_checked_from(local_day(item.closed_at, viewer.company.zone)) if item.closed_at else None
    )
    return render_template(
        "debt/show.html",
        nav="debt",
        item=item,
        standing=standing,
        verdict=WORDS_OF_VERDICTS[judged.verdict.code] if item.is_open else "",
        outlook=said(judged),
        asks=asks_of(item),
        estimates=debt_estimates.history(item),
        linked=debt_links.decisions_of(viewer, item),
        history=debt_history.entries(viewer, item),
        moves=moves,
        checked_from=checked_from,
        may_check=checked_from is not None and checked_from <= today,
        carry=debt_carries.shown(viewer, item, at),
        vciso_engaged=is_vciso_engaged(viewer.company.id, at),
        system_ends=item.system_ends or "",
        said=said_beside,
        share=share_text,
        noted_by=people.names({item.noted_by_id})[item.noted_by_id],
        typed=request.form if form else {},
        form=form,
        errors=errors or {},
        decisions=debt_links.offered(viewer) if viewer.may(Act.NOTE_DEBT) else [],
        worth=worth,
        **debt_report_rows.beside(item),
        **WORDS,
    )


def said_beside(row: DebtEstimate) -> str:
    """Return in a sentence or two what an estimate says beside its numbers."""
    found, said = [], row.estimate
    if said.chance != WHOLE:
        found.append(f"felt in {share_text(said.chance)} of 100 months")
    if said.growth:
        word = GROWTH.get(growth_word(said.growth), ("", 0))[0].lower() or "changes"
        found.append(f"{word}, {share_text(said.growth)} % a month: {row.growth_reason}")
    if said.fix_growth:
        found.append(f"the fix gets dearer, {share_text(said.fix_growth)} % a month")
    if said.months:
        found.append(f"the work takes {plural(said.months, 'month')}")
    if said.left_over:
        found.append(f"{share_text(said.left_over)} % of the loss stays")
    if said.avoided:
        found.append(f"avoids {money(said.avoided, row.currency)} a month: {row.avoided_reason}")
    if row.confidence != "guess":
        found.append(CONFIDENCE[row.confidence].lower())
    if row.note:
        found.append(row.note)
    return sentence("; ".join(found)) if found else ""


SAID = {
    "obligation": "It must be fixed by {on}.",
    "carried": "The time for which it was to be lived with ended on {on}. Decide again what becomes of it.",
    "review": "It was to be looked at again on {on}. Look at it, and set another day.",
    "check": "It was repaid a month ago. Say whether the loss has gone.",
}
"""What somebody has to do on an item now, by the codes of `adr_app.domain.debt_days.due`."""


def asks_of(item: DebtItem) -> list[str]:
    """Return in sentences what somebody has to do on an item by today."""
    company, at = g.viewer.company, now()
    repaid = local_day(item.closed_at, company.zone) if item.closed_at else None
    days = Days(item.state, item.review_on, item.obligation_on, item.carried_until, repaid)
    spoken = {"carried": item.carried_until}
    return [
        SAID[code].format(on=day(spoken.get(code, since)))
        for code, since in due(days, local_day(at, company.zone))
    ]


def form_page(
    template: str,
    item: DebtItem,
    fields: Mapping[str, Any],
    names: tuple[str, ...],
    errors: dict[str, str] | None = None,
    meanwhile: str = "",
) -> str:
    """Return a form of its own about an item, with what was typed, or with what the item says."""
    seq = debt_estimates.newest_seq(item) if names == ESTIMATE else 0
    seen = fields.get("seen") if errors else stamp(item, names, seq)
    return render_template(
        template,
        nav="debt",
        item=item,
        typed=fields,
        errors=errors or {},
        seen=seen,
        meanwhile=meanwhile,
        systems=systems.names(g.viewer),
        owners=owners(g.viewer, now()),
        may_take=may_take_from_security(g.viewer, now()),
        first=item.state == "identified",
        growths=debt_estimate_fields.GROWTHS,
        confidences=debt_estimate_fields.CONFIDENCES,
        detailed=debt_estimate_fields.is_detailed(fields),
        **WORDS,
    )
