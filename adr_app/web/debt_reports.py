"""Forms beside a debt item: time lost to it, and the tickets it is worked on in."""

import re

from flask import Blueprint, flash, g, redirect, render_template, request

from adr_app.domain.debt_reports import time_text
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.domain.worktime import local_day
from adr_app.services import debt_reports, debt_tickets
from adr_app.web import debt_page, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.debt_addresses import address_of

pages = Blueprint("debt_reports", __name__, url_prefix="/<slug>/debt")

_TYPED = re.compile(r"\s*(?:TD-)?0*([0-9]{1,9})(?![0-9])", re.IGNORECASE)


@pages.get("/report")
@needs(Act.NOTE_DEBT)
def choose(slug: str) -> str:
    """Show the form of ten seconds for whoever has not opened the item: which one, and how long."""
    return _choose_page({})


@pages.post("/report")
@needs(Act.NOTE_DEBT)
def report_chosen(slug: str) -> Answer:
    """Report time lost to the item that was named."""
    item = debt_reports.item(g.viewer, _number(request.form.get("item", "")))
    try:
        if item is None:
            message = "Choose the item, or type a word that only its title has, or its reference: TD-0007."
            raise Invalid("This cannot be saved yet.", {"item": message})
        made = debt_reports.report(g.viewer, item.number, request.form, at=now())
    except Invalid as refusal:
        return _choose_page(refusal.fields), 422
    _thank(time_text(made.minutes), item.ref)
    return redirect(address_of(item.number))


@pages.post("/<debt:number>/report")
@needs(Act.NOTE_DEBT)
def report(slug: str, number: int) -> Answer:
    """Report time lost to an item."""
    try:
        made = debt_reports.report(g.viewer, number, request.form, at=now())
    except Invalid as refusal:
        return debt_page.item_page(number, form="report", errors=refusal.fields), 422
    _thank(time_text(made.minutes))
    return redirect(address_of(number))


@pages.post("/<debt:number>/report/take-back")
@needs(Act.NOTE_DEBT)
def take_back(slug: str, number: int) -> Answer:
    """Take a mistyped report back."""
    debt_reports.take_back(g.viewer, number, typed.identity("report"), at=now())
    flash("Taken back. It no longer counts.", "success")
    return redirect(address_of(number))


@pages.post("/<debt:number>/ticket/link")
@needs(Act.NOTE_DEBT)
def link_ticket(slug: str, number: int) -> Answer:
    """Link an item to a ticket elsewhere, by its address."""
    try:
        made = debt_tickets.link(g.viewer, number, request.form.get("address", ""), at=now())
    except Invalid as refusal:
        return debt_page.item_page(number, form="ticket", errors=refusal.fields), 422
    flash(f"Linked: {debt_tickets.shown(made)}.", "success")
    return redirect(address_of(number))


@pages.post("/<debt:number>/ticket/unlink")
@needs(Act.NOTE_DEBT)
def unlink_ticket(slug: str, number: int) -> Answer:
    """Remove the link to a ticket."""
    debt_tickets.unlink(g.viewer, number, typed.identity("ticket"), at=now())
    flash("Link removed.", "success")
    return redirect(address_of(number))


def _thank(time: str, ref: str = "") -> None:
    flash(f"Noted: {time} lost{f' to {ref}' if ref else ''}. Thank you.", "success")


def _number(text: str) -> int:
    """Return the number of the item that was typed: its reference, or a word of one title only; else 0."""
    found = _TYPED.match(text)
    words = " ".join(text.split()).casefold()
    if found is None and words:
        named = [one for one in debt_reports.offered(g.viewer) if words in one.casefold()]
        found = _TYPED.match(named[0]) if len(named) == 1 else None
    return int(found[1]) if found else 0


def _choose_page(errors: dict[str, str]) -> str:
    return render_template(
        "debt/report.html",
        nav="debt",
        items=debt_reports.offered(g.viewer),
        typed=request.form or {"item": request.args.get("item", "")},
        errors=errors,
        today=local_day(now(), g.viewer.company.zone),
    )
