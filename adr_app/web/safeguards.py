"""Safeguards: which standards the company follows, what decisions do to their safeguards, what is covered."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from adr_app.domain.decisions import STATUS_NAMES, Status
from adr_app.domain.digest import printable
from adr_app.domain.documents.writers import csv_rows
from adr_app.domain.errors import Invalid
from adr_app.domain.frameworks import EFFECTS
from adr_app.domain.oscal import MOST_BYTES
from adr_app.domain.permissions import Act
from adr_app.models.decisions import Decision
from adr_app.services import controls, decision_rows, frameworks
from adr_app.services.controls import Listed
from adr_app.web.access import Answer, needs, now, takes

pages = Blueprint("safeguards", __name__, url_prefix="/<slug>")

SHOWN = {
    "supported": "Supported",
    "weakened": "Weakened",
    "changed": "Changed",
    "untouched": "Touched by no decision in force",
}
"""The parts of a coverage that its numbers lead to."""

MOST_ROWS = 200
MOST_NAMED = 12
"""How many safeguards one page lists, and how many decisions stand beside one of them there."""


@pages.get("/safeguards")
@needs(Act.READ)
def index(slug: str) -> str:
    """Show the standards: those that are followed with what is covered, and those that could be."""
    return _index_page()


@pages.post("/safeguards/follow")
@needs(Act.SET_POLICY)
def follow(slug: str) -> Answer:
    """Say that the company follows a standard."""
    frameworks.follow(g.viewer, request.form.get("framework", ""), at=now())
    flash("The company follows it. Decisions can name its safeguards now.", "success")
    return redirect(url_for("safeguards.index", slug=slug))


@pages.post("/safeguards/leave")
@needs(Act.SET_POLICY)
def leave(slug: str) -> Answer:
    """Say that the company no longer follows a standard."""
    frameworks.leave(g.viewer, request.form.get("framework", ""), at=now())
    flash("The company no longer follows it. What decisions say of its safeguards is kept.", "success")
    return redirect(url_for("safeguards.index", slug=slug))


@pages.post("/safeguards/load")
@needs(Act.LOAD_CATALOG)
@takes(MOST_BYTES + 65_536)
def load(slug: str) -> Answer:
    """Load a catalog in the OSCAL format."""
    sent = request.files.get("file")
    try:
        done = frameworks.load(g.viewer, sent.read() if sent else b"", at=now())
    except Invalid as refusal:
        return _index_page(refusal.fields), 422
    flash(f"{told(done)}", "success" if done.added or done.changed or done.lacking else "info")
    return redirect(url_for("safeguards.index", slug=slug))


@pages.get("/safeguards/of/<framework>")
@needs(Act.READ)
def coverage(slug: str, framework: str) -> str:
    """Show which safeguards of a standard decisions in force support, weaken, change or leave alone."""
    every = controls.coverage(g.viewer, framework)
    live = [one for one in every if not one.withdrawn or one.decisions]
    parts = {code: [one for one in live if _is(one, code)] for code in SHOWN}
    show, code = request.args.get("show", ""), printable(request.args.get("code", ""))
    rows = parts.get(show, live)
    if code:
        rows = [one for one in every if one.code == code]
    first = _first(len(rows))
    return render_template(
        "safeguards/coverage.html",
        nav="people",
        framework=framework,
        name=controls.name_of(g.viewer, framework),
        parts=[(code, words, len(parts[code])) for code, words in SHOWN.items()],
        show=show if show in SHOWN else "",
        code=code,
        total=len(live),
        rows=rows[first : first + MOST_ROWS],
        newer=_page(framework, show, first - MOST_ROWS) if first else "",
        older=_page(framework, show, first + MOST_ROWS) if first + MOST_ROWS < len(rows) else "",
        most=MOST_NAMED if not code else len(rows[0].decisions) if rows else 0,
        text=controls.text_of(g.viewer, framework, code) if code else "",
        effects=EFFECTS,
    )


@pages.get("/safeguards/of/<framework>.csv")
@needs(Act.READ)
def table(slug: str, framework: str) -> Response:
    """Send which safeguards of a standard are covered as one table for spreadsheets: every one of them."""
    every = controls.coverage(g.viewer, framework)
    lines = [csv_rows.line(COLUMNS)]
    for one in every:
        lines += [csv_rows.line(cells) for cells in _cells(one)]
    answer = Response("\ufeff" + "".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-safeguards.csv"'
    return answer


COLUMNS = ("Safeguard", "Label", "Coverage", "Decision", "Title", "What it does", "Status", "Decided on")
"""One row for each decision that touches a safeguard, and one for a safeguard that none touches."""


def _cells(one: Listed) -> list[tuple[str, ...]]:
    parts = [words for code, words in SHOWN.items() if _is(one, code)]
    head = (one.code, one.label, "Withdrawn" if one.withdrawn and not one.decisions else ", ".join(parts))
    return [
        (
            *(*head, decision.ref, decision.title, EFFECTS[effect], STATUS_NAMES[Status(decision.status)]),
            decision.decided_on.isoformat() if decision.decided_on else "",
        )
        for decision, effect in one.decisions
    ] or [(*head, "", "", "", "", "")]


@pages.get("/decisions/<ref:number>/safeguards")
@needs(Act.MAP_CONTROLS)
def choose(slug: str, number: int) -> str:
    """Show safeguards to choose from for a decision, by id or word."""
    decision = decision_rows.find(g.viewer, number)
    words = printable(request.args.get("q", ""))
    keys = frameworks.followed(g.viewer.company.id)
    return render_template(
        "safeguards/choose.html",
        nav="decisions",
        decision=decision,
        q=words,
        keys=keys,
        names={key: controls.name_of(g.viewer, key) for key in keys},
        found=controls.search(g.viewer, words),
        most=controls.MOST_FOUND,
        named=controls.of(decision, keys),
        effects=EFFECTS,
    )


@pages.post("/decisions/<ref:number>/safeguards/map")
@needs(Act.MAP_CONTROLS)
def map_to(slug: str, number: int) -> Answer:
    """Say what a decision does to a safeguard."""
    decision_rows.find(g.viewer, number)
    form = request.form
    effect = form.get("effect", "")
    one = controls.map_to(g.viewer, number, form.get("safeguard", ""), effect, at=now())
    flash(f"Noted: it {EFFECTS[effect]} {one.code}, {one.label}.", "success")
    return redirect(url_for("safeguards.choose", slug=slug, number=number))


@pages.post("/decisions/<ref:number>/safeguards/unmap")
@needs(Act.MAP_CONTROLS)
def unmap(slug: str, number: int) -> Answer:
    """Say that a decision has nothing to do with a safeguard after all."""
    controls.unmap(g.viewer, number, request.form.get("safeguard", ""), at=now())
    flash("It is no longer named.", "success")
    return redirect(url_for("safeguards.choose", slug=slug, number=number))


def named(decision: Decision) -> dict[str, Any]:
    """Return what the pages of a decision and its review show: nothing where no standard is followed."""
    keys = frameworks.followed(decision.company_id)
    return {
        "follows": bool(keys),
        "safeguards": [(one, EFFECTS[e]) for one, e in controls.of(decision, keys)],
    }


def told(done: frameworks.Loaded) -> str:
    """Return in a sentence what loading a catalog did."""
    if not (done.added or done.changed):
        return f"{done.title}: nothing is new, all {done.controls} safeguards were here."
    more = f", {done.changed} changed" if done.changed else ""
    gone = f" {done.lacking} that it no longer lists are kept as withdrawn." if done.lacking else ""
    return f"{done.title}: {done.controls} safeguards, {done.added} new{more}.{gone}"


def _is(one: Listed, part: str) -> bool:
    if part == "untouched":
        return one.untouched
    return one.in_force({"supported": "supports", "weakened": "weakens", "changed": "changes"}[part])


def _page(framework: str, show: str, first: int) -> str:
    kept: dict[str, Any] = {"from": max(first, 0)} | ({"show": show} if show in SHOWN else {})
    return url_for("safeguards.coverage", slug=g.viewer.company.slug, framework=framework, **kept)


def _first(count: int) -> int:
    """Return the place of a page's first row, as the address asks; anything else is the first page."""
    asked = request.args.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return first if first < count else 0


def _index_page(errors: dict[str, str] | None = None) -> str:
    standards = frameworks.standards(g.viewer)
    covered = []
    for one in standards:
        if one.followed:
            live = [row for row in controls.coverage(g.viewer, one.key) if not row.withdrawn or row.decisions]
            counts = {part: sum(_is(row, part) for row in live) for part in SHOWN}
            covered.append((one, len(live), counts))
    return render_template(
        "safeguards/index.html",
        nav="people",
        covered=covered,
        others=[one for one in standards if not one.followed],
        errors=errors or {},
        megabytes=MOST_BYTES // 1024 // 1024,
    )
