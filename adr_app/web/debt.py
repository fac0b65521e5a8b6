"""Pages of technical debt: the list, one item, and the forms that note, change, estimate and close it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.blueprints import BlueprintSetupState

from adr_app.domain.debt import (
    KINDS,
    LINK_ROLES,
    STATE_NAMES,
    Move,
    effort_text,
    in_money,
    moves_from,
    outlook,
)
from adr_app.domain.errors import Invalid, Stale
from adr_app.domain.permissions import Act
from adr_app.models.debt import DebtItem
from adr_app.services import debt, debt_history, debt_links, people, systems
from adr_app.web import debt_list, debt_report_rows, typed
from adr_app.web.access import Answer, inside, needs, now
from adr_app.web.debt_addresses import DebtReference, address_of, came_from, decision_left
from adr_app.web.filters import money

pages = Blueprint("debt", __name__, url_prefix="/<slug>/debt")

WORDS = {"state_names": STATE_NAMES, "kinds": KINDS, "roles": LINK_ROLES}
"""What every page of this feature calls things."""


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
    return item_page(number)


@pages.get("/<debt:number>/edit")
@needs(Act.NOTE_DEBT)
def edit(slug: str, number: int) -> str:
    """Show the form that changes what an item says."""
    item = debt.find(g.viewer, number)
    fields = {"title": item.title, "kind": item.kind, "system": item.system_name, "symptoms": item.symptoms}
    return _form_page("debt/edit.html", item, fields, debt.TEXT)


@pages.post("/<debt:number>/edit")
@needs(Act.NOTE_DEBT)
def revise(slug: str, number: int) -> Answer:
    """Change what an item says."""
    form = request.form

    def act() -> DebtItem:
        return debt.revise(
            g.viewer,
            number,
            title=form.get("title", ""),
            kind=form.get("kind", ""),
            system=form.get("system", ""),
            symptoms=form.get("symptoms", ""),
            seen=form.get("seen"),
            at=now(),
        )

    return _save(act, "debt/edit.html", number, debt.TEXT)


@pages.get("/<debt:number>/estimate")
@needs(Act.NOTE_DEBT)
def estimate(slug: str, number: int) -> str:
    """Show the form with the two numbers."""
    item = debt.find(g.viewer, number)
    fields = {
        "system": item.system_name,
        "fix_days": effort_text(item.fix_days),
        "monthly_loss": effort_text(item.monthly_loss),
        "owner": item.owner_id or g.viewer.person.id,
    }
    return _form_page("debt/estimate.html", item, fields, debt.ESTIMATE)


@pages.post("/<debt:number>/estimate")
@needs(Act.NOTE_DEBT)
def analyse(slug: str, number: int) -> Answer:
    """Save the two numbers, the system and who answers for the item."""
    form = request.form

    def act() -> DebtItem:
        return debt.analyse(
            g.viewer,
            number,
            system=form.get("system", ""),
            fix_days=form.get("fix_days", ""),
            monthly_loss=form.get("monthly_loss", ""),
            owner=form.get("owner", ""),
            seen=form.get("seen"),
            at=now(),
        )

    return _save(act, "debt/estimate.html", number, debt.ESTIMATE)


@pages.post("/<debt:number>/repay")
@needs(Act.NOTE_DEBT)
def repay(slug: str, number: int) -> Answer:
    """Record that an item is repaid."""
    took, by = request.form.get("actual_days", ""), request.form.get("repaid_by", "")

    def act() -> DebtItem:
        decision = debt_links.typed_decision(g.viewer, by, "repaid_by")
        return debt.repay(g.viewer, number, actual_days=took, decision=decision, at=now())

    return _done(act, number, Move.REPAY, "Repaid. Well done.")


@pages.post("/<debt:number>/not-debt")
@needs(Act.NOTE_DEBT)
def not_debt(slug: str, number: int) -> Answer:
    """Close an item that turned out to be no debt."""
    why = request.form.get("reason", "")
    done = "Closed: no debt after all."
    return _done(
        lambda: debt.mark_not_debt(g.viewer, number, reason=why, at=now()), number, Move.NOT_DEBT, done
    )


@pages.post("/<debt:number>/reopen")
@needs(Act.NOTE_DEBT)
def reopen(slug: str, number: int) -> Answer:
    """Open a closed item again."""
    why = request.form.get("reason", "")
    return _done(
        lambda: debt.reopen(g.viewer, number, reason=why, at=now()), number, Move.REOPEN, "Open again."
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

    return _done(act, number, "link", "Linked.")


@pages.post("/<debt:number>/unlink")
@needs(Act.NOTE_DEBT)
def unlink(slug: str, number: int) -> Answer:
    """Remove the link to a decision."""
    decision = typed.identity("decision")
    role = request.form.get("role", "")
    return _done(
        lambda: debt_links.unlink(g.viewer, number, decision, role, at=now()),
        number,
        "unlink",
        "Link removed.",
    )


def worth(effort: int | None) -> str:
    """Return an effort in the company's money, or nothing where it has no day rate."""
    company = g.viewer.company
    if effort is None or company.day_rate is None:
        return ""
    return money(in_money(effort, company.day_rate), company.currency)


def _save(act: Callable[[], DebtItem], template: str, number: int, names: tuple[str, ...]) -> Answer:
    """Run the act of a form of its own; when refused, show the form again with everything typed."""
    try:
        act()
    except Invalid as refusal:
        return _form_page(template, debt.find(g.viewer, number), request.form, names, refusal.fields), 422
    except Stale as refusal:
        item = debt.find(g.viewer, number)
        return _form_page(template, item, request.form, names, meanwhile=str(refusal)), 409
    flash("Saved.", "success")
    return redirect(address_of(number))


def _done(act: Callable[[], object], number: int, form: str, words: str) -> Answer:
    """Run an act of the item's page; when refused, show the page again with everything typed."""
    try:
        act()
    except Invalid as refusal:
        return item_page(number, form=form, errors=refusal.fields), 422
    flash(words, "success")
    return redirect(address_of(number))


def item_page(number: int, *, form: str = "", errors: dict[str, str] | None = None) -> str:
    """Return an item's page; `form` is the one that was refused, with what has to be mended."""
    item = debt.find(g.viewer, number)
    return render_template(
        "debt/show.html",
        nav="debt",
        item=item,
        outlook=outlook(item.fix_days, item.monthly_loss),
        linked=debt_links.decisions_of(g.viewer, item),
        history=debt_history.entries(g.viewer, item),
        moves=moves_from(item.state) if g.viewer.may(Act.NOTE_DEBT) else [],
        noted_by=people.names({item.noted_by_id})[item.noted_by_id],
        typed=request.form if form else {},
        form=form,
        errors=errors or {},
        decisions=debt_links.offered(g.viewer) if g.viewer.may(Act.NOTE_DEBT) else [],
        worth=worth,
        **debt_report_rows.beside(item),
        **WORDS,
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


def _form_page(
    template: str,
    item: DebtItem,
    fields: Mapping[str, Any],
    names: tuple[str, ...],
    errors: dict[str, str] | None = None,
    meanwhile: str = "",
) -> str:
    seen = fields.get("seen") if errors else debt.stamp(item, names)
    return render_template(
        template,
        nav="debt",
        item=item,
        typed=fields,
        errors=errors or {},
        seen=seen,
        meanwhile=meanwhile,
        systems=systems.names(g.viewer),
        owners=debt.owners(g.viewer, now()),
        **WORDS,
    )
