"""Outside firms: which data each touches, the agreements with it, how risky it was found, who chose it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from adr_app.domain.errors import Invalid
from adr_app.domain.permissions import Act
from adr_app.domain.revisions import DATA
from adr_app.domain.vendors import AGREEMENTS, RISKS
from adr_app.domain.worktime import local_day
from adr_app.services import vendor_acts, vendor_pages, vendors
from adr_app.services.vendors import Sheet
from adr_app.web import standings, typed
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day

pages = Blueprint("vendors", __name__, url_prefix="/<slug>/vendors")

WORDS: dict[str, Any] = {"data_kinds": list(DATA.items()), "agreement_kinds": AGREEMENTS, "risks": RISKS}
"""What every page of this feature calls things."""


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """List the company's outside firms, those first that want something done."""
    return _list_page()


@pages.post("/add")
@needs(Act.KEEP_VENDORS)
def add(slug: str) -> Answer:
    """List a firm."""
    form = request.form
    try:
        made = vendor_acts.add(
            g.viewer, form.get("name", ""), does=form.get("does", ""), data=form.getlist("data"), at=now()
        )
    except Invalid as refusal:
        return _list_page(refusal.fields), 422
    flash(f"{made.name} is listed.", "success")
    return _back(made.name)


@pages.get("/firm")
@needs(Act.READ)
def show(slug: str) -> str:
    """Show one firm, named in the address: its papers, and the decisions that chose it."""
    return _firm_page(request.args.get("firm", ""))


@pages.post("/describe")
@needs(Act.KEEP_VENDORS)
def describe(slug: str) -> Answer:
    """Say what a firm does and which data it touches."""
    name, form = request.form.get("firm", ""), request.form
    try:
        new = vendor_acts.describe(
            g.viewer, name, does=form.get("does", ""), data=form.getlist("data"), at=now()
        )
    except Invalid as refusal:
        return _firm_page(name, "describe", refusal.fields), 422
    flash("Saved." if new else "Nothing was different, so nothing was changed.", "success" if new else "info")
    return _back(name)


@pages.post("/agree")
@needs(Act.KEEP_VENDORS)
def agree(slug: str) -> Answer:
    """Record an agreement with a firm."""
    name, form = request.form.get("firm", ""), request.form
    vendors.find(g.viewer, name)
    try:
        vendor_acts.agree(
            g.viewer,
            name,
            kind=form.get("kind", ""),
            reference=form.get("reference", ""),
            signed_on=typed.day("signed_on"),
            ends_on=typed.day("ends_on"),
            at=now(),
        )
    except Invalid as refusal:
        return _firm_page(name, "agree", refusal.fields), 422
    flash("The agreement is recorded.", "success")
    return _back(name)


@pages.post("/end-agreement")
@needs(Act.KEEP_VENDORS)
def end_agreement(slug: str) -> Answer:
    """Say that an agreement no longer holds."""
    vendor = vendor_acts.end_agreement(g.viewer, typed.identity("agreement"), at=now())
    flash("It no longer counts. It stays listed under Earlier.", "success")
    return _back(vendor.name)


@pages.post("/assess")
@needs(Act.ASSESS_VENDOR)
def assess(slug: str) -> Answer:
    """Record how risky a firm was found."""
    name, form = request.form.get("firm", ""), request.form
    vendors.find(g.viewer, name)
    try:
        vendor_acts.assess(
            g.viewer,
            name,
            risk=form.get("risk", ""),
            text=form.get("text", ""),
            assessed_on=typed.day("assessed_on"),
            valid_until=typed.day("valid_until"),
            at=now(),
        )
    except Invalid as refusal:
        return _firm_page(name, "assess", refusal.fields), 422
    flash("The assessment is recorded.", "success")
    return _back(name)


def lines(names: list[str]) -> list[dict[str, Any]]:
    """Return what the review of a text that names some firms shows of each, in the order of their names."""
    return [_line(sheet) for sheet in vendors.sheets(g.viewer, now(), names=names)] if names else []


def linked(names: list[str]) -> Markup:
    """Return names of firms, each leading to its page; one that this person may not know of stands alone."""
    known = vendors.pages_of(g.viewer, names) if names else {}
    link = Markup('<a href="{}">{}</a>')
    return Markup(", ").join(
        link.format(address_of(known[name]), name) if name in known else name for name in names
    )


def address_of(name: str) -> str:
    """Return the address of a firm's page."""
    return url_for("vendors.show", slug=g.viewer.company.slug, firm=name)


def _line(sheet: Sheet) -> dict[str, Any]:
    vendor = sheet.vendor
    return {
        "name": vendor.name,
        "href": address_of(vendor.name),
        "does": vendor.does,
        "data": ", ".join(DATA[code].lower() for code in vendor.data) or "not said yet",
        "lacks": sheet.lacks_contract,
        "contracts": _contracts(sheet),
        "risk": _risk(sheet),
        "overdue": sheet.assessment_overdue,
        "decisions": sheet.decisions,
    }


def _contracts(sheet: Sheet) -> str:
    if sheet.lacks_contract:
        return "No health-data contract recorded"
    found = [AGREEMENTS[a.kind] + (f" until {day(a.ends_on)}" if a.ends_on else "") for a in sheet.running]
    return ", ".join(dict.fromkeys(found)) or "none recorded"


def _risk(sheet: Sheet) -> str:
    last = sheet.assessment
    if last is None:
        return "never assessed"
    held = "had to be looked at again by" if sheet.assessment_overdue else "holds until"
    return f"{RISKS[last.risk].lower()}, {held} {day(last.valid_until)}"


def _list_page(errors: dict[str, str] | None = None) -> str:
    place, slug = request.args.get("after", ""), g.viewer.company.slug
    page = vendor_pages.page(g.viewer, now(), place)
    return render_template(
        "vendors/index.html",
        nav="people",
        rows=[_line(sheet) for sheet in page.sheets],
        first=url_for("vendors.index", slug=slug) if place else "",
        following=url_for("vendors.index", slug=slug, after=page.after) if page.after else "",
        errors=errors or {},
        typed=request.form,
        ticked=request.form.getlist("data"),
        **WORDS,
    )


def _firm_page(name: str, form: str = "", errors: dict[str, str] | None = None) -> str:
    """Return a firm's page; `form` is the one that was refused, with what has to be mended."""
    (sheet,) = vendors.sheets(g.viewer, now(), names=[vendors.find(g.viewer, name).folded])
    vendor = sheet.vendor
    today, zone = local_day(now(), g.viewer.company.zone), g.viewer.company.zone
    running = sheet.running
    chosen_by = [
        (decision, standings.mark_of(span), standings.line_of(span, today, zone))
        for decision, span in vendors.decisions_of(g.viewer, vendor, now())
    ]
    return render_template(
        "vendors/show.html",
        nav="people",
        vendor=vendor,
        sheet=sheet,
        line=_line(sheet),
        running=running,
        earlier=[one for one in sheet.agreements if one not in running],
        chosen_by=chosen_by,
        today=today,
        form=form,
        errors=errors or {},
        typed=request.form if form else {},
        ticked=request.form.getlist("data") if form == "describe" else vendor.data,
        **WORDS,
    )


def _back(name: str) -> Answer:
    return redirect(address_of(name))
