"""What presses us: technology and security side by side, sales that wait, and everybody's order of it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from adr_app.domain.errors import Invalid
from adr_app.domain.first_role import COUNTED_FROM, Inputs, ordered
from adr_app.domain.first_role_words import when
from adr_app.domain.money import minor_units
from adr_app.domain.permissions import Act
from adr_app.domain.pressure_orders import compared, put_first
from adr_app.domain.pressures import (
    BLOCKED_SALE,
    CLOSINGS,
    CONSEQUENCES,
    KIND_WORDS,
    KINDS,
    LEVEL_WORDS,
    Family,
    Pressure,
)
from adr_app.models.pressures import PressureRow
from adr_app.services import pressures, role_inputs
from adr_app.web.access import Answer, needs, now
from adr_app.web.filters import day, money, plural

pages = Blueprint("pressures", __name__, url_prefix="/<slug>/pressures")

FAMILIES = {Family.TECHNOLOGY: "Technology", Family.SECURITY: "Security"}
SHOWN = 20
"""How many that press no more are shown."""

WORDS: dict[str, Any] = {
    "kinds": [(FAMILIES[family], list(kinds.items())) for family, kinds in KINDS.items()],
    "consequences": list(CONSEQUENCES.items()),
    "levels": list(LEVEL_WORDS.items()),
    "whens": list(pressures.WHEN.items()),
    "closings": list(CLOSINGS.items()),
}
"""What every form of this feature offers."""


@pages.get("")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show what presses the company, both families side by side and never added up."""
    return _index()


@pages.get("/new")
@needs(Act.NOTE_PRESSURE)
def new(slug: str) -> str:
    """Show the form to write down what presses."""
    return _form()


@pages.post("/new")
@needs(Act.NOTE_PRESSURE)
def note(slug: str) -> Answer:
    """Write down what presses."""
    known = {row.name.casefold() for row in pressures.open_ones(g.viewer.company.id)}
    try:
        row = pressures.note(g.viewer, request.form, unit=unit(), at=now())
    except Invalid as refusal:
        return _form(errors=refusal.fields), 422
    _say(row, "Written down.", twice=row.name.casefold() in known)
    return redirect(url_for("pressures.index", slug=slug))


@pages.get("/<int:pressure>")
@needs(Act.READ)
def show(slug: str, pressure: int) -> str:
    """Show one pressure, with the forms to change and to end it."""
    return _form(pressures.find(g.viewer, pressure))


@pages.post("/<int:pressure>/change")
@needs(Act.NOTE_PRESSURE)
def change(slug: str, pressure: int) -> Answer:
    """Change what is written down of a pressure."""
    row = pressures.find(g.viewer, pressure)
    try:
        changed = pressures.change(g.viewer, pressure, request.form, unit=unit(), at=now())
    except Invalid as refusal:
        return _form(row, refusal.fields), 422
    if changed is None:
        flash("Nothing was different, so nothing was changed.", "info")
    else:
        _say(changed, "Saved.")
    return redirect(url_for("pressures.index", slug=slug))


@pages.post("/<int:pressure>/close")
@needs(Act.NOTE_PRESSURE)
def close(slug: str, pressure: int) -> Answer:
    """Say that something presses no more."""
    row = pressures.find(g.viewer, pressure)
    how, why = request.form.get("how", ""), request.form.get("why", "")
    try:
        pressures.close(g.viewer, pressure, how=how, why=why, at=now())
    except Invalid as refusal:
        return _form(row, refusal.fields, closing=True), 422
    flash("It presses no more. It stays listed at the foot of this page.", "success")
    return redirect(url_for("pressures.index", slug=slug))


@pages.post("/order")
@needs(Act.NOTE_PRESSURE)
def order(slug: str) -> Answer:
    """Keep in which order the viewer puts what presses."""
    known = [one.key for one in role_inputs.of_company(g.viewer.company, now()).pressures]
    places = {key: request.form.get(f"place-{key}", "") for key in known}
    given = {f"place-{key}" for key in known} | {"csrf_token"}
    try:
        if set(places.values()) != {str(n + 1) for n in range(len(known))} or request.form.keys() - given:
            message = "Give each its own place, from 1 for what presses most."
            raise Invalid(message, {"order": message})
        keys = sorted(known, key=lambda key: int(places[key]))
        new = pressures.put_in_order(g.viewer, keys, known, at=now())
    except Invalid as refusal:
        return _index(refusal.fields), 422
    flash("Your order is kept." if new else "That was your order already.", "success" if new else "info")
    return redirect(url_for("pressures.index", slug=slug, _anchor="orders"))


def _say(row: PressureRow, words: str, *, twice: bool = False) -> None:
    """Say that it is kept, and what is odd about it."""
    today = role_inputs.local_day(now(), g.viewer.company.zone)
    if twice:
        flash(f"{words} Something of the same name was there already: is it the same?", "warning")
    elif row.bites_on is not None and row.bites_on < today:
        flash(f"{words} Its day is past, so it counts as hurting already.", "info")
    else:
        flash(words, "success")


def unit() -> int:
    """Return how many minor units the company's currency has to one."""
    return minor_units(g.viewer.company.currency)


def lines(inputs: Inputs, family: Family) -> list[dict[str, Any]]:
    """Return the rows of one family, what hurts first in front; each leads to where it is kept."""
    mine = (one for one in inputs.pressures if one.family is family)
    return [line(one, inputs) for one in ordered(mine, inputs.today)]


