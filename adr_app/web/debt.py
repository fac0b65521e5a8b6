"""Pages of technical debt: the list, one item, and the forms that note, change, estimate and close it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.blueprints import BlueprintSetupState

from adr_app.domain.debt import ESTIMATE, Move
from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.models.debt import DebtItem
from adr_app.services import debt, debt_estimates, debt_links, systems
from adr_app.web import debt_estimate_fields, debt_list, debt_page, debt_report_rows, typed
from adr_app.web.access import Answer, inside, needs, now
from adr_app.web.debt_addresses import DebtReference, address_of, came_from, decision_left
from adr_app.web.debt_page import WORDS
from adr_app.web.debt_words import worth

pages = Blueprint("debt", __name__, url_prefix="/<slug>/debt")


@pages.record_once
def _understand_references(setup: BlueprintSetupState) -> None:
    # Recorded before the routes below, so that it is known when they are added.
    setup.app.url_map.converters["debt"] = DebtReference


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """List what is owed, what costs most first, with what all of it costs each month."""
    chosen = debt_list.chosen()
    seen = debt_report_rows.observed([item.id for item in chosen["page"].items])
    return render_template("debt/index.html", nav="debt", worth=worth, observed=seen, **WORDS, **chosen)


@pages.get("/new")
@needs(Act.NOTE_DEBT)
def new(slug: str) -> str:
    """Show the form of ten seconds: one field is enough."""
    named = request.args.get("decision") or decision_left()
    return _note_page({"decision": debt_links.worded(g.viewer, named), "back": came_from()})


@pages.post("/new")
@needs(Act.NOTE_DEBT)
def note(slug: str) -> Answer:
    """Note a debt and go back to where it was noticed."""
    form = request.form
    try:
        item = debt.note(
            g.viewer,
            title=form.get("title", ""),
            system=form.get("system", ""),
            symptoms=form.get("symptoms", ""),
            kind=form.get("kind") or "other",
            security="security" in form,
            decision=debt_links.typed_decision(g.viewer, form.get("decision", "")),
            at=now(),
        )
    except Invalid as refusal:
        return _note_page(form, refusal.fields), 422
    noted, back = f"Noted as {item.ref}: {item.title}", form.get("back", "")
    if not back:
        flash(noted, "success")
        return redirect(address_of(item.number))
    flash({"text": noted, "href": address_of(item.number)}, "success")  # type: ignore[arg-type]
    return redirect(inside(back))


@pages.get("/<debt:number>")
@needs(Act.READ)
def show(slug: str, number: int) -> str:
    """Show one item: what it is, what it costs, what can be done, what happened."""
    return debt_page.item_page(number)


@pages.get("/<debt:number>/edit")
@needs(Act.NOTE_DEBT)
def edit(slug: str, number: int) -> str:
    """Show the form that changes what an item says."""
    item = debt.find(g.viewer, number)
    fields = {name: getattr(item, name) for name in ("title", "kind", "symptoms", *debt.DETAILS)}
    fields |= {"system": item.system_name, "security": "yes" if item.security else ""}
    return debt_page.form_page("debt/edit.html", item, fields, (*debt.TEXT, *debt.DETAILS))


@pages.post("/<debt:number>/edit")
@needs(Act.NOTE_DEBT)
def revise(slug: str, number: int) -> Answer:
    """Change what an item says."""
    form = request.form
    # A form from elsewhere, or from before, may not hold them all: what is not there stays as it is.
    details = {name: form[name] for name in debt.DETAILS if name in form}
    if "detailed" in form:
        details.setdefault("security", "")

    def act() -> DebtItem:
        return debt.revise(
            g.viewer,
            number,
            title=form.get("title", ""),
            kind=form.get("kind", ""),
            system=form.get("system", ""),
            symptoms=form.get("symptoms", ""),
            details=details,
            seen=form.get("seen"),
            at=now(),
        )

    return debt_page.saved(act, "debt/edit.html", number, (*debt.TEXT, *details))


@pages.get("/<debt:number>/estimate")
@needs(Act.NOTE_DEBT)
def estimate(slug: str, number: int) -> str:
    """Show the form with the two numbers, and the detail behind a fold."""
    item = debt.find(g.viewer, number)
    fields = debt_estimate_fields.fields_of(item, g.viewer)
    return debt_page.form_page("debt/estimate.html", item, fields, ESTIMATE)


@pages.post("/<debt:number>/estimate")
@needs(Act.NOTE_DEBT)
def analyse(slug: str, number: int) -> Answer:
    """Save an estimate: the two numbers, the system, who answers for the item, and what else was said."""
    typed = {name: request.form.get(name, "") for name in debt_estimate_fields.ASKED if name in request.form}
    detail = {name: request.form.get(name, "") for name in debt_estimate_fields.DETAIL}

    def act() -> DebtItem:
        wanted = dict.fromkeys(debt_estimate_fields.ALWAYS, "") | typed
        return debt_estimates.analyse(
            g.viewer, number, detail=detail, seen=request.form.get("seen"), at=now(), **wanted
        )

    return debt_page.saved(act, "debt/estimate.html", number, ESTIMATE)


@pages.post("/<debt:number>/repay")
@needs(Act.NOTE_DEBT)
def repay(slug: str, number: int) -> Answer:
    """Record that an item is repaid."""
    took, by = request.form.get("actual_days", ""), request.form.get("repaid_by", "")

    def act() -> DebtItem:
        decision = debt_links.typed_decision(g.viewer, by, "repaid_by")
        return debt.repay(g.viewer, number, actual_days=took, decision=decision, at=now())

    return debt_page.done(act, number, Move.REPAY, "Repaid. Well done.")


@pages.post("/<debt:number>/not-debt")
@needs(Act.NOTE_DEBT)
def not_debt(slug: str, number: int) -> Answer:
    """Close an item that turned out to be no debt."""
    why = request.form.get("reason", "")
    done = "Closed: no debt after all."
    return debt_page.done(
        lambda: debt.mark_not_debt(g.viewer, number, reason=why, at=now()), number, Move.NOT_DEBT, done
    )


@pages.post("/<debt:number>/reopen")
@needs(Act.NOTE_DEBT)
def reopen(slug: str, number: int) -> Answer:
    """Open a closed item again."""
    why = request.form.get("reason", "")
    return debt_page.done(
        lambda: debt.reopen(g.viewer, number, reason=why, at=now()), number, Move.REOPEN, "Still owed again."
    )


@pages.post("/<debt:number>/link")
@needs(Act.NOTE_DEBT)
def link(slug: str, number: int) -> Answer:
    """Link an item to the decision that incurred or repays it."""
    named, role = request.form.get("decision", ""), request.form.get("role", "")

    def act() -> None:
        decision = debt_links.typed_decision(g.viewer, named)
        if decision is None:
            raise Invalid("This cannot be saved yet.", {"decision": "Name the decision, such as AD-0012."})
        debt_links.link(g.viewer, number, decision, role, at=now())

    return debt_page.done(act, number, "link", "Linked.")


@pages.post("/<debt:number>/unlink")
@needs(Act.NOTE_DEBT)
def unlink(slug: str, number: int) -> Answer:
    """Remove the link to a decision."""
    decision = typed.identity("decision")
    role = request.form.get("role", "")
    return debt_page.done(
        lambda: debt_links.unlink(g.viewer, number, decision, role, at=now()),
        number,
        "unlink",
        "Link removed.",
    )


def _note_page(fields: Mapping[str, Any], errors: dict[str, str] | None = None) -> str:
    return render_template(
        "debt/new.html",
        nav="debt",
        typed=fields,
        errors=errors or {},
        systems=systems.names(g.viewer),
        decisions=debt_links.offered(g.viewer),
        **WORDS,
    )
