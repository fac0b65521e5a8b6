"""Checks of the record and receipts of it: how the last one came out, give one out, compare one."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.models.record_checks import Receipt, RecordCheck
from adr_app.services import receipts, record_checks
from adr_app.web.access import Answer, full_address, needs, now
from adr_app.web.filters import day, moment

pages = Blueprint("receipts", __name__, url_prefix="/<slug>/record")

RESULTS = {
    "whole": "All verifies",
    "broken": "Something was changed",
    "error": "Could not be checked",
}
"""How a check came out, in words."""

WAYS = {"command": "on the command line", "daily": "by itself, once a day", "asked": "asked for here"}

WHAT_IT_IS = (
    "This line stands for every entry of the decision log up to that moment. It holds no decision and "
    "nobody’s data. Keep it where whoever runs the log cannot change it."
)
HOW = "To compare it, open the page below, or paste it under Record, Checks and receipts."


@pages.get("/checks")
@needs(Act.READ)
def index(slug: str) -> Answer:
    """Show how the last check came out and which receipts were given; compare one where it is pasted."""
    return _page()


@pages.post("/check")
@needs(Act.CHECK_RECORD)
def check(slug: str) -> Answer:
    """Have the record checked now, in the background."""
    record_checks.ask(g.viewer, at=now())
    flash("The record is being checked. Open this page again in a minute.", "info")
    return redirect(url_for("receipts.index", slug=slug))


@pages.post("/receipts")
@needs(Act.GIVE_RECEIPT)
def give(slug: str) -> Answer:
    """Give out a receipt of the record as it stands."""
    try:
        made = receipts.give(g.viewer, request.form.get("keeper", ""), at=now())
    except Invalid as refusal:
        return _page(refusal.fields)
    flash(f"Hand it to {made.keeper} now: print it, download it, or copy the line into a mail.", "success")
    return redirect(url_for("receipts.show", slug=slug, entries=made.entries))


@pages.get("/receipts/<int:entries>")
@needs(Act.READ)
def show(slug: str, entries: int) -> str:
    """Show one receipt, to print or to copy."""
    receipt = receipts.find(g.viewer, entries)
    return render_template(
        "receipts/show.html", nav="record", receipt=receipt, line=_line(receipt), what=WHAT_IT_IS, how=HOW
    )


@pages.get("/receipts/<int:entries>.txt")
@needs(Act.READ)
def download(slug: str, entries: int) -> Response:
    """Send one receipt as a small text file."""
    receipt = receipts.find(g.viewer, entries)
    zone = g.viewer.company.zone
    text = "\n".join(
        [
            f"Receipt of the decision log of {g.viewer.company.name}",
            "",
            _line(receipt),
            "",
            WHAT_IT_IS,
            HOW,
            "",
            f"Given by {receipt.person.name} on {moment(receipt.at, zone)} ({zone})",
            f"Kept by {receipt.keeper}",
            full_address("receipts.index", slug=slug),
            "",
        ]
    )
    answer = Response(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{slug}-{entries}.txt"'
    return answer


def alarm(found: RecordCheck | None) -> str:
    """Return what is said to whoever looks after the record where its last check did not come out well."""
    if found is None or found.result == "whole" or not g.viewer.may(Act.CHECK_RECORD):
        return ""
    return f"{'The record does not verify.' if found.result == 'broken' else ''} {found.message}".strip()


def overdue() -> str:
    """Return what is said to whoever can give out a receipt where one is due, else an empty text."""
    if not g.viewer.may(Act.GIVE_RECEIPT) or not receipts.is_due(g.viewer.company, now()):
        return ""
    return "For thirty days nobody outside was given a receipt of the record."


def _line(receipt: Receipt) -> str:
    return f"{receipt.entries}:{receipt.root}"


def _page(errors: dict[str, str] | None = None) -> tuple[str, int]:
    pasted, wrong, compared = request.args.get("receipt", "")[:5000], dict(errors or {}), None
    if "receipt" in request.args:
        try:
            compared = receipts.compare(g.viewer, pasted)
        except Invalid as refusal:
            wrong |= refusal.fields
    last = record_checks.latest(g.viewer.company.id)
    page = render_template(
        "receipts/index.html",
        nav="record",
        errors=wrong,
        last=last,
        alarm=alarm(last),
        result=RESULTS[last.result] if last else "",
        how=WAYS[last.way] if last else "",
        overdue=overdue(),
        given=receipts.given(g.viewer),
        typed=request.form,
        pasted=pasted,
        compared=_words(compared) if compared else None,
    )
    return page, 422 if wrong else 200


def _words(compared: receipts.Compared) -> dict[str, Any]:
    """Return what became of a pasted receipt, and how it is shown."""
    kept, known = compared.kept, receipts.known(g.viewer, compared.kept)
    when = f", of {day(known.at, zone=g.viewer.company.zone)} for {known.keeper}," if known else ""
    if compared.holds:
        return {
            "kind": "success",
            "text": f"The receipt{when} holds: the first {kept.entries} entries are the ones it stands for.",
        }
    said = f"The receipt{when} does not fit this record: {compared.why}."
    return {
        "kind": "error",
        "text": f"{said} It is another company’s, was copied wrongly, or the record was written anew.",
    }