def line(one: Pressure, inputs: Inputs) -> dict[str, Any]:
    """Return one pressure in words."""
    return {
        "key": one.key,
        "name": one.name,
        "href": _address(one),
        "kind": KIND_WORDS[one.kind],
        "duty": one.key.startswith("duty-"),
        "when": when(one, inputs),
        "already": one.hurts_already(inputs.today),
        "level": LEVEL_WORDS[one.level],
        "grave": one.level >= 3,
        "loses": one.loses,
        "left_out": "Small: decides nothing"
        if one.level < COUNTED_FROM
        else "More than a year away: decides nothing yet"
        if inputs.is_far(one)
        else "",
    }


def _address(one: Pressure) -> str:
    kind, _, key = one.key.partition("-")
    slug = g.viewer.company.slug
    if kind == "duty":
        return url_for("obligations.show", slug=slug, duty=int(key))
    return url_for("pressures.show", slug=slug, pressure=int(key))


def sides(inputs: Inputs) -> list[tuple[Family, str, list[dict[str, Any]]]]:
    """Return both families, each with its words and rows: beside one another, never as one number."""
    return [(family, words, lines(inputs, family)) for family, words in FAMILIES.items()]


def orders(inputs: Inputs) -> dict[str, Any]:
    """Return everybody's order of what presses beside one another, and in words who puts what first."""
    found = pressures.orders_now(g.viewer.company.id, now())
    by_key = {one.key: one for one in ordered(inputs.pressures, inputs.today)}
    names = {key: one.name for key, one in by_key.items()}
    first = put_first(list(by_key), {row.person_name: row.keys for row in found})
    mine: list[str] = next((row.keys for row in found if row.person_id == g.viewer.person.id), [])
    left = [key for key in mine if key in by_key]
    return {
        "names": names,
        "people": [row.person_name for row in found],
        "rows": compared(list(by_key), [row.keys for row in found]),
        "first": [f"{' and '.join(who)}: “{names[key]}”" for key, who in first.items()],
        "divided": len(first) > 1,
        "mine": left + [key for key in by_key if key not in left],
        "given": bool(mine),
    }


def _index(errors: dict[str, str] | None = None) -> str:
    company = g.viewer.company
    inputs = role_inputs.of_company(company, now())
    closed, closed_all = pressures.closed_ones(company.id, SHOWN)
    return render_template(
        "pressures/index.html",
        nav="people",
        sides=sides(inputs),
        sales=[_sale(row, inputs) for row in pressures.open_ones(company.id) if row.kind == BLOCKED_SALE],
        order=orders(inputs),
        closed=closed,
        closed_all=closed_all,
        closings=CLOSINGS,
        errors=errors or {},
        typed=request.form if errors else {},
    )


def _sale(row: PressureRow, inputs: Inputs) -> dict[str, Any]:
    waits = None if row.waiting_since is None else (inputs.today - row.waiting_since).days
    return {
        "deal": row.deal or row.name,
        "href": url_for("pressures.show", slug=g.viewer.company.slug, pressure=row.id),
        "value": money(row.deal_value, g.viewer.company.currency) or "not said",
        "waits": "not said" if waits is None else plural(waits, "day"),
    }


def _form(
    row: PressureRow | None = None, errors: dict[str, str] | None = None, *, closing: bool = False
) -> str:
    refused = bool(errors) and not closing
    return render_template(
        "pressures/show.html" if row else "pressures/new.html",
        nav="people",
        row=row,
        typed=request.form if refused else _as_typed(row) if row else {},
        errors=errors or {},
        refused=refused,
        closing=closing,
        closed_as=request.form if closing else {},
        told=_told(row) if row else [],
        consequence_words=CONSEQUENCES,
        **WORDS,
    )


def _as_typed(row: PressureRow) -> dict[str, Any]:
    """Return a kept pressure as its form shows it."""
    found = {name: getattr(row, name) for name in pressures.FIELDS}
    found["when"] = "now" if row.now else "open" if row.bites_on is None else "day"
    found |= {
        name: "" if getattr(row, name) is None else getattr(row, name) // unit() for name in pressures.MONEY
    }
    return {name: "" if value is None else value for name, value in found.items()}


def _told(row: PressureRow) -> list[tuple[str, str]]:
    """Return everything that is written down of a pressure, as pairs of words."""
    currency = g.viewer.company.currency
    day_words = day(row.bites_on) if row.bites_on else "Nobody knows a day"
    amounts = [money(getattr(row, name), currency) for name in pressures.MONEY[:3]]
    costs = [
        f"{words} {amount}"
        for words, amount in zip(("at least", "probably", "at most"), amounts, strict=True)
        if amount
    ]
    waits = f"{row.deal}{', ' if row.deal and row.deal_value else ''}{money(row.deal_value, currency)}"
    return [
        ("What presses", KIND_WORDS[row.kind]),
        ("What we stand to lose", row.loses),
        ("What follows if nothing is done", CONSEQUENCES[row.consequence]),
        ("How serious", LEVEL_WORDS[row.level]),
        ("Hurts from", "Already" if row.now else day_words),
        ("What shows it", row.evidence),
        ("What it could cost", ", ".join(costs)),
        ("Shapes our systems for", plural(row.shapes_years, "year") if row.shapes_years else ""),
        ("The sale", waits),
        ("Waits since", day(row.waiting_since) if row.waiting_since else ""),
        ("Who reported it", row.reported_by),
        ("What they gain by it", row.interest),
        ("Written down", f"{day(row.opened_at)}, {row.person.name}"),
    ]
